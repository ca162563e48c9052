import { describe, expect, it } from "@jest/globals";
import { meanOpinionScore, type QualitySample, qualityBetween } from "./quality.js";

const START: QualitySample = {
  packetsReceived: 0,
  packetsLost: 0,
  jitter: 0,
  roundTripTime: 0.02,
  fractionLost: 0,
  codec: "opus",
};
const after = (changes: Partial<QualitySample>) =>
  qualityBetween(START, { ...START, packetsReceived: 100, ...changes });
const score = (lossPercent: number, roundTripMs = 0, jitterMs = 0) =>
  meanOpinionScore({ lossPercent, roundTripMs, jitterMs });

describe("the quality of a call", () => {
  it("is about 4.4 with nothing wrong, the most that G.107 gives", () => {
    expect(score(0)).toBeGreaterThan(4.35);
    expect(score(0)).toBeLessThan(4.42);
  });

  it("falls with loss, delay and jitter, and never below 1", () => {
    for (const scores of [
      [0, 1, 5, 20, 60, 100].map((loss) => score(loss)),
      [0, 100, 300, 600, 1500, 5000].map((trip) => score(0, trip)),
      [0, 20, 100, 400].map((jitter) => score(0, 0, jitter)),
    ]) {
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      expect(scores.at(-1)).toBeGreaterThanOrEqual(1);
    }
    expect(score(100)).toBeLessThan(1.3);
  });

  it.each([
    [{}, null],
    [{ packetsLost: 4 }, "receiving-loss"],
    [{ packetsLost: -4 }, null],
    [{ fractionLost: 0.05 }, "sending-loss"],
    [{ packetsLost: 9, fractionLost: 0.05 }, "sending-loss"],
    [{ roundTripTime: 0.4 }, "delay"],
    [{ jitter: 0.05 }, "jitter"],
    [{ roundTripTime: null, jitter: null, fractionLost: null }, null],
  ] as const)("warns of %j with %s", (changes, warning) => {
    expect(after(changes).warning).toBe(warning);
  });

  it("counts only what was lost since the sample before, and nothing on hold", () => {
    const before = { ...START, packetsReceived: 1000, packetsLost: 500 };
    expect(qualityBetween(before, { ...before, packetsReceived: 1099, packetsLost: 501 }).lossPercent).toBe(1);
    expect(qualityBetween(before, before)).toMatchObject({ lossPercent: 0, warning: null });
  });
});
