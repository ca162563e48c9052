import { describe, expect, it } from "@jest/globals";
import { DEFAULT_TIMERS } from "../transaction/machine.js";
import { startAcceptance, stepAcceptance } from "./acceptance.js";
import type { AcceptanceAction, AcceptanceState } from "./acceptance.js";
import type { Step } from "../transaction/machine.js";

const T = DEFAULT_TIMERS;
const names = (step: Step<AcceptanceState, AcceptanceAction>): string[] =>
  step.actions.map((one) => (one.type === "startTimer" ? `${one.timer} ${one.ms}` : one.type));

describe("2xx waiting for its ACK (RFC 3261 13.3.1.4)", () => {
  it("is repeated at T1 doubling to T2 and given up after 64·T1", () => {
    let step = startAcceptance(T, "repeated");
    expect(names(step)).toEqual(["resend 500", "giveUp 32000"]);
    const waits: string[] = [];
    for (let i = 0; i < 5; i++) {
      step = stepAcceptance(step.state, { type: "timerFired", timer: "resend" }, T);
      waits.push(...names(step));
    }
    const each = (ms: number): string[] => ["resend", `resend ${ms}`];
    expect(waits).toEqual([...each(1000), ...each(2000), ...each(4000), ...each(4000), ...each(4000)]);
    const end = stepAcceptance(step.state, { type: "timerFired", timer: "giveUp" }, T);
    expect(end.state.phase).toBe("abandoned");
    expect(names(end)).toEqual(["stopTimer", "abandon"]);
  });

  it("is not repeated when only waited for, and not looked after at all when unguarded", () => {
    expect(names(startAcceptance(T, "awaited"))).toEqual(["giveUp 32000"]);
    expect(names(startAcceptance(T, "unguarded"))).toEqual([]);
  });

  for (const type of ["ackReceived", "dialogEnded"] as const) {
    it(`stops for good on ${type}`, () => {
      const done = stepAcceptance(startAcceptance(T, "repeated").state, { type }, T);
      expect(names(done)).toEqual(["stopTimer", "stopTimer", "settle"]);
      expect(stepAcceptance(done.state, { type: "timerFired", timer: "resend" }, T).actions).toEqual([]);
      expect(stepAcceptance(done.state, { type: "ackReceived" }, T).actions).toEqual([]);
    });
  }
});
