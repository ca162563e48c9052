// A consult that a queue finds the agent for: chosen in the dialog and dialled by the browser, and asked through the API.
import { beforeEach, afterEach, describe, expect, it } from "@jest/globals";
import { waitFor } from "../src/clock.js";
import { DeskScene, ONE, TWO } from "../src/desk-scene.js";
import { hears } from "../src/hearing.js";
import { hearsMusic } from "../src/music.js";
import { CUSTOMER } from "../src/phone-scene.js";

const scene = DeskScene.forTests();
let interaction: string;
beforeEach(async () => {
  await scene.openOutsiders();
  await scene.connect();
  interaction = (await scene.one.desktop()).interaction!.id;
}, 30_000);
afterEach(() => scene.settle(), 30_000);

const consult = (target: object) => scene.one.command(interaction, { type: "consult", target });

describe("a consult to a queue", () => {
  it("[CO-14] lets agent 1 hear the queue's music until an agent answers, then the agent", async () => {
    expect(await consult({ kind: "queue", queue: "second" })).toEqual({ status: 200, code: null });
    await Promise.all([
      hearsMusic(scene.one.agent, [CUSTOMER, ONE, TWO]),
      hearsMusic(scene.customer, [CUSTOMER, ONE, TWO]),
    ]);
    await scene.two.agent.page.getByTestId("go-available").click(); // and is offered the consult at once, like a customer's call
    await scene.two.accept();
    await Promise.all([
      hears(scene.one.agent, { tones: [TWO], not: [CUSTOMER, ONE] }),
      hears(scene.two.agent, { tones: [ONE], not: [CUSTOMER, TWO] }),
      hearsMusic(scene.customer, [CUSTOMER, ONE, TWO]),
    ]);
    expect(await scene.one.command(interaction, { type: "back-to-customer" })).toEqual({ status: 200, code: null });
    await hears(scene.customer, { tones: [ONE], not: [TWO] });
    await scene.two.isInState("available");
    await scene.two.goIdle();
  }, 60_000);

  it("[DF-2] [DF-5] is chosen in the dialog, and goes on to the agent who answers by the page's Transfer", async () => {
    await scene.one.consultQueue("second");
    await scene.one.agent.page.locator('[data-testid="consult-card"][data-stage="queued"]').waitFor();
    await Promise.all([
      hearsMusic(scene.one.agent, [CUSTOMER, ONE, TWO]),
      hearsMusic(scene.customer, [CUSTOMER, ONE, TWO]),
    ]);
    await scene.two.agent.page.getByTestId("go-available").click();
    await scene.two.accept();
    await scene.one.mayPress("transfer");
    await hears(scene.one.agent, { tones: [TWO], not: [CUSTOMER, ONE] });
    await scene.one.press("transfer");
    await scene.isHandedOver();
  }, 60_000);

  it("[DF-6] [CO-14] is ended by the page while it waits, and the customer is back", async () => {
    await scene.one.consultQueue("second");
    await scene.one.agent.page.locator('[data-testid="consult-card"][data-stage="queued"]').waitFor();
    await scene.one.press("back-to-customer");
    await hears(scene.customer, { tones: [ONE] });
    await scene.one.isIn("connected");
  }, 40_000);

  it("[CO-14] [AG-3] is RONA for an agent who does not answer, and waits on", async () => {
    await consult({ kind: "entry-point", entryPoint: "second-line" });
    await scene.two.agent.page.getByTestId("go-available").click();
    await scene.two.see("accept");
    await scene.two.isInState("rona");
    expect((await scene.one.desktop()).interaction?.consult?.stage).toBe("queued");
    await scene.two.agent.page.getByTestId("go-available").click();
    await scene.two.accept();
    await scene.one.isTalkingWith("consult");
    expect(await scene.one.command(interaction, { type: "transfer" })).toEqual({ status: 200, code: null });
    await hears(scene.customer, { tones: [TWO], not: [ONE] });
    scene.customer.call.hangUp();
    await scene.two.wrapUp();
    await scene.two.goIdle();
  }, 60_000);

  it("[CO-14] can be cancelled at any time, and leaves nothing in the queue", async () => {
    await consult({ kind: "queue", queue: "second" });
    await waitFor(async () => {
      const stage = (await scene.one.desktop()).interaction?.consult?.stage;
      return stage === "queued" ? undefined : `stage ${stage}`;
    });
    expect(await scene.one.command(interaction, { type: "transfer" })).toEqual({
      status: 409,
      code: "target-not-answered",
    });
    expect(await scene.one.command(interaction, { type: "end-consult" })).toEqual({ status: 200, code: null });
    await hears(scene.customer, { tones: [ONE] });
    await scene.two.goAvailable(); // nobody is waiting
    await scene.two.goIdle();
  }, 40_000);

  it("[CO-12] ends when the customer hangs up while it waits", async () => {
    await consult({ kind: "queue", queue: "second" });
    scene.customer.call.hangUp();
    await scene.two.goAvailable();
    await scene.two.goIdle();
  }, 30_000);

  it("is refused for a queue that does not exist", async () => {
    expect(await consult({ kind: "queue", queue: "nowhere" })).toEqual({ status: 409, code: "target-not-reachable" });
    await hears(scene.customer, { tones: [ONE] });
  }, 30_000);
});
