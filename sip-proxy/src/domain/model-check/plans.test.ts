import { describe, expect, it } from "@jest/globals";
import { brand, type LegId } from "@legwork/shared/ids";
import type { LegPlan, LegSource } from "@legwork/shared/media";
import { legPlan, restrictPlan, samePlan } from "../leg-plan.js";
import { seatPlan } from "../seat-plan.js";

const leg = (name: string): LegId => brand(name);
const [a, b, c] = [leg("a"), leg("b"), leg("c")];
const hears = (...parties: LegId[]): LegSource => ({ kind: "parties", parties });
const MUSIC: LegSource = { kind: "music", queue: brand("queue") };
const plan: LegPlan = new Map([
  [a, hears(b, c)],
  [b, hears(a)],
  [c, MUSIC],
]);

describe("plans of legs", () => {
  it("[MX-1] leaves out the legs without media, as listeners and as those who are heard", () => {
    expect([...restrictPlan(plan, (one) => one !== c)]).toEqual([
      [a, hears(b)],
      [b, hears(a)],
    ]);
    expect([...restrictPlan(plan, (one) => one !== a)]).toEqual([
      [b, { kind: "silence" }],
      [c, MUSIC],
    ]);
    expect(restrictPlan(plan, () => true)).toEqual(plan);
  });

  it("has nothing to say about an interaction that has ended", () => {
    const seats = seatPlan({ phase: "ended" }, "NO");
    expect([seats.size, legPlan({ phase: "ended" }, seats).size]).toEqual([0, 0]);
  });

  it("is the same plan when the same legs have the same sources, in any order", () => {
    expect(samePlan(plan, new Map([...plan].reverse()))).toBe(true);
    expect(samePlan(plan, new Map([...plan].slice(1)))).toBe(false);
    expect(samePlan(new Map([...plan].slice(1)), plan)).toBe(false);
    expect(samePlan(plan, new Map([...plan, [c, hears(a)]]))).toBe(false);
    expect(samePlan(plan, new Map([...plan].map(([one, source]) => [one === c ? leg("d") : one, source])))).toBe(false);
  });
});
