// Blind transfers: by the desktop's command and by the phone's own key, to whoever can be called, answered and not.
import { beforeEach, describe, expect, it } from "@jest/globals";
import { waitFor } from "../src/clock.js";
import { hears } from "../src/hearing.js";
import { COLLEAGUE, CUSTOMER, OUTSIDE, OUTSIDE_NUMBER, OWNER, PhoneScene, TO_OUTSIDE } from "../src/phone-scene.js";
import { header, type SipText } from "../src/sip-text.js";

const scene = PhoneScene.forTests();
beforeEach(async () => {
  await scene.openCarrier();
  await scene.connect();
}, 30_000);

const transfer = (target: object) => scene.eva.command({ type: "blind-transfer", target });

/** The phone's transfer key; resolves with the answer to the REFER. */
const refer = (user: string): Promise<SipText> =>
  scene.eva.line.call.exchange("REFER", "", "", [
    ["Refer-To", `<${user.startsWith("tel:") ? user : scene.product.uri(user)}>`],
  ]);

/** The customer is with the owner as before. */
async function isBack(): Promise<void> {
  await scene.eva.isIn("connected");
  await Promise.all([hears(scene.customer, { tones: [OWNER] }), hears(scene.eva.line, { tones: [CUSTOMER] })]);
  expect((await scene.eva.desktop()).wrapUps).toEqual([]);
}

describe("a blind transfer by command", () => {
  it("[BT-1] goes to an Available agent on the answer, who owns the customer then", async () => {
    await scene.finn.goAvailable();
    expect(await transfer({ kind: "agent", agent: "finn" })).toBeNull();
    const call = await scene.finn.line.rings();
    expect((await scene.eva.desktop()).wrapUps).toHaveLength(1); // open already
    call.answer();
    await scene.eva.line.call.ended();
    await Promise.all([
      hears(scene.customer, { tones: [COLLEAGUE], not: [OWNER] }),
      hears(scene.finn.line, { tones: [CUSTOMER], not: [OWNER] }),
    ]);
    expect((await scene.finn.desktop()).interaction).toMatchObject({ role: "owner", phase: "connected" });
    scene.customer.call.hangUp();
    await scene.finn.wrapUp();
  }, 60_000);

  it("[BT-1] [DF-3] is refused for an agent who is not Available, though one could be consulted", async () => {
    expect(await transfer({ kind: "agent", agent: "finn" })).toBe("target-not-reachable");
    expect(await transfer({ kind: "agent", agent: "bo" })).toBe("target-not-reachable");
    expect(await transfer({ kind: "agent", agent: "eva" })).toBe("target-not-reachable");
    await isBack();
  }, 40_000);

  it("[BT-1] returns the customer to the owner when the agent declines, and withdraws the wrap-up", async () => {
    await scene.finn.goAvailable();
    await transfer({ kind: "agent", agent: "finn" });
    (await scene.finn.line.rings()).refuse(603, "Decline");
    await isBack();
    await scene.finn.isInState("available"); // not RONA: nobody offered it a queue's call
  }, 40_000);

  it("[BT-1] waits in the queue of an entry point, and goes to whoever the queue finds", async () => {
    expect(await transfer({ kind: "entry-point", entryPoint: "phones-line" })).toBeNull();
    await scene.eva.line.call.ended();
    await scene.finn.call("POST", "/api/agent/state", { state: "available" }); // and is offered the customer at once
    (await scene.finn.line.rings()).answer();
    await hears(scene.customer, { tones: [COLLEAGUE] });
    scene.customer.call.hangUp();
    await scene.finn.wrapUp();
  }, 60_000);

  it("[BT-1] [CO-4] goes to a number on its answer, owned by nobody, with the customer's number shown", async () => {
    expect(await transfer(TO_OUTSIDE)).toBeNull();
    const call = await scene.carrier.rings();
    expect(header(call.invite, "from")).toContain("sip:+4799999999@");
    call.answer();
    await scene.eva.line.call.ended();
    await Promise.all([
      hears(scene.customer, { tones: [OUTSIDE], not: [OWNER] }),
      hears(scene.carrier, { tones: [CUSTOMER], not: [OWNER] }),
    ]);
    call.hangUp();
    await scene.customer.call.ended();
  }, 60_000);

  it.each([
    [486, "Busy Here"],
    [404, "Not Found"],
  ])(
    "[BT-1] returns the customer to the owner when the number answers %d",
    async (status, reason) => {
      await transfer(TO_OUTSIDE);
      (await scene.carrier.rings()).refuse(status, reason);
      await isBack();
    },
    40_000,
  );

  it("[BT-1] returns the customer to the owner when nobody answers, or the owner takes it back", async () => {
    await transfer(TO_OUTSIDE);
    expect(await (await scene.carrier.rings()).ended()).toMatchObject({ status: 487 });
    await isBack();
    await transfer(TO_OUTSIDE);
    const call = await scene.carrier.rings();
    expect(await scene.eva.command({ type: "back-to-customer" })).toBeNull();
    await call.ended();
    await isBack();
  }, 60_000);

  it("[BT-1] ends when the customer hangs up while it rings", async () => {
    await transfer(TO_OUTSIDE);
    const call = await scene.carrier.rings();
    scene.customer.call.hangUp();
    expect(await call.ended()).toMatchObject({ status: 487 });
    await scene.eva.line.call.ended();
  }, 40_000);
});

