// Telephones of the makes in docs/phones.md, imitated: each holds, consults and transfers in its own way, and everybody hears whom they should.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { hears } from "../src/hearing.js";
import { hearsMusic } from "../src/music.js";
import { FAMILIES } from "../src/phone-families.js";
import { COLLEAGUE, CUSTOMER, FamilyScene, OWNER } from "../src/phone-families-scene.js";
import { statusOf } from "../src/sip-text.js";

let scene: FamilyScene;

beforeAll(async () => {
  scene = await FamilyScene.open();
}, 90_000);
afterAll(() => scene?.close(), 30_000);

describe.each(FAMILIES.map((habits) => [habits.make, habits] as const))("an agent at a %s", (_, habits) => {
  beforeAll(() => scene.takesSeat(habits), 30_000);
  afterAll(() => scene.leavesSeat(), 30_000);
  beforeEach(() => scene.connect(), 30_000);
  afterEach(() => scene.settle(), 30_000);

  it("[SG-2] [HO-2] [CO-2] [CO-4] [SG-3] takes a call, holds it, consults on line two and transfers", async () => {
    const { phone } = scene;
    await scene.ownerTalks();
    await phone.holds(phone.one);
    await scene.customerHearsMusic();
    await phone.resumes(phone.one);
    await scene.ownerTalks();
    await scene.consult();
    await scene.agentsTalk();

    const { answer, carrier } = await phone.transfers("2002");
    expect(statusOf(answer)).toBe(202);
    await scene.isTransferred();
    if (habits.hangsUp === "when accepted") return; // it is told nothing more
    expect(phone.notified(carrier)).toEqual(["100", "200"]);
    expect(phone.answeredBeforeBye(carrier)).toBe(true);
  }, 60_000);

  if (habits.conference === "mixes") {
    it("[CO-3] [CO-4] mixes by itself: the line that came off hold last is talked with, and nobody is bridged", async () => {
      const { customer, finn, phone } = scene;
      await scene.consult();
      await phone.conferences();
      await Promise.all([
        hears(phone.one, { tones: [CUSTOMER], not: [COLLEAGUE, OWNER] }),
        hears(customer, { tones: [OWNER], not: [COLLEAGUE] }),
        hearsMusic(finn.line, [CUSTOMER, OWNER, COLLEAGUE]),
      ]);
      await phone.transfers("2002"); // "transfer when the conference is hung up"
      await scene.isTransferred();
    }, 60_000);
  } else {
    it("[SG-2] [CO-6] [CF-1] [CF-2] makes a conference on the server, and leaves it by hanging up", async () => {
      const { phone } = scene;
      await scene.consult();
      await phone.conferences();
      await scene.allTalk(phone.three);
      expect((await scene.eva.desktop()).interaction).toMatchObject({ phase: "conference", role: "owner" });
      phone.three.hangUp();
      await scene.isTransferred();
    }, 60_000);
  }
});
