// A consult with somebody outside, through a trunk: a carrier of the tests' own answers, or does not.
import { beforeEach, describe, expect, it } from "@jest/globals";
import { waitFor } from "../src/clock.js";
import { hears } from "../src/hearing.js";
import { hearsMusic } from "../src/music.js";
import { CUSTOMER, OUTSIDE, OUTSIDE_NUMBER, OWNER, PhoneScene, TO_OUTSIDE } from "../src/phone-scene.js";
import { header } from "../src/sip-text.js";

const scene = PhoneScene.forTests();
beforeEach(async () => {
  await scene.openCarrier();
  await scene.connect();
}, 30_000);

const consult = (target: object = TO_OUTSIDE) => scene.eva.command({ type: "consult", target });

async function consulted(): Promise<void> {
  expect(await consult()).toBeNull();
  (await scene.carrier.rings()).answer();
  await scene.eva.consultIs("answered");
}

describe("a consult to a number", () => {
  it("[CO-2] [CO-3] [DN-3] [TK-1] holds the customer, calls the number through the trunk, and each hears whom they should", async () => {
    expect(await consult({ kind: "number", number: "22 00 01 01" })).toBeNull();
    const call = await scene.carrier.rings();
    expect(call.invite.start).toMatch(/^INVITE sip:\+4722000101@127\.0\.0\.1:\d+ SIP/);
    expect(header(call.invite, "from")).toContain("sip:+4799999999@"); // the site lets the customer's number be shown
    expect(header(call.invite, "p-asserted-identity")).toContain("sip:+4780010000@");
    await hearsMusic(scene.customer, [CUSTOMER, OWNER, OUTSIDE]);
    call.answer();
    await Promise.all([
      hears(scene.eva.line, { tones: [OUTSIDE], not: [CUSTOMER, OWNER] }),
      hears(scene.carrier, { tones: [OWNER], not: [CUSTOMER, OUTSIDE] }),
      hearsMusic(scene.customer, [CUSTOMER, OWNER, OUTSIDE]),
    ]);
    expect(await scene.eva.command({ type: "resume" })).toBeNull();
    await Promise.all([
      hears(scene.customer, { tones: [OWNER] }),
      hearsMusic(scene.carrier, [CUSTOMER, OWNER, OUTSIDE]),
    ]);
    expect(await scene.eva.command({ type: "back-to-customer" })).toBeNull();
    await call.ended();
  }, 60_000);

  it("[DF-4] calls an expert by the work number, and shows the name", async () => {
    const experts = (await scene.eva.call("GET", "/api/directory/experts?search=field")).body;
    expect(experts).toMatchObject({ experts: [{ id: "nina", name: "Nina Dahl" }] });
    expect(await consult({ kind: "expert", expert: "nina" })).toBeNull();
    const call = await scene.carrier.rings();
    expect((await scene.eva.desktop()).interaction?.consult?.target).toMatchObject({
      kind: "outside",
      label: "Nina Dahl",
    });
    call.refuse(603, "Decline");
    await scene.eva.isIn("connected");
    expect(await consult({ kind: "expert", expert: "lars" })).toBe("target-not-reachable");
  }, 40_000);

  it.each([
    [486, "Busy Here"],
    [603, "Decline"],
    [480, "Temporarily Unavailable"],
    [404, "Not Found"],
    [503, "Service Unavailable"],
  ])(
    "[CO-9] is back with the customer when the number answers %d",
    async (status, reason) => {
      expect(await consult()).toBeNull();
      (await scene.carrier.rings()).refuse(status, reason);
      await scene.eva.isIn("connected");
      await hears(scene.customer, { tones: [OWNER] });
    },
    40_000,
  );

  it("[CO-9] is back with the customer when nobody answers", async () => {
    expect(await consult()).toBeNull();
    const call = await scene.carrier.rings();
    expect(await call.ended()).toMatchObject({ by: "peer", status: 487 });
    await scene.eva.isIn("connected");
    await hears(scene.customer, { tones: [OWNER] });
  }, 40_000);

  it("[CO-8] is cancelled while it rings", async () => {
    expect(await consult()).toBeNull();
    const call = await scene.carrier.rings();
    expect(await scene.eva.command({ type: "end-consult" })).toBeNull();
    expect(await call.ended()).toMatchObject({ by: "peer", status: 487 });
    await hears(scene.customer, { tones: [OWNER] });
  }, 40_000);

  it("[DN-4] [DN-2] is refused with the reason for a number that cannot be, and changes nothing", async () => {
    expect(await consult({ kind: "number", number: "12" })).toBe("number-not-possible");
    expect(await consult({ kind: "number", number: "+47123" })).toBe("number-not-possible");
    expect(await consult({ kind: "number", number: "+46 8 123 456" })).toBe("calling-not-allowed");
    expect(await consult({ kind: "number", number: "820 00 000" })).toBe("calling-not-allowed");
    await hears(scene.customer, { tones: [OWNER] });
  }, 40_000);

  it("[DN-5] sends what follows the number as telephone-events after the answer", async () => {
    expect(await consult({ kind: "number", number: `${OUTSIDE_NUMBER}:12:3#` })).toBeNull();
    const call = await scene.carrier.rings();
    expect(call.invite.start).toContain("sip:+4722000101@");
    call.answer();
    await waitFor(() => (scene.carrier.digits() === "123#" ? undefined : `heard ${scene.carrier.digits()}`));
    await hears(scene.eva.line, { tones: [OUTSIDE] });
    expect(await scene.eva.command({ type: "back-to-customer" })).toBeNull();
  }, 40_000);

  it("[CO-10] goes on with the customer when the number hangs up", async () => {
    await consulted();
    scene.carrier.call.hangUp();
    await scene.eva.isIn("connected");
    await hears(scene.customer, { tones: [OWNER] });
  }, 40_000);

  it("[CO-12] ends for all when the customer hangs up", async () => {
    await consulted();
    scene.customer.call.hangUp();
    await scene.carrier.call.ended();
    await scene.eva.line.call.ended();
  }, 40_000);
});

