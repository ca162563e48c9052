// A call of an agent's own to a number: dialled on the desk phone, or placed through the API, which calls the phone first.
import { beforeEach, describe, expect, it } from "@jest/globals";
import { waitFor } from "../src/clock.js";
import { hears } from "../src/hearing.js";
import { hearsMusic } from "../src/music.js";
import { openCustomer, OUTSIDE, OUTSIDE_NUMBER, OWNER, PhoneScene, TO_OUTSIDE } from "../src/phone-scene.js";
import { SITE_NUMBER } from "../src/site.js";
import { header } from "../src/sip-text.js";

const scene = PhoneScene.forTests();
beforeEach(() => scene.openCarrier());

const place = (target: object = TO_OUTSIDE) => scene.eva.call("POST", "/api/calls", { target });

describe("a number dialled on the agent's phone", () => {
  it("[OB-1] [DN-3] rings with early media, is answered with the number's answer, and both talk", async () => {
    const call = scene.eva.phone.dial("22000101");
    const outside = await scene.carrier.rings();
    expect(outside.invite.start).toContain(`sip:${OUTSIDE_NUMBER}@`);
    expect(header(outside.invite, "from")).toContain(`"Legwork" <sip:${SITE_NUMBER}@`);
    await call.ringing();
    expect(call.statuses).toContain(183);
    expect((await scene.eva.desktop()).interaction).toMatchObject({
      phase: "dialling",
      customer: { number: OUTSIDE_NUMBER },
    });
    await scene.eva.isInState("reserved");
    outside.answer();
    await call.answered();
    await Promise.all([
      hears(scene.eva.line, { tones: [OUTSIDE], not: [OWNER] }),
      hears(scene.carrier, { tones: [OWNER], not: [OUTSIDE] }),
    ]);
    await scene.eva.isInState("engaged");
    expect(await scene.eva.command({ type: "hold" })).toBeNull(); // an interaction like any other
    await hearsMusic(scene.carrier, [OWNER, OUTSIDE]);
    expect(await scene.eva.command({ type: "unhold" })).toBeNull();
    await hears(scene.carrier, { tones: [OWNER] });
    call.hangUp();
    await outside.ended();
    expect((await scene.eva.desktop()).wrapUps).toMatchObject([{ customer: { number: OUTSIDE_NUMBER } }]);
    await scene.eva.wrapUp();
    await scene.eva.isInState("idle");
  }, 60_000);

  it.each([
    [486, "Busy Here", 486],
    [603, "Decline", 603],
    [404, "Not Found", 480],
  ])(
    "[OB-1] says what the number says: %d %s is %d, and nobody wraps up",
    async (status, reason, told) => {
      const call = scene.eva.phone.dial(OUTSIDE_NUMBER);
      (await scene.carrier.rings()).refuse(status, reason);
      expect(await call.ended()).toMatchObject({ by: "refused", status: told });
      await scene.eva.isInState("idle");
      expect((await scene.eva.desktop()).wrapUps).toEqual([]);
    },
    40_000,
  );

  it("[OB-1] [SG-4] is hung up while it rings", async () => {
    const call = scene.eva.phone.dial(OUTSIDE_NUMBER);
    const outside = await scene.carrier.rings();
    await call.ringing();
    call.cancel();
    expect(await outside.ended()).toMatchObject({ by: "peer", status: 487 });
    await scene.eva.isInState("idle");
  }, 40_000);

  it("[OB-1] is given up when nobody answers", async () => {
    const call = scene.eva.phone.dial(OUTSIDE_NUMBER);
    const outside = await scene.carrier.rings();
    expect(await outside.ended()).toMatchObject({ by: "peer", status: 487 });
    expect(await call.ended()).toMatchObject({ by: "refused", status: 480 });
  }, 40_000);

  it("[TK-1] is refused where the site does not let it go, and when it is no number", async () => {
    expect(await scene.eva.phone.dial("004681234567").ended()).toMatchObject({ by: "refused", status: 403 });
    expect(await scene.eva.phone.dial("+47123").ended()).toMatchObject({ by: "refused", status: 404 });
    expect(await scene.eva.phone.dial("nobody").ended()).toMatchObject({ by: "refused", status: 404 });
    await scene.eva.isInState("idle");
  }, 40_000);

  it("[TK-1] never passes a call from a trunk on to a number", async () => {
    const stranger = await openCustomer();
    expect(await stranger.dial(scene.product.uri(OUTSIDE_NUMBER)).ended()).toMatchObject({
      by: "refused",
      status: 404,
    });
    stranger.close();
  }, 30_000);

  it("[OB-1] [AG-3] is possible while a wrap-up is open, which stays", async () => {
    scene.eva.phone.dial(OUTSIDE_NUMBER);
    (await scene.carrier.rings()).answer();
    await scene.eva.isIn("connected");
    scene.eva.line.call.hangUp();
    await scene.eva.isInState("wrap-up");
    await waitFor(() => (scene.carrier.call.state.phase === "ended" ? undefined : "the first call is up"));
    scene.eva.phone.dial(OUTSIDE_NUMBER);
    (await scene.carrier.rings()).refuse(486, "Busy Here");
    await scene.eva.line.call.ended();
    await scene.eva.isInState("wrap-up");
    await scene.eva.wrapUp();
    await scene.eva.isInState("idle");
  }, 40_000);
});

