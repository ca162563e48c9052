// The hold key of a telephone with one line, pressed before, during and after the ringing of a consult that the desktop asked for.
import { beforeAll, describe, expect, it } from "@jest/globals";
import { nowMs } from "../src/clock.js";
import { hears, heardNothingOf } from "../src/hearing.js";
import { hearsMusic } from "../src/music.js";
import { COLLEAGUE, CUSTOMER, OWNER, PhoneScene } from "../src/phone-scene.js";
import { learnMusic } from "../src/phone-site.js";
import { type KnownSounds, leakDbfs } from "../src/privacy.js";
import { PHONES_NUMBER, TRUNK_PORT } from "../src/site.js";
import { LEAKED_DBFS } from "../src/tones.js";

const scene = PhoneScene.forTests();
const ALL = [CUSTOMER, OWNER, COLLEAGUE];

/** Where a note of it is cut off, its click is louder than what may leak. */
let music: KnownSounds;
beforeAll(async () => {
  music = await learnMusic(scene.product, { number: PHONES_NUMBER, trunkPort: TRUNK_PORT });
}, 90_000);

const resume = () => scene.eva.command({ type: "resume" });

/** With whom the desktop says that the owner talks. */
const isActive = (side: string): Promise<void> =>
  scene.eva.until(({ interaction }) =>
    interaction?.consult?.active === side ? undefined : `with ${interaction?.consult?.active}, not ${side}`,
  );

async function agentsTalk(): Promise<void> {
  const { customer, eva, finn } = scene;
  await isActive("consult");
  await Promise.all([
    hears(eva.line, { tones: [COLLEAGUE], not: [CUSTOMER, OWNER] }),
    hears(finn.line, { tones: [OWNER], not: [CUSTOMER, COLLEAGUE] }),
    hearsMusic(customer, ALL),
  ]);
}

async function customerTalks(): Promise<void> {
  const { customer, eva, finn } = scene;
  await isActive("customer");
  await Promise.all([
    hears(eva.line, { tones: [CUSTOMER], not: [OWNER, COLLEAGUE] }),
    hears(customer, { tones: [OWNER], not: [CUSTOMER, COLLEAGUE] }),
    hearsMusic(finn.line, ALL),
  ]);
}

/** Both sides hear music, and the desktop says that only the telephone's key helps. */
async function bothAreHeld(): Promise<void> {
  const { customer, eva, finn } = scene;
  await isActive("none");
  await Promise.all([hearsMusic(customer, ALL), hearsMusic(finn.line, ALL)]);
  expect((await eva.desktop()).interaction?.controls["resume"]).toEqual({
    visible: true,
    enabled: false,
    reason: "held-at-phone",
  });
  expect(await resume()).toBe("held-at-phone");
  await isActive("none");
}

describe("the key of the owner's only line, in a consult that is answered", () => {
  it("[HO-2] [CO-3] [MX-1] holds agent 2, and un-held it is agent 2 again: the customer never hears the owner", async () => {
    await scene.connect();
    await scene.consult();
    await agentsTalk();
    const from = nowMs();
    await scene.eva.line.call.hold(true);
    await bothAreHeld();
    await scene.eva.line.call.hold(false);
    await agentsTalk();
    await heardNothingOf(scene.customer, [OWNER, COLLEAGUE], from, nowMs());
  }, 60_000);

  it("[HO-2] [CO-3] [MX-1] holds the customer whom the desktop's Resume brought back, and un-held it is the customer again", async () => {
    await scene.connect();
    await scene.consult();
    expect(await resume()).toBeNull();
    await customerTalks();
    const from = nowMs();
    await scene.eva.line.call.hold(true);
    await bothAreHeld();
    await scene.eva.line.call.hold(false);
    await customerTalks();
    const { finn } = scene;
    for (const tone of [OWNER, CUSTOMER])
      expect(leakDbfs(finn.line.rtp.recording, tone, { tones: [], known: music }, from, nowMs())).toBeLessThan(
        LEAKED_DBFS,
      );
    expect(await resume()).toBeNull();
    await agentsTalk();
  }, 60_000);
});

describe("the key of the owner's only line, before the consult is answered", () => {
  it("[HO-2] [CO-2] pressed before the desktop's Consult and again while it rings: the owner hears it ring, then agent 2", async () => {
    await scene.connect();
    const { customer, eva, finn } = scene;
    await eva.line.call.hold(true);
    await eva.isIn("held");
    expect(await scene.asksForFinn()).toBeNull();
    const ringing = await finn.line.rings();
    const sinceMs = nowMs();
    await eva.line.call.hold(false); // the test's phone would fail with anything but a 200
    await hears(eva.line, { tones: [425], not: [CUSTOMER], sinceMs });
    await hearsMusic(customer, ALL);
    ringing.answer();
    await eva.consultIs("answered");
    await agentsTalk();
    await heardNothingOf(customer, [OWNER, COLLEAGUE], sinceMs, nowMs());
  }, 60_000);

  it("[HO-2] [MX-1] still pressed when agent 2 answers: agent 2 hears music until it is pressed again", async () => {
    await scene.connect();
    const { customer, eva, finn } = scene;
    await eva.line.call.hold(true);
    await eva.isIn("held");
    await scene.consult();
    const from = nowMs();
    await bothAreHeld();
    await eva.line.call.hold(false);
    await agentsTalk();
    await heardNothingOf(customer, [OWNER, COLLEAGUE], from, nowMs());
    expect(await eva.command({ type: "back-to-customer" })).toBeNull();
    await finn.line.call.ended();
    await Promise.all([hears(customer, { tones: [OWNER] }), hears(eva.line, { tones: [CUSTOMER] })]);
  }, 60_000);

  it("[HO-2] [HO-5] pressed twice while it rings changes nothing for the customer", async () => {
    await scene.connect();
    const { customer, eva, finn } = scene;
    expect(await scene.asksForFinn()).toBeNull();
    const ringing = await finn.line.rings();
    const from = nowMs();
    await eva.line.call.hold(true);
    await eva.line.call.hold(false);
    await hearsMusic(customer, ALL);
    ringing.answer();
    await eva.consultIs("answered");
    await agentsTalk();
    await heardNothingOf(customer, [OWNER, COLLEAGUE], from, nowMs());
  }, 60_000);
});
