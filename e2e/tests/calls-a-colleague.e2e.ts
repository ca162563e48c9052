// Calls inside the house: agents and registered telephones with each other, outside any interaction.
import { describe, expect, it } from "@jest/globals";
import { waitFor } from "../src/clock.js";
import { Desk } from "../src/desk.js";
import { hears } from "../src/hearing.js";
import { COLLEAGUE, OUTSIDE, OWNER, PhoneScene } from "../src/phone-scene.js";
import { header } from "../src/sip-text.js";

const scene = PhoneScene.forTests();

const bothTalk = () =>
  Promise.all([
    hears(scene.eva.line, { tones: [COLLEAGUE], not: [OWNER] }),
    hears(scene.finn.line, { tones: [OWNER], not: [COLLEAGUE] }),
  ]);

describe("a call to a colleague", () => {
  it("[IN-1] by extension: rings with ringback, both talk, and both are back in their former states", async () => {
    await scene.finn.goAvailable();
    const call = scene.eva.phone.dial("2002");
    const other = await scene.finn.line.rings();
    expect(header(other.invite, "from")).toContain('"Eva" <sip:2001@');
    await call.ringing();
    expect(call.statuses).toContain(183);
    await Promise.all([scene.eva.isInState("reserved"), scene.finn.isInState("reserved")]);
    expect((await scene.finn.desktop()).interaction).toMatchObject({ phase: "offered", customer: { name: "Eva" } });
    other.answer();
    await call.answered();
    await bothTalk();
    await Promise.all([scene.eva.isInState("engaged"), scene.finn.isInState("engaged")]);
    expect((await scene.eva.desktop()).interaction).toMatchObject({ phase: "connected", customer: { name: "Finn" } });
    call.hangUp();
    await other.ended();
    await Promise.all([scene.eva.isInState("idle"), scene.finn.isInState("available")]);
    expect([(await scene.eva.desktop()).wrapUps, (await scene.finn.desktop()).wrapUps]).toEqual([[], []]);
    await scene.finn.goIdle();
  }, 60_000);

  it("[IN-1] [HO-5] takes only the own audio out while a hold key is pressed, and passes keys on", async () => {
    const call = scene.eva.phone.dial("finn");
    (await scene.finn.line.rings()).answer();
    await call.answered();
    await bothTalk();
    await call.hold(true);
    await hears(scene.finn.line, { not: [OWNER] });
    await call.hold(false);
    await bothTalk();
    await scene.eva.line.rtp.sendDigits("5#");
    await waitFor(() => (scene.finn.line.digits().endsWith("5#") ? undefined : `heard ${scene.finn.line.digits()}`));
    scene.finn.line.call.hangUp();
    await call.ended();
  }, 60_000);

  it.each([
    [486, "Busy Here", 486],
    [603, "Decline", 603],
  ])(
    "[IN-1] says that the colleague said %d",
    async (status, reason, told) => {
      const call = scene.eva.phone.dial("2002");
      (await scene.finn.line.rings()).refuse(status, reason);
      expect(await call.ended()).toMatchObject({ by: "refused", status: told });
      await Promise.all([scene.eva.isInState("idle"), scene.finn.isInState("idle")]);
    },
    30_000,
  );

  it("[IN-1] is given up when nobody answers, and cancelled when the caller hangs up", async () => {
    const unanswered = scene.eva.phone.dial("2002");
    expect(await (await scene.finn.line.rings()).ended()).toMatchObject({ status: 487 });
    expect(await unanswered.ended()).toMatchObject({ by: "refused", status: 480 });
    const cancelled = scene.eva.phone.dial("2002");
    const ringing = await scene.finn.line.rings();
    await cancelled.ringing();
    cancelled.cancel();
    expect(await ringing.ended()).toMatchObject({ status: 487 });
    await scene.finn.isInState("idle"); // no RONA: no queue offered it
  }, 40_000);

  it("[IN-1] placed through the API calls the own phone first, and is hung up by the desktop's button", async () => {
    const target = { kind: "agent", agent: "finn" };
    expect((await scene.eva.call("POST", "/api/calls", { target })).code).toBeNull();
    (await scene.eva.line.rings()).answer();
    (await scene.finn.line.rings()).answer();
    await bothTalk();
    expect((await scene.eva.call("POST", "/api/calls", { target })).code).toBe("in-a-call");
    expect(await scene.eva.command({ type: "hold" })).toBe("not-in-this-phase");
    expect(await scene.eva.command({ type: "end" })).toBeNull();
    await Promise.all([scene.eva.line.call.ended(), scene.finn.line.call.ended()]);
  }, 40_000);

  it("[IN-1] cannot be transferred", async () => {
    const call = scene.eva.phone.dial("2002");
    (await scene.finn.line.rings()).answer();
    await call.answered();
    const answer = await call.exchange("REFER", "", "", [["Refer-To", `<${scene.product.uri("+4722000101")}>`]]);
    expect(answer.start).toContain("403");
    await bothTalk();
  }, 40_000);

  it("[IN-1] reaches nobody who is not there, and not oneself", async () => {
    expect(await scene.eva.phone.dial("bo").ended()).toMatchObject({ by: "refused", status: 480 });
    expect(await scene.eva.phone.dial("2001").ended()).toMatchObject({ by: "refused", status: 480 });
    await scene.eva.isInState("idle");
  }, 20_000);
});

describe("a telephone nobody is signed in at", () => {
  it("[IN-1] [TK-1] calls and is called inside the house, and does not call out", async () => {
    expect((await scene.finn.call("DELETE", "/api/session")).status).toBe(200);
    const call = scene.finn.phone.dial("2001");
    (await scene.eva.line.rings()).answer();
    await call.answered();
    await bothTalk();
    call.hangUp();
    await scene.eva.line.call.ended();
    const back = scene.eva.phone.dial("2002");
    (await scene.finn.line.rings()).answer();
    await back.answered();
    await bothTalk();
    back.hangUp();
    await scene.finn.line.call.ended();
    expect(await scene.finn.phone.dial("+4722000101").ended()).toMatchObject({ by: "refused", status: 403 });
    await scene.finn.signIn();
  }, 60_000);
});

describe("an agent at a browser", () => {
  it("[IN-1] is called by a phone, and answers with the page's own button", async () => {
    const anna = await Desk.open(scene.product, "anna", OUTSIDE);
    try {
      const call = scene.eva.phone.dial("anna");
      await anna.accept();
      await call.answered();
      await Promise.all([
        hears(scene.eva.line, { tones: [OUTSIDE], not: [OWNER] }),
        hears(anna.agent, { tones: [OWNER], not: [OUTSIDE] }),
      ]);
      call.hangUp();
      await anna.isInState("idle");
    } finally {
      await anna.close();
    }
  }, 60_000);
});
