import { describe, expect, it } from "@jest/globals";
import type { Alarm, Clock } from "./ports.js";
import { CountingClock, GroupingClock, TimerSet } from "./timer-set.js";

/** A clock turned by hand that tells how many alarms were asked of it. */
class HandClock implements Clock {
  time = 1_000_000;
  asked = 0;
  #alarms: { at: number; fire: () => void }[] = [];

  now(): number {
    return this.time;
  }

  schedule(ms: number, fire: () => void): Alarm {
    const alarm = { at: this.time + ms, fire };
    this.asked++;
    this.#alarms.push(alarm);
    return { cancel: () => (this.#alarms = this.#alarms.filter((one) => one !== alarm)) };
  }

  advanceTo(time: number): void {
    for (;;) {
      const next = this.#alarms.filter(({ at }) => at <= time).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#alarms = this.#alarms.filter((one) => one !== next);
      this.time = next.at;
      next.fire();
    }
    this.time = time;
  }
}

describe("a clock whose long timers end in groups", () => {
  it("is exact for the timers that pace retransmissions", () => {
    for (const ms of [0, 500, 1000, 2999]) {
      const base = new HandClock();
      base.time += 123;
      let firedAt = 0;
      new GroupingClock(base).schedule(ms, () => (firedAt = base.time));
      base.advanceTo(base.time + 5000);
      expect(firedAt).toBe(1_000_123 + ms);
    }
  });

  it("is never early and at most 250 ms late with long timers, and takes one alarm for those of calls close together", () => {
    const base = new HandClock();
    const clock = new GroupingClock(base);
    const fired: { set: number; at: number }[] = [];
    for (let set = 1_000_001; set <= 1_000_250; set++) {
      base.advanceTo(set);
      clock.schedule(32_000, () => fired.push({ set, at: base.time }));
    }
    expect(base.asked).toBe(1);
    base.advanceTo(1_040_000);
    expect(fired).toHaveLength(250);
    for (const { set, at } of fired) {
      expect(at - set).toBeGreaterThanOrEqual(32_000);
      expect(at - set).toBeLessThan(32_250);
    }
  });

  it("takes a long timer back without touching the others of its group, even while the group fires", () => {
    const base = new HandClock();
    const clock = new GroupingClock(base);
    const fired: string[] = [];
    const early = clock.schedule(32_000, () => fired.push("early"));
    clock.schedule(32_000, () => {
      fired.push("first");
      late.cancel();
    });
    const late = clock.schedule(32_000, () => fired.push("late"));
    clock.schedule(32_000, () => fired.push("last"));
    early.cancel();
    base.advanceTo(1_040_000);
    expect(fired).toEqual(["first", "last"]);
  });
});

describe("a clock that knows its alarms", () => {
  it("counts those neither fired nor taken back, and takes the rest back at once", () => {
    const base = new HandClock();
    const clock = new CountingClock(base);
    const fired: number[] = [];
    const alarms = [1000, 2000, 3000, 4000].map((ms) => clock.schedule(ms, () => fired.push(ms)));
    alarms[0]?.cancel();
    alarms[0]?.cancel();
    base.advanceTo(1_002_000);
    expect(clock.running).toBe(2);
    clock.cancelAll();
    expect(clock.running).toBe(0);
    base.advanceTo(1_010_000);
    expect(fired).toEqual([2000]);
  });
});

describe("the timers of one machine", () => {
  it("run by name: starting one again replaces it, firing and stopping forget it", () => {
    const base = new HandClock();
    const fired: string[] = [];
    const timers = new TimerSet<"A" | "B" | "C">(base, (timer) => fired.push(`${timer} ${base.time - 1_000_000}`));
    timers.run({ type: "startTimer", timer: "A", ms: 100 });
    timers.start("B", 200);
    timers.start("A", 300);
    timers.start("C", 400);
    timers.run({ type: "stopTimer", timer: "C" });
    expect(timers.names).toEqual(["B", "A"]);
    base.advanceTo(1_000_250);
    expect(timers.names).toEqual(["A"]);
    base.advanceTo(1_001_000);
    expect(fired).toEqual(["B 200", "A 300"]);
    timers.start("A", 100);
    timers.clear();
    base.advanceTo(1_002_000);
    expect(fired).toHaveLength(2);
    expect(timers.names).toEqual([]);
  });
});
