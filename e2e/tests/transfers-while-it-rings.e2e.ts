// The transfer key pressed while the colleague's telephone still rings: REFER with Replaces that names a call without an answer, as the telephones of
// two makes send it unless they are told not to (docs/phones.md).
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { waitFor } from "../src/clock.js";
import { hears } from "../src/hearing.js";
import { FAMILIES } from "../src/phone-families.js";
import { COLLEAGUE, CUSTOMER, FamilyScene, OWNER } from "../src/phone-families-scene.js";
import { statusOf } from "../src/sip-text.js";

const RINGBACK = 425; // of the test site's country

let scene: FamilyScene;

beforeAll(async () => {
  scene = await FamilyScene.open();
}, 90_000);
afterAll(() => scene?.close(), 30_000);

const early = FAMILIES.filter(({ make }) => ["Yealink", "Poly"].includes(make));
describe.each(early.map((habits) => [habits.make, habits] as const))("a %s that transfers early", (_, habits) => {
  beforeAll(() => scene.takesSeat(habits), 30_000);
  afterAll(() => scene.leavesSeat(), 30_000);
  beforeEach(async () => {
    scene.phone.habits = habits;
    await scene.connect();
    await scene.finn.goAvailable();
  }, 30_000);
  afterEach(() => scene.settle(), 30_000);

  it("[SG-3] [BT-1] gives the customer to the colleague who answers, whose telephone rings once; the customer hears it ring", async () => {
    const { customer, finn, phone } = scene;
    const before = finn.line.trace.length;
    await phone.consults("2002");
    const ringing = await finn.line.rings();
    expect(statusOf(await phone.transfersRinging("2002"))).toBe(202);
    await hears(customer, { tones: [RINGBACK], not: [OWNER, COLLEAGUE, CUSTOMER] });
    expect(ringing.state.phase).toBe("ringing");
    ringing.answer();
    await scene.isTransferred();
    await Promise.all([phone.one.call.ended(), phone.two.call.ended()]);
    if (habits.hangsUp === "never") expect(phone.notified(phone.one.call)).toEqual(["100", "200"]);
    const invites = finn.line.trace
      .slice(before)
      .split("\n----\n")
      .filter((message) => /^< \S+\nINVITE /.test(message));
    expect(invites).toHaveLength(1);
  }, 40_000);

  it("[SG-3] [BT-1] has the customer back when the colleague declines", async () => {
    const { finn, phone } = scene;
    phone.habits = { ...habits, hangsUp: "never" };
    await phone.consults("2002");
    const ringing = await finn.line.rings();
    expect(statusOf(await phone.transfersRinging("2002"))).toBe(202);
    ringing.refuse(603, "Decline");
    await waitFor(() => (phone.notified(phone.one.call).length > 1 ? undefined : "no final NOTIFY yet"));
    expect(phone.notified(phone.one.call)).toEqual(["100", expect.stringMatching(/^[456]\d\d$/)]);
    expect(phone.one.call.state.phase).toBe("up");
    await phone.resumes(phone.one);
    await scene.ownerTalks();
    expect((await scene.eva.desktop()).wrapUps).toEqual([]);
  }, 40_000);
});
