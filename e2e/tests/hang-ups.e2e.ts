// The customer hangs up in every state: the right wrap-ups, and nothing left in any process.
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { DeskScene, ONE } from "../src/desk-scene.js";
import { hears } from "../src/hearing.js";
import { CUSTOMER } from "../src/phone-scene.js";
import { SUPPORT_NUMBER } from "../src/site.js";

const scene = DeskScene.forTests();
beforeEach(() => scene.openOutsiders());

/** After each: no wrap-up for the one who was only consulted, and nothing of the call is left anywhere. */
afterEach(async () => {
  scene.customer.hangUp();
  await scene.isEmpty();
  await scene.two.hasNoWrapUp();
  await scene.two.isInState("idle");
}, 20_000);

async function consulting(): Promise<void> {
  await scene.connect();
  await scene.consult();
}

/** The owner wraps up, once, and is available again. */
async function ownerWrapsUp(): Promise<void> {
  await scene.one.wrapUp();
  expect((await scene.one.desktop()).wrapUps).toEqual([]);
  await scene.one.isInState("available");
  await scene.one.goIdle();
}

describe("the customer hangs up", () => {
  it("[QU-2] while offered: the station stops ringing, nobody wraps up", async () => {
    await scene.one.goAvailable();
    await scene.customer.dial(scene.product.uri(SUPPORT_NUMBER)).answered();
    await scene.one.see("accept");
    scene.customer.call.hangUp();
    await scene.one.isInState("available");
    await scene.one.agent.page.getByTestId("accept").waitFor({ state: "detached" });
    await scene.one.hasNoWrapUp();
    await scene.one.goIdle();
  }, 30_000);

  it("[WU-2] while connected: the owner wraps up", async () => {
    await scene.connect();
    scene.customer.call.hangUp();
    await ownerWrapsUp();
  }, 30_000);

  it("[WU-2] while held: the owner wraps up", async () => {
    await scene.connect();
    await scene.one.press("hold");
    await scene.one.isIn("held");
    scene.customer.call.hangUp();
    await ownerWrapsUp();
  }, 30_000);

  it("[CO-12] while the consulted agent's station rings: it stops, the owner wraps up", async () => {
    await scene.connect();
    await scene.one.consult("bo");
    await scene.two.see("accept");
    scene.customer.call.hangUp();
    await scene.two.agent.page.getByTestId("accept").waitFor({ state: "detached" });
    await ownerWrapsUp();
  }, 30_000);

  it("[CO-12] while consulting: agent 2 is removed without wrap-up", async () => {
    await consulting();
    scene.customer.call.hangUp();
    await scene.two.isIn("none");
    await ownerWrapsUp();
  }, 30_000);

  it("[CO-12] while agent 1 talks with the customer and agent 2 is held", async () => {
    await consulting();
    await scene.one.press("resume");
    await scene.one.isTalkingWith("customer");
    scene.customer.call.hangUp();
    await scene.two.isIn("none");
    await ownerWrapsUp();
  }, 30_000);

  it("[CF-4] in a conference: it ends for all, the owner alone wraps up", async () => {
    await consulting();
    await scene.one.press("conference");
    await Promise.all([scene.one.isIn("conference"), scene.two.isIn("conference")]);
    scene.customer.call.hangUp();
    await scene.two.isIn("none");
    await ownerWrapsUp();
  }, 30_000);
});

describe("the customer's phone", () => {
  it("[SG-4] may leave the offer to us: the audio is the same", async () => {
    await scene.one.goAvailable();
    await scene.customer.dial(scene.product.uri(SUPPORT_NUMBER), [], false).answered();
    await scene.one.accept();
    await Promise.all([hears(scene.customer, { tones: [ONE] }), hears(scene.one.agent, { tones: [CUSTOMER] })]);
    scene.customer.call.hangUp();
    await ownerWrapsUp();
  }, 30_000);
});

describe("someone else ends something", () => {
  it("[CO-7] [DF-7] agent 1 ends the consult: the interaction ends for all, agent 1 wraps up", async () => {
    await consulting();
    await scene.one.press("end-consult");
    expect(await scene.customer.call.ended()).toMatchObject({ by: "peer" });
    await scene.two.isIn("none");
    await ownerWrapsUp();
  }, 30_000);

  it("[CO-8] agent 1 cancels while agent 2's station rings: back to the customer", async () => {
    await scene.connect();
    await scene.one.consult("bo");
    await scene.two.see("accept");
    await scene.one.press("end-consult");
    await scene.one.isIn("connected");
    await scene.two.isIn("none");
    scene.customer.call.hangUp();
    await ownerWrapsUp();
  }, 30_000);

  it("[CO-9] agent 2 declines: back to the customer, who comes off hold", async () => {
    await scene.connect();
    await scene.one.consult("bo");
    await scene.two.decline();
    await scene.one.isIn("connected");
    scene.customer.call.hangUp();
    await ownerWrapsUp();
  }, 30_000);

  it("[CO-9] [AG-3] agent 2 does not answer: back to the customer, and no RONA for agent 2", async () => {
    await scene.connect();
    await scene.one.consult("bo");
    await scene.two.see("accept");
    await scene.one.isIn("connected");
    await scene.two.isInState("idle");
    scene.customer.call.hangUp();
    await ownerWrapsUp();
  }, 30_000);

  it("[CO-10] agent 2 leaves while held: agent 1 and the customer go on", async () => {
    await consulting();
    await scene.one.press("resume");
    await scene.one.isTalkingWith("customer");
    await scene.two.press("leave");
    await scene.one.isIn("connected");
    scene.customer.call.hangUp();
    await ownerWrapsUp();
  }, 30_000);

  it("[CF-2] agent 1 leaves the conference: agent 2 is the owner now, agent 1 wraps up", async () => {
    await consulting();
    await scene.one.press("conference");
    await scene.one.isIn("conference");
    await scene.one.press("leave");
    await scene.two.isIn("connected");
    await scene.one.see("wrap-up-dialog");
    scene.customer.call.hangUp();
    await scene.two.wrapUp();
    await scene.two.goIdle();
    await ownerWrapsUp();
  }, 30_000);

  it("[QU-1] [AG-1] an unanswered offer is RONA, and the contact waits on for the next agent", async () => {
    await scene.one.goAvailable();
    await scene.customer.dial(scene.product.uri(SUPPORT_NUMBER)).answered();
    await scene.one.see("accept");
    await scene.one.isInState("rona");
    await scene.two.agent.page.getByTestId("go-available").click(); // and is offered the waiting contact at once
    await scene.two.accept();
    await scene.two.isIn("connected");
    scene.customer.call.hangUp();
    await scene.two.wrapUp();
    await scene.one.goAvailable();
    for (const desk of [scene.one, scene.two]) await desk.goIdle();
  }, 40_000);
});
