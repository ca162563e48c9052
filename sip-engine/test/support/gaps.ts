import { expect } from "@jest/globals";

// Timers never fire early, and a busy machine makes them late; the first message may have been late as well.
const SHORTEST = 0.7;
const LONGEST = 3;
const EARLY_MS = 40;
const LATE_MS = 500;

expect.extend({
  /** Times in milliseconds, the gaps between which follow a pattern as well as a busy machine allows. */
  toComeAfter(actual: unknown, pattern: unknown) {
    const [first = 0, ...times] = actual as number[];
    let due = 0;
    const pass = (pattern as number[]).every((gap, index) => {
      due += gap;
      const passed = (times[index] ?? 0) - first;
      return passed >= due * SHORTEST - EARLY_MS && passed <= due * LONGEST + LATE_MS;
    });
    const gaps = times.map((time, index) => Math.round(time - (times[index - 1] ?? first)));
    return { pass, message: () => `gaps ${gaps.join(", ")} ms, wanted about ${(pattern as number[]).join(", ")} ms` };
  },
});

declare module "expect" {
  interface Matchers<R> {
    /** @param pattern gaps, milliseconds */
    toComeAfter(pattern: readonly number[]): R;
  }
}
