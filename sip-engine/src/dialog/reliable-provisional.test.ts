import { describe, expect, it } from "@jest/globals";
import { DEFAULT_TIMERS } from "../transaction/machine.js";
import { startReliable, stepReliable } from "./reliable-provisional.js";

describe("reliable provisional response (RFC 3262 3)", () => {
  it("is repeated at T1 doubling without cap", () => {
    let step = startReliable(DEFAULT_TIMERS);
    const waits: number[] = [];
    for (let i = 0; i < 5; i++) {
      step = stepReliable(step.state, { type: "timerFired", timer: "resend" });
      for (const action of step.actions) if (action.type === "startTimer") waits.push(action.ms);
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000]);
  });

  it("is acknowledged once", () => {
    const done = stepReliable(startReliable(DEFAULT_TIMERS).state, { type: "prackReceived" });
    expect(done.actions.map(({ type }) => type)).toEqual(["stopTimer", "stopTimer", "acknowledged"]);
    expect(stepReliable(done.state, { type: "prackReceived" }).actions).toEqual([]);
  });

  it("is abandoned after 64·T1", () => {
    const end = stepReliable(startReliable(DEFAULT_TIMERS).state, { type: "timerFired", timer: "giveUp" });
    expect(end.actions.map(({ type }) => type)).toContain("abandon");
  });

  it("stops silently when the final response goes out", () => {
    const end = stepReliable(startReliable(DEFAULT_TIMERS).state, { type: "finalSent" });
    expect(end.actions.map(({ type }) => type)).toEqual(["stopTimer", "stopTimer"]);
  });
});