describe("a call placed through the API", () => {
  it("[OB-1] calls the agent's phone first, then the number", async () => {
    expect(await place()).toMatchObject({ status: 200, code: null });
    const own = await scene.eva.line.rings();
    expect(header(own.invite, "from")).toContain(OUTSIDE_NUMBER);
    own.answer();
    const outside = await scene.carrier.rings();
    outside.answer();
    await Promise.all([
      hears(scene.eva.line, { tones: [OUTSIDE], not: [OWNER] }),
      hears(scene.carrier, { tones: [OWNER], not: [OUTSIDE] }),
    ]);
    expect((await place()).code).toBe("in-a-call");
    outside.hangUp();
    await own.ended();
    await scene.eva.wrapUp();
  }, 60_000);

  it("[OB-1] is over when the agent does not pick up the phone, or hangs up while the number rings", async () => {
    await place();
    (await scene.eva.line.rings()).refuse(486, "Busy Here");
    await scene.eva.isInState("idle");
    await place();
    const own = await scene.eva.line.rings();
    own.answer();
    const outside = await scene.carrier.rings();
    own.hangUp();
    await outside.ended();
    await scene.eva.isInState("idle");
    expect((await scene.eva.desktop()).wrapUps).toEqual([]);
  }, 40_000);

  it("[DN-5] sends the digits after the answer", async () => {
    await place({ kind: "number", number: `${OUTSIDE_NUMBER}:42#` });
    (await scene.eva.line.rings()).answer();
    (await scene.carrier.rings()).answer();
    await waitFor(() => (scene.carrier.digits() === "42#" ? undefined : `heard ${scene.carrier.digits()}`));
    expect(await scene.eva.command({ type: "end" })).toBeNull();
    await scene.carrier.call.ended();
    await scene.eva.wrapUp();
  }, 40_000);

  it("[TK-1] [DN-4] is refused with a code", async () => {
    expect(await place({ kind: "number", number: "1" })).toMatchObject({ status: 400, code: "number-not-possible" });
    expect(await place({ kind: "number", number: "+46 8 123 45 67" })).toMatchObject({
      status: 403,
      code: "calling-not-allowed",
    });
    expect(await place({ kind: "expert", expert: "lars" })).toMatchObject({ code: "target-not-reachable" });
  });
});

describe("who may call out", () => {
  it("[TK-1] nobody at a phone that no agent is signed in at", async () => {
    expect((await scene.eva.call("DELETE", "/api/session")).status).toBe(200);
    expect(await scene.eva.phone.dial(OUTSIDE_NUMBER).ended()).toMatchObject({ by: "refused", status: 403 });
    await scene.eva.signIn();
  }, 30_000);
});