describe("a blind transfer by the phone's own key", () => {
  const notifies = () => scene.eva.line.call.requests.filter((method) => method === "NOTIFY").length;

  it.each([OUTSIDE_NUMBER, "tel:+47-22-00-01-01"])(
    "[BT-1] [SG-3] by REFER to %s: 202, two NOTIFYs, then BYE",
    async (to) => {
      expect((await refer(to)).start).toContain("202");
      (await scene.carrier.rings()).answer();
      await scene.eva.line.call.ended();
      expect(scene.eva.line.call.requests).toEqual(["NOTIFY", "NOTIFY", "BYE"]);
      await hears(scene.customer, { tones: [OUTSIDE] });
    },
    60_000,
  );

  it("[BT-1] [SG-2] by REFER to an extension", async () => {
    await scene.finn.goAvailable();
    expect((await refer("2002")).start).toContain("202");
    (await scene.finn.line.rings()).answer();
    await scene.eva.line.call.ended();
    await hears(scene.customer, { tones: [COLLEAGUE] });
    scene.customer.call.hangUp();
    await scene.finn.wrapUp();
  }, 60_000);

  it("[BT-1] [SG-3] is told when it failed, and has the customer back", async () => {
    expect((await refer(OUTSIDE_NUMBER)).start).toContain("202");
    (await scene.carrier.rings()).refuse(486, "Busy Here");
    await isBack();
    await waitFor(() => (notifies() === 2 ? undefined : `${notifies()} NOTIFYs`));
  }, 40_000);

  it("[BT-1] [SG-5] is refused for what does not exist", async () => {
    expect((await refer("nobody")).start).toContain("404");
    expect((await refer("12")).start).toContain("404");
    expect((await refer("+46812345678")).start).toContain("403");
    expect((await refer("2002")).start).toContain("480"); // not Available
    await isBack();
  }, 40_000);

  it("[BT-1] is not given up when the phone hangs up at once", async () => {
    expect((await refer(OUTSIDE_NUMBER)).start).toContain("202");
    const call = await scene.carrier.rings();
    scene.eva.line.call.hangUp();
    call.answer();
    await Promise.all([hears(scene.customer, { tones: [OUTSIDE] }), hears(scene.carrier, { tones: [CUSTOMER] })]);
  }, 40_000);

  it("[CO-11] is refused for the customer and for a consulted agent", async () => {
    const customers = await scene.customer.call.exchange("REFER", "", "", [
      ["Refer-To", `<${scene.product.uri(OUTSIDE_NUMBER)}>`],
    ]);
    expect(customers.start).toContain("403");
    await scene.finn.goAvailable();
    expect(await scene.eva.command({ type: "consult", target: { kind: "agent", agent: "finn" } })).toBeNull();
    (await scene.finn.line.rings()).answer();
    await scene.eva.consultIs("answered");
    const consulted = await scene.finn.line.call.exchange("REFER", "", "", [
      ["Refer-To", `<${scene.product.uri(OUTSIDE_NUMBER)}>`],
    ]);
    expect(consulted.start).toContain("403");
    await hears(scene.eva.line, { tones: [COLLEAGUE] });
  }, 40_000);
});
