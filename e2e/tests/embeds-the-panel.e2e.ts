// Somebody else's page hosts the call panel (/example/): its own buttons drive the call, and it is told what happens.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Agent } from "../src/agent.js";
import { hears } from "../src/hearing.js";
import { hearsMusic } from "../src/music.js";
import { Product } from "../src/product.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { PASSWORD, SUPPORT_NUMBER, TRUNK_PORT } from "../src/site.js";

const [CUSTOMER, ANNA] = [440, 700];

let product: Product;
let customer: RtpCustomer;
let agent: Agent;

const at = (testId: string) => agent.page.getByTestId(testId);
const told = (event: string, words: string) =>
  at("host-log").locator(`[data-event=${event}]`).filter({ hasText: words }).first().waitFor();
const events = () =>
  at("host-log")
    .locator("li")
    .evaluateAll((lines) => lines.map((line) => (line as HTMLElement).dataset["event"]).reverse());

beforeAll(async () => {
  product = await Product.start();
  customer = await RtpCustomer.create({ tone: CUSTOMER, sipPort: TRUNK_PORT });
  agent = await Agent.launch({ name: "anna", tone: ANNA });
  agent.page.setDefaultTimeout(15_000);
  await agent.page.goto(new URL("/example/", product.page).href);
}, 90_000);

afterAll(async () => {
  customer?.close();
  await agent?.close();
  await product?.stop();
}, 30_000);

describe("a page that hosts the call panel", () => {
  it("signs in in the panel, and takes calls by a button of its own", async () => {
    await at("sign-in-agent").fill("anna");
    await at("sign-in-password").fill(PASSWORD);
    await at("sign-in-submit").click();
    await told("signed-in", "Anna");
    await told("connection-changed", "ready");
    await at("host-available").click();
    await told("agent-state-changed", "available");
  }, 60_000);

  it("[HO-1] is told of the call by name and number, answers it, holds it: the customer hears music", async () => {
    const call = customer.dial(product.uri(SUPPORT_NUMBER));
    await told("call-offered", "+");
    expect(await at("host-customer").textContent()).not.toBe("No customer");
    await Promise.all([call.answered(), at("host-accept").click()]);
    await told("call-started", "+");
    await Promise.all([hears(customer, { tones: [ANNA] }), hears(agent, { tones: [CUSTOMER] })]);
    await at("host-hold").click();
    await told("call-changed", "connected → held");
    await hearsMusic(customer, [ANNA]);
    await at("phase").and(agent.page.locator("[data-phase=held]")).waitFor(); // the panel beside it shows the same
    await at("host-unhold").click();
    await told("call-changed", "held → connected");
    await hears(customer, { tones: [ANNA], withinMs: 10_000 });
  }, 60_000);

  it("is told of the end and of the wrap-up, each once and in order", async () => {
    await at("host-end").click();
    await told("wrap-up-opened", "");
    await at("wrap-up-submit").click();
    await told("wrap-up-closed", "");
    // The call is in the panel's list of the day as soon as it has ended, its wrap-up as soon as that is done.
    const entry = at("history-entry").filter({ hasText: "Answered" });
    await entry.filter({ hasText: "Resolved" }).waitFor();
    expect(await entry.count()).toBe(1);
    expect((await events()).filter((type) => type?.startsWith("call-") || type?.startsWith("wrap-up"))).toEqual([
      "call-offered",
      "call-started",
      "call-changed",
      "call-changed",
      "call-ended",
      "wrap-up-opened",
      "wrap-up-closed",
    ]);
    expect(agent.console.filter((line) => line.startsWith("uncaught") || line.includes("Content Security"))).toEqual(
      [],
    );
    await product.isEmpty();
  }, 30_000);
});
