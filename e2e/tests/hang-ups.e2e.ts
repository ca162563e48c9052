// The customer hangs up in every state: the right wrap-ups, and nothing left in any process.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { Desk } from "../src/desk.js";
import { hears } from "../src/hearing.js";
import { Product } from "../src/product.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { SUPPORT_NUMBER, TRUNK_PORT } from "../src/site.js";

let product: Product;
let customer: RtpCustomer;
let one: Desk;
let two: Desk;

beforeAll(async () => {
  product = await Product.start();
  [one, two] = await Promise.all([Desk.open(product, "anna", 700), Desk.open(product, "bo", 1000)]);
}, 90_000);

afterAll(async () => {
  await Promise.all([one?.close(), two?.close()]);
  await product?.stop();
}, 30_000);

beforeEach(async () => {
  customer = await RtpCustomer.create({ tone: 440, sipPort: TRUNK_PORT });
});

/** After each: no wrap-up for the one who was only consulted, and nothing of the call is left anywhere. */
afterEach(async () => {
  customer.close();
  await product.isEmpty();
  await two.hasNoWrapUp();
  await two.isInState("idle");
  expect(product.crashes).toEqual([]);
}, 20_000);

async function connected(): Promise<void> {
  await one.goAvailable();
  await customer.dial(product.uri(SUPPORT_NUMBER)).answered();
  await one.accept();
  await one.isIn("connected");
}

async function consulting(): Promise<void> {
  await connected();
  await one.consult("bo");
  await two.accept();
  await Promise.all([one.isTalkingWith("consult"), two.isIn("consulting")]);
  await one.mayPress("transfer"); // the page knows of the answer too: from here on ending the consult is no cancelling
}

/** The owner wraps up, once, and is available again. */
async function ownerWrapsUp(): Promise<void> {
  await one.wrapUp();
  expect((await one.desktop()).wrapUps).toEqual([]);
  await one.isInState("available");
  await one.call("POST", "/api/agent/state", { state: "idle", reason: "break" });
}

describe("the customer hangs up", () => {
  it("[QU-2] while offered: the station stops ringing, nobody wraps up", async () => {
    await one.goAvailable();
    await customer.dial(product.uri(SUPPORT_NUMBER)).answered();
    await one.see("accept");
    customer.call.hangUp();
    await one.isInState("available");
    await one.agent.page.getByTestId("accept").waitFor({ state: "detached" });
    await one.hasNoWrapUp();
    await one.call("POST", "/api/agent/state", { state: "idle", reason: "break" });
  }, 30_000);

  it("[WU-2] while connected: the owner wraps up", async () => {
    await connected();
    customer.call.hangUp();
    await ownerWrapsUp();
  }, 30_000);

  it("[WU-2] while held: the owner wraps up", async () => {
    await connected();
    await one.press("hold");
    await one.isIn("held");
    customer.call.hangUp();
    await ownerWrapsUp();
  }, 30_000);

  it("[CO-12] while the consulted agent's station rings: it stops, the owner wraps up", async () => {
    await connected();
    await one.consult("bo");
    await two.see("accept");
    customer.call.hangUp();
    await two.agent.page.getByTestId("accept").waitFor({ state: "detached" });
    await ownerWrapsUp();
  }, 30_000);

  it("[CO-12] while consulting: agent 2 is removed without wrap-up", async () => {
    await consulting();
    customer.call.hangUp();
    await two.isIn("none");
    await ownerWrapsUp();
  }, 30_000);

  it("[CO-12] while agent 1 talks with the customer and agent 2 is held", async () => {
    await consulting();
    await one.press("resume");
    await one.isTalkingWith("customer");
    customer.call.hangUp();
    await two.isIn("none");
    await ownerWrapsUp();
  }, 30_000);

  it("[CF-4] in a conference: it ends for all, the owner alone wraps up", async () => {
    await consulting();
    await one.press("conference");
    await Promise.all([one.isIn("conference"), two.isIn("conference")]);
    customer.call.hangUp();
    await two.isIn("none");
    await ownerWrapsUp();
  }, 30_000);
});

describe("the customer's phone", () => {
  it("[SG-4] may leave the offer to us: the audio is the same", async () => {
    await one.goAvailable();
    await customer.dial(product.uri(SUPPORT_NUMBER), [], false).answered();
    await one.accept();
    await Promise.all([hears(customer, { tones: [700] }), hears(one.agent, { tones: [440] })]);
    customer.call.hangUp();
    await ownerWrapsUp();
  }, 30_000);
});

describe("someone else ends something", () => {
  it("[CO-7] [DF-7] agent 1 ends the consult: the interaction ends for all, agent 1 wraps up", async () => {
    await consulting();
    await one.press("end-consult");
    expect(await customer.call.ended()).toMatchObject({ by: "peer" });
    await two.isIn("none");
    await ownerWrapsUp();
  }, 30_000);

  it("[CO-8] agent 1 cancels while agent 2's station rings: back to the customer", async () => {
    await connected();
    await one.consult("bo");
    await two.see("accept");
    await one.press("end-consult");
    await one.isIn("connected");
    await two.isIn("none");
    customer.call.hangUp();
    await ownerWrapsUp();
  }, 30_000);

  it("[CO-9] agent 2 declines: back to the customer, who comes off hold", async () => {
    await connected();
    await one.consult("bo");
    await two.decline();
    await one.isIn("connected");
    customer.call.hangUp();
    await ownerWrapsUp();
  }, 30_000);

  it("[CO-9] [AG-3] agent 2 does not answer: back to the customer, and no RONA for agent 2", async () => {
    await connected();
    await one.consult("bo");
    await two.see("accept");
    await one.isIn("connected");
    await two.isInState("idle");
    customer.call.hangUp();
    await ownerWrapsUp();
  }, 30_000);

  it("[CO-10] agent 2 leaves while held: agent 1 and the customer go on", async () => {
    await consulting();
    await one.press("resume");
    await one.isTalkingWith("customer");
    await two.press("leave");
    await one.isIn("connected");
    customer.call.hangUp();
    await ownerWrapsUp();
  }, 30_000);

  it("[CF-2] agent 1 leaves the conference: agent 2 is the owner now, agent 1 wraps up", async () => {
    await consulting();
    await one.press("conference");
    await one.isIn("conference");
    await one.press("leave");
    await two.isIn("connected");
    await one.see("wrap-up-dialog");
    customer.call.hangUp();
    await two.wrapUp();
    await two.call("POST", "/api/agent/state", { state: "idle", reason: "break" });
    await ownerWrapsUp();
  }, 30_000);

  it("[QU-1] [AG-1] an unanswered offer is RONA, and the contact waits on for the next agent", async () => {
    await one.goAvailable();
    await customer.dial(product.uri(SUPPORT_NUMBER)).answered();
    await one.see("accept");
    await one.isInState("rona");
    await two.agent.page.getByTestId("go-available").click(); // and is offered the waiting contact at once
    await two.accept();
    await two.isIn("connected");
    customer.call.hangUp();
    await two.wrapUp();
    await one.goAvailable();
    for (const desk of [one, two]) await desk.call("POST", "/api/agent/state", { state: "idle", reason: "break" });
  }, 40_000);
});
