// What a site may choose, in each position: how a consult ends, how the customer comes back, and the countdown of wrap-ups.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { nowMs, waitFor } from "../src/clock.js";
import { Desk } from "../src/desk.js";
import { hears } from "../src/hearing.js";
import { hearsMusic } from "../src/music.js";
import { COLLEAGUE, CUSTOMER, OWNER, PhoneScene } from "../src/phone-scene.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { SUPPORT_NUMBER, TRUNK_PORT } from "../src/site.js";

const AUTO_S = 4;

let scene: PhoneScene;

function site(policy: Readonly<Record<string, unknown>>): void {
  beforeAll(async () => {
    scene = await PhoneScene.open(policy);
  }, 90_000);
  afterAll(() => scene?.close(), 30_000);
}

const command = (type: string) => scene.eva.command({ type });

/** The owner has the customer alone, who is held or not, and the consulted agent is gone without wrap-up. */
async function isBack(held: "held" | "connected"): Promise<void> {
  const { customer, eva, finn } = scene;
  await eva.isIn(held);
  if (held === "held") await hearsMusic(customer, [CUSTOMER, OWNER, COLLEAGUE]);
  else await hears(customer, { tones: [OWNER], not: [COLLEAGUE] });
  await finn.isInState("idle");
  expect((await finn.desktop()).wrapUps).toEqual([]);
  expect((await eva.desktop()).wrapUps).toEqual([]);
}

async function isOver(): Promise<void> {
  const { customer, eva, finn } = scene;
  expect(await customer.call.ended()).toMatchObject({ by: "peer" });
  await Promise.all([eva.line.call.ended(), finn.line.call.ended()]);
  expect((await eva.desktop()).wrapUps).toHaveLength(1);
  expect((await finn.desktop()).wrapUps).toEqual([]);
}

describe("a site as it comes", () => {
  site({ "wrap-up.auto.seconds": AUTO_S });

  /** Wrap-ups submit themselves here: waits until they have. */
  afterEach(async () => {
    const { customer, eva, finn, product } = scene;
    customer.hangUp();
    for (const each of [eva, finn]) {
      await waitFor(async () => {
        const { agent, wrapUps } = await each.desktop();
        const rests = !["reserved", "engaged", "wrap-up"].includes(agent.state.kind) && wrapUps.length === 0;
        return rests ? undefined : `${agent.state.kind}, ${wrapUps.length} wrap-ups`;
      });
      await each.goIdle();
    }
    await product.isEmpty();
    customer.close();
  }, 30_000);

  it("[CO-7] ends the interaction for all with End consult", async () => {
    await scene.connect();
    await scene.consult();
    expect(await command("end-consult")).toBeNull();
    await isOver();
  }, 40_000);

  it("[CO-9] takes the customer off hold at once when agent 2 leaves", async () => {
    await scene.connect();
    await scene.consult();
    scene.finn.line.call.hangUp();
    await isBack("connected");
  }, 40_000);

  it("[WU-1] submits the default reason by itself when nobody is at the desktop, and the agent is Available again", async () => {
    await scene.connect();
    const { customer, eva, product } = scene;
    customer.call.hangUp();
    await eva.isInState("wrap-up");
    const opened = nowMs();
    const { autoAt } = (await eva.desktop()).wrapUps[0] as unknown as { autoAt: string };
    expect(Math.abs(Date.parse(autoAt) - Date.now() - AUTO_S * 1_000)).toBeLessThan(2_000);
    await eva.isInState("available"); // nothing but this question has come from the desktop since
    expect(nowMs() - opened).toBeGreaterThan((AUTO_S - 1) * 1_000);
    expect(product.logs(2_000)).toMatch(/"reason":"resolved","by":"server","msg":"wrap-up submitted"/);
  }, 40_000);

  it("[WU-1] runs the countdown with the browser closed", async () => {
    const { product } = scene;
    const anna = await Desk.open(product, "anna", OWNER);
    try {
      await anna.goAvailable();
      scene.customer = await RtpCustomer.create({ tone: CUSTOMER, sipPort: TRUNK_PORT });
      await scene.customer.dial(product.uri(SUPPORT_NUMBER)).answered();
      await anna.accept();
      await anna.isIn("connected");
      scene.customer.call.hangUp();
      await anna.see("wrap-up-dialog");
    } finally {
      await anna.close();
    }
    expect((await product.dump()).wrapUps).toMatchObject([{ agent: "anna" }]);
    await waitFor(async () => ((await product.dump()).wrapUps.length === 0 ? undefined : "the wrap-up is open still"));
  }, 60_000);

  it("[WU-1] leaves the wrap-up open when the agent stops the countdown", async () => {
    await scene.connect();
    const { customer, eva } = scene;
    customer.call.hangUp();
    await eva.isInState("wrap-up");
    const { id } = (await eva.desktop()).wrapUps[0]!;
    const stopped = nowMs();
    expect(await eva.call("DELETE", `/api/wrap-ups/${id}/auto`)).toMatchObject({ status: 200 });
    expect((await eva.desktop()).wrapUps).toMatchObject([{ id, autoAt: null }]);
    await staysOpenFor(stopped, (AUTO_S + 1) * 1_000);
    expect((await eva.desktop()).wrapUps).toMatchObject([{ id, autoAt: null }]);
    await eva.wrapUp();
    expect(await eva.call("DELETE", `/api/wrap-ups/${id}/auto`)).toMatchObject({ status: 404 });
  }, 40_000);

  /** The wrap-up stays open all this time. */
  const staysOpenFor = (from: number, ms: number): Promise<void> =>
    waitFor(async () => {
      if ((await scene.eva.desktop()).wrapUps.length !== 1) throw new Error("the wrap-up was submitted");
      return nowMs() > from + ms ? undefined : "not long enough";
    });
});

