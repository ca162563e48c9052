import { describe, expect, it } from "@jest/globals";
import { type Appearances, appearancesAfter, settlesInMs, SETTLING_MS } from "./press-guard.js";

const shown = (...names: string[]) =>
  Object.fromEntries(["end", "end-consult", "hold"].map((name) => [name, { visible: names.includes(name) }]));
const NONE: Appearances = new Map();

describe("a press on a button that has just appeared", () => {
  it("[CO-8] does not count: it was meant for what stood there before", () => {
    const declined = appearancesAfter(NONE, shown("end-consult"), shown("end", "hold"), 10_000);
    expect(settlesInMs(declined, "end", 10_000)).toBe(SETTLING_MS);
    expect(settlesInMs(declined, "end", 10_499)).toBe(1);
    expect(settlesInMs(declined, "end", 10_500)).toBe(0);
  });

  it("[CO-8] counts at once on a button that was there before", () => {
    const later = appearancesAfter(NONE, shown("end"), shown("end", "hold"), 10_000);
    expect(settlesInMs(later, "end", 10_000)).toBe(0);
    expect(settlesInMs(later, "hold", 10_000)).toBe(SETTLING_MS);
  });

  it("[CO-8] waits anew for one that went and came back, and not for news in between", () => {
    const first = appearancesAfter(NONE, shown(), shown("end"), 1000);
    expect(appearancesAfter(first, shown("end"), shown("end"), 1200)).toEqual(first);
    const gone = appearancesAfter(first, shown("end"), shown(), 1300);
    expect(gone.size).toBe(0);
    expect(settlesInMs(appearancesAfter(gone, shown(), shown("end"), 1400), "end", 1600)).toBe(300);
  });
});
