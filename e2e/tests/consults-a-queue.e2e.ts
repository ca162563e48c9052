// A consult that a queue finds the agent for: chosen in the dialog and dialled by the browser, and asked through the API.
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from "@jest/globals";
import { waitFor } from "../src/clock.js";
import { Desk } from "../src/desk.js";
import { hears } from "../src/hearing.js";
import { hearsMusic } from "../src/music.js";
import { Product } from "../src/product.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { SUPPORT_NUMBER, TRUNK_PORT } from "../src/site.js";

const [CUSTOMER, ONE, TWO] = [440, 700, 1000];

let product: Product;
let customer: RtpCustomer;
let one: Desk;
let two: Desk;
let interaction: string;

beforeAll(async () => {
  product = await Product.start();
  [one, two] = await Promise.all([Desk.open(product, "anna", ONE), Desk.open(product, "bo", TWO)]);
}, 90_000);

afterAll(async () => {
  await Promise.all([one?.close(), two?.close()]);
  await product?.stop();
}, 30_000);

beforeEach(async () => {
  customer = await RtpCustomer.create({ tone: CUSTOMER, sipPort: TRUNK_PORT });
  await one.goAvailable();
  await customer.dial(product.uri(SUPPORT_NUMBER)).answered();
  await one.accept();
  await one.isIn("connected");
  interaction = (await one.desktop()).interaction!.id;
}, 30_000);

afterEach(async () => {
  if (customer.call.state.phase === "up") customer.call.hangUp();
  await one.wrapUp();
  await one.call("POST", "/api/agent/state", { state: "idle", reason: "break" });
  customer.close();
  await product.isEmpty();
  expect(product.crashes).toEqual([]);
}, 30_000);

const consult = (target: object) => one.command(interaction, { type: "consult", target });

describe("a consult to a queue", () => {
  it("[CO-14] lets agent 1 hear the queue's music until an agent answers, then the agent", async () => {
    expect(await consult({ kind: "queue", queue: "second" })).toEqual({ status: 200, code: null });
    await Promise.all([hearsMusic(one.agent, [CUSTOMER, ONE, TWO]), hearsMusic(customer, [CUSTOMER, ONE, TWO])]);
    await two.agent.page.getByTestId("go-available").click(); // and is offered the consult at once, like a customer's call
    await two.accept();
    await Promise.all([
      hears(one.agent, { tones: [TWO], not: [CUSTOMER, ONE] }),
      hears(two.agent, { tones: [ONE], not: [CUSTOMER, TWO] }),
      hearsMusic(customer, [CUSTOMER, ONE, TWO]),
    ]);
    expect(await one.command(interaction, { type: "back-to-customer" })).toEqual({ status: 200, code: null });
    await hears(customer, { tones: [ONE], not: [TWO] });
    await two.isInState("available");
    await two.call("POST", "/api/agent/state", { state: "idle", reason: "break" });
  }, 60_000);

  it("[DF-2] [DF-5] is chosen in the dialog, and goes on to the agent who answers by the page's Transfer", async () => {
    await one.consultQueue("second");
    await one.agent.page.locator('[data-testid="consult-card"][data-stage="queued"]').waitFor();
    await Promise.all([hearsMusic(one.agent, [CUSTOMER, ONE, TWO]), hearsMusic(customer, [CUSTOMER, ONE, TWO])]);
    await two.agent.page.getByTestId("go-available").click();
    await two.accept();
    await one.mayPress("transfer");
    await hears(one.agent, { tones: [TWO], not: [CUSTOMER, ONE] });
    await one.press("transfer");
    await Promise.all([
      hears(customer, { tones: [TWO], not: [ONE] }),
      hears(two.agent, { tones: [CUSTOMER], not: [ONE, TWO] }),
    ]);
    customer.call.hangUp();
    await two.wrapUp();
    await two.call("POST", "/api/agent/state", { state: "idle", reason: "break" });
  }, 60_000);

  it("[DF-6] [CO-14] is ended by the page while it waits, and the customer is back", async () => {
    await one.consultQueue("second");
    await one.agent.page.locator('[data-testid="consult-card"][data-stage="queued"]').waitFor();
    await one.press("back-to-customer");
    await hears(customer, { tones: [ONE] });
    await one.isIn("connected");
  }, 40_000);

  it("[CO-14] [AG-3] is RONA for an agent who does not answer, and waits on", async () => {
    await consult({ kind: "entry-point", entryPoint: "second-line" });
    await two.agent.page.getByTestId("go-available").click();
    await two.see("accept");
    await two.isInState("rona");
    expect((await one.desktop()).interaction?.consult?.stage).toBe("queued");
    await two.agent.page.getByTestId("go-available").click();
    await two.accept();
    await one.isTalkingWith("consult");
    expect(await one.command(interaction, { type: "transfer" })).toEqual({ status: 200, code: null });
    await hears(customer, { tones: [TWO], not: [ONE] });
    customer.call.hangUp();
    await two.wrapUp();
    await two.call("POST", "/api/agent/state", { state: "idle", reason: "break" });
  }, 60_000);

  it("[CO-14] can be cancelled at any time, and leaves nothing in the queue", async () => {
    await consult({ kind: "queue", queue: "second" });
    await waitFor(async () => {
      const stage = (await one.desktop()).interaction?.consult?.stage;
      return stage === "queued" ? undefined : `stage ${stage}`;
    });
    expect(await one.command(interaction, { type: "transfer" })).toEqual({ status: 409, code: "target-not-answered" });
    expect(await one.command(interaction, { type: "end-consult" })).toEqual({ status: 200, code: null });
    await hears(customer, { tones: [ONE] });
    await two.goAvailable(); // nobody is waiting
    await two.call("POST", "/api/agent/state", { state: "idle", reason: "break" });
  }, 40_000);

  it("[CO-12] ends when the customer hangs up while it waits", async () => {
    await consult({ kind: "queue", queue: "second" });
    customer.call.hangUp();
    await two.goAvailable();
    await two.call("POST", "/api/agent/state", { state: "idle", reason: "break" });
  }, 30_000);

  it("is refused for a queue that does not exist", async () => {
    expect(await consult({ kind: "queue", queue: "nowhere" })).toEqual({ status: 409, code: "target-not-reachable" });
    await hears(customer, { tones: [ONE] });
  }, 30_000);
});
