import { describe, expect, it } from "@jest/globals";
import { sharedDelay } from "./timer-set.js";

describe("how long a timer waits", () => {
  it("is exact for the timers that pace retransmissions", () => {
    for (const ms of [0, 500, 1000, 2999]) expect(sharedDelay(1_000_123, ms)).toBe(ms);
  });

  it("is never less, and brings long timers of calls close together to one moment", () => {
    const ends = new Set<number>();
    for (let now = 1_000_001; now <= 1_000_250; now++) {
      const delay = sharedDelay(now, 32_000);
      expect(delay).toBeGreaterThanOrEqual(32_000);
      expect(delay).toBeLessThan(32_250);
      ends.add(now + delay);
    }
    expect(ends.size).toBe(1);
  });
});
