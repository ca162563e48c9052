import { describe, expect, it } from "@jest/globals";
import { brand, type LegId } from "@legwork/shared/ids";
import { LostLegs } from "./lost-legs.js";

const leg = brand<LegId>("l");

function setUp() {
  const waiting: { ms: number; callback: () => void; cancelled: boolean }[] = [];
  const givenUp: LegId[] = [];
  const legs = new LostLegs(
    {
      now: () => 0,
      after: (ms, callback) => {
        const timer = { ms, callback, cancelled: false };
        waiting.push(timer);
        return () => {
          timer.cancelled = true;
        };
      },
    },
    60_000,
    (l) => givenUp.push(l),
  );
  return { legs, waiting, givenUp };
}

describe("a leg whose media has gone without a BYE", () => {
  it("[SE-1] is kept for a while, and then given up", () => {
    const { legs, waiting, givenUp } = setUp();
    legs.lost(leg);
    legs.lost(leg);
    expect(waiting.map((t) => t.ms)).toEqual([60_000]);
    waiting[0]!.callback();
    expect(givenUp).toEqual([leg]);
  });

  it("[SE-1] is not given up when it comes back, and can be lost again", () => {
    const { legs, waiting, givenUp } = setUp();
    legs.lost(leg);
    legs.found(leg);
    expect(waiting[0]!.cancelled).toBe(true);
    legs.lost(leg);
    expect(waiting).toHaveLength(2);
    expect(givenUp).toEqual([]);
  });
});
