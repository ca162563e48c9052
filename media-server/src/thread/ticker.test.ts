import { describe, expect, it } from "@jest/globals";
import { ticksDue } from "./ticker.js";

describe("the schedule", () => {
  it("is absolute: a late timer does not move the next tick", () => {
    expect(ticksDue(1000, 1007)).toEqual({ ticks: [1000], next: 1020 });
    expect(ticksDue(1020, 1019.5)).toEqual({ ticks: [1020], next: 1040 });
    expect(ticksDue(1020, 1005)).toEqual({ ticks: [], next: 1020 });
  });

  it("makes up for a stall of a few frames, and gives up what is beyond", () => {
    expect(ticksDue(1000, 1065)).toEqual({ ticks: [1000, 1020, 1040, 1060], next: 1080 });
    const { ticks, next } = ticksDue(1000, 2001);
    expect(ticks).toEqual([1000, 1020, 1040, 1060]);
    expect(next).toBe(2020);
  });
});
