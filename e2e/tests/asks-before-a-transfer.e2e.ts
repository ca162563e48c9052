// A site where a transfer is only carried out when the consulted agent's desktop has said yes.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { waitFor } from "../src/clock.js";
import { Desk } from "../src/desk.js";
import { hears } from "../src/hearing.js";
import { hearsMusic } from "../src/music.js";
import { COLLEAGUE, CUSTOMER, OUTSIDE, OWNER, PhoneScene, TO_OUTSIDE } from "../src/phone-scene.js";

let scene: PhoneScene;
let anna: Desk;
let interaction: string;

beforeAll(async () => {
  scene = await PhoneScene.open({ "transfer.accept": "ask" });
  anna = await Desk.open(scene.product, "anna", COLLEAGUE);
}, 90_000);

afterAll(async () => {
  await anna?.close();
  await scene?.close();
}, 30_000);

beforeEach(async () => {
  await scene.connect();
  interaction = (await scene.eva.desktop()).interaction!.id;
}, 30_000);

afterEach(() => scene.settle(), 30_000);

async function consultsAnna(): Promise<void> {
  expect(await scene.eva.command({ type: "consult", target: { kind: "agent", agent: "anna" } })).toBeNull();
  await anna.accept();
  await scene.eva.consultIs("answered");
}

/** Asks for the transfer; resolves when the owner's wrap-up is open and the other desktop is asked. */
async function asks(): Promise<{ readonly outcome: Promise<string | null> }> {
  const outcome = scene.eva.command({ type: "transfer" });
  await waitFor(async () => {
    const { interaction: call } = await anna.desktop();
    return call?.controls["accept-transfer"]?.enabled ? undefined : "anna is not asked";
  });
  expect((await scene.eva.desktop()).wrapUps).toHaveLength(1);
  await Promise.all([hearsMusic(scene.customer, [CUSTOMER, OWNER, COLLEAGUE]), hears(anna.agent, { tones: [OWNER] })]);
  return { outcome };
}

/** The consult as before. */
async function isRolledBack(): Promise<void> {
  await scene.eva.consultIs("answered");
  expect((await scene.eva.desktop()).wrapUps).toEqual([]);
  await Promise.all([
    hears(scene.eva.line, { tones: [COLLEAGUE] }),
    hearsMusic(scene.customer, [CUSTOMER, OWNER, COLLEAGUE]),
  ]);
}

describe("a transfer that the other desktop has to accept", () => {
  it("[CO-5] is carried out when it says yes, with the owner's wrap-up open from the request on", async () => {
    await consultsAnna();
    const { outcome } = await asks();
    expect(await anna.command(interaction, { type: "accept-transfer" })).toEqual({ status: 200, code: null });
    expect(await outcome).toBeNull();
    await Promise.all([
      hears(scene.customer, { tones: [COLLEAGUE], not: [OWNER] }),
      hears(anna.agent, { tones: [CUSTOMER], not: [OWNER] }),
    ]);
    expect((await scene.eva.desktop()).wrapUps).toHaveLength(1);
    scene.customer.call.hangUp();
    await anna.wrapUp();
  }, 60_000);

  it("[CO-5] is rolled back when it says no", async () => {
    await consultsAnna();
    const { outcome } = await asks();
    expect(await anna.command(interaction, { type: "decline-transfer" })).toEqual({ status: 200, code: null });
    expect(await outcome).toBe("transfer-declined");
    await isRolledBack();
    expect(await scene.eva.command({ type: "accept-transfer" })).toBe("not-in-this-phase");
  }, 60_000);

  it("[CO-5] is rolled back when it says nothing for 20 seconds", async () => {
    await consultsAnna();
    const { outcome } = await asks();
    expect(await outcome).toBe("transfer-declined");
    await isRolledBack();
  }, 90_000);

  it("[CO-5] [CO-4] is carried out at once for a number, which no desktop can be asked for", async () => {
    await scene.openCarrier();
    expect(await scene.eva.command({ type: "consult", target: TO_OUTSIDE })).toBeNull();
    (await scene.carrier.rings()).answer();
    await scene.eva.consultIs("answered");
    expect(await scene.eva.command({ type: "transfer" })).toBeNull();
    await hears(scene.customer, { tones: [OUTSIDE], not: [OWNER] });
    scene.carrier.hangUp();
    await scene.customer.call.ended();
  }, 60_000);
});