describe("a site that lets the agent decide", () => {
  site({
    "consult.end": "back-to-customer",
    "consult.return": "stay-held",
    "wrap-up.auto.seconds": 0,
    "wrap-up.auto.cancel": false,
  });
  afterEach(() => scene.settle(), 30_000);

  it("[CO-7] [CO-9] ends only the consult with End consult, and the customer stays held until the agent says so", async () => {
    await scene.connect();
    await scene.consult();
    expect(await command("end-consult")).toBeNull();
    await scene.finn.line.call.ended();
    await isBack("held");
    expect(await command("unhold")).toBeNull();
    await isBack("connected");
  }, 40_000);

  it("[CO-8] [CO-9] keeps the customer held when the consult is cancelled, declined, or busy", async () => {
    await scene.connect();
    const { eva, finn } = scene;
    const outcomes: [string, () => Promise<void>][] = [
      ["cancelled", async () => expect(await command("end-consult")).toBeNull()],
      ["declined", async () => finn.line.call.refuse(603, "Decline")],
      ["busy", async () => finn.line.call.refuse(486, "Busy Here")],
    ];
    for (const [, happens] of outcomes) {
      expect(await scene.asksForFinn()).toBeNull();
      await finn.line.rings();
      await happens();
      await eva.isIn("held");
    }
    await isBack("held");
    expect(await command("unhold")).toBeNull();
    await isBack("connected");
  }, 40_000);

  it("[CO-9] [CO-10] says held of nobody who is not: agent 2 leaves while the owner talks with the customer", async () => {
    await scene.connect();
    await scene.consult();
    expect(await command("resume")).toBeNull();
    await hears(scene.customer, { tones: [OWNER] });
    scene.finn.line.call.hangUp();
    await isBack("connected");
  }, 40_000);

  it("[CO-7] ends the interaction all the same when the owner hangs up altogether", async () => {
    await scene.connect();
    await scene.consult();
    scene.eva.line.call.hangUp();
    await isOver();
  }, 40_000);

  it("[WU-1] has no countdown where the site wants none, and none to stop where the agent may not", async () => {
    await scene.connect();
    const { customer, eva } = scene;
    customer.call.hangUp();
    await eva.isInState("wrap-up");
    const { wrapUps } = await eva.desktop();
    expect(wrapUps).toMatchObject([{ autoAt: null }]);
    expect(await eva.call("DELETE", `/api/wrap-ups/${wrapUps[0]!.id}/auto`)).toMatchObject({
      status: 403,
      code: "forbidden",
    });
  }, 40_000);
});
