// A call that an agent asks for on the desktop rings the agent's own telephone with the request to answer by itself; no other call does.
import { describe, expect, it } from "@jest/globals";
import { hears } from "../src/hearing.js";
import { COLLEAGUE, OUTSIDE, OWNER, PhoneScene, TO_OUTSIDE } from "../src/phone-scene.js";
import type { SipCall } from "../src/sip-call.js";
import { header } from "../src/sip-text.js";

const scene = PhoneScene.forTests();

const place = async (target: object): Promise<void> => {
  expect((await scene.eva.call("POST", "/api/calls", { target })).code).toBeNull();
};

const asksToAnswer = ({ invite }: SipCall): boolean => {
  const says = [
    header(invite, "alert-info").includes("alert-autoanswer"),
    header(invite, "call-info").includes("answer-after=0"),
  ];
  expect(says[0]).toBe(says[1]);
  return says[0]!;
};

describe("a call that was asked for on the desktop", () => {
  it("[OB-1] [AG-2] to a number asks the agent's telephone to answer by itself", async () => {
    await scene.openCarrier();
    await place(TO_OUTSIDE);
    const own = await scene.eva.line.rings();
    expect(asksToAnswer(own)).toBe(true);
    own.answer();
    (await scene.carrier.rings()).answer();
    await Promise.all([hears(scene.eva.line, { tones: [OUTSIDE] }), hears(scene.carrier, { tones: [OWNER] })]);
  }, 40_000);

  it("[IN-1] [AG-2] to a colleague asks the caller's telephone, and not the colleague's", async () => {
    await place({ kind: "agent", agent: "finn" });
    const own = await scene.eva.line.rings();
    expect(asksToAnswer(own)).toBe(true);
    own.answer();
    const other = await scene.finn.line.rings();
    expect(asksToAnswer(other)).toBe(false);
    other.answer();
    await Promise.all([hears(scene.eva.line, { tones: [COLLEAGUE] }), hears(scene.finn.line, { tones: [OWNER] })]);
  }, 40_000);

  it("[AG-3] [QU-1] of a queue's customer, or a consult, it does not", async () => {
    await scene.connect();
    expect(asksToAnswer(scene.eva.line.call)).toBe(false);
    expect(await scene.asksForFinn()).toBeNull();
    expect(asksToAnswer(await scene.finn.line.rings())).toBe(false);
  }, 40_000);
});