describe("a transfer to a number", () => {
  it("[CO-4] lets the customer and the number talk on, owned by nobody, until the customer hangs up", async () => {
    await consulted();
    expect(await scene.eva.command({ type: "transfer" })).toBeNull();
    await scene.eva.line.call.ended();
    await Promise.all([
      hears(scene.customer, { tones: [OUTSIDE], not: [OWNER] }),
      hears(scene.carrier, { tones: [CUSTOMER], not: [OWNER] }),
    ]);
    expect((await scene.eva.desktop()).interaction).toBeNull();
    scene.customer.call.hangUp();
    await scene.carrier.call.ended();
  }, 60_000);

  it("[CO-4] ends when the number hangs up", async () => {
    await consulted();
    expect(await scene.eva.command({ type: "transfer" })).toBeNull();
    await hears(scene.customer, { tones: [OUTSIDE] });
    scene.carrier.call.hangUp();
    await scene.customer.call.ended();
  }, 60_000);
});

describe("a conference with a number", () => {
  it("[CF-1] [CF-2] lets all hear each other, and the others talk on when the owner leaves", async () => {
    await consulted();
    expect(await scene.eva.command({ type: "conference" })).toBeNull();
    await Promise.all([
      hears(scene.customer, { tones: [OWNER, OUTSIDE] }),
      hears(scene.carrier, { tones: [OWNER, CUSTOMER] }),
      hears(scene.eva.line, { tones: [CUSTOMER, OUTSIDE] }),
    ]);
    expect(await scene.eva.command({ type: "leave" })).toBeNull();
    await scene.eva.line.call.ended();
    await Promise.all([
      hears(scene.customer, { tones: [OUTSIDE], not: [OWNER] }),
      hears(scene.carrier, { tones: [CUSTOMER], not: [OWNER] }),
    ]);
    scene.carrier.call.hangUp();
    await scene.customer.call.ended();
  }, 60_000);
});
