import { describe, expect, it } from "@jest/globals";
import { rethrow } from "./contain.js";
import { FakeClock } from "./engine.test-support.js";
import { CountingClock, GroupingClock, TimerSet } from "./timer-set.js";

describe("a clock whose long timers end in groups", () => {
  it("is exact for the timers that pace retransmissions", () => {
    for (const ms of [0, 500, 1000, 2999]) {
      const base = new FakeClock();
      base.advance(123);
      const set = base.now();
      let fired = 0;
      new GroupingClock(base, rethrow).schedule(ms, () => (fired = base.now()));
      base.advance(5000);
      expect(fired - set).toBe(ms);
    }
  });

  it("is never early and at most 250 ms late with long timers, and takes one alarm for those of calls close together", () => {
    const base = new FakeClock();
    const asked = new CountingClock(base);
    const clock = new GroupingClock(asked, rethrow);
    const fired: { set: number; at: number }[] = [];
    for (let i = 0; i < 250; i++) {
      base.advance(1);
      const set = base.now();
      clock.schedule(32_000, () => fired.push({ set, at: base.now() }));
    }
    expect(asked.running).toBe(1);
    base.advance(40_000);
    expect(fired).toHaveLength(250);
    for (const { set, at } of fired) {
      expect(at - set).toBeGreaterThanOrEqual(32_000);
      expect(at - set).toBeLessThan(32_250);
    }
  });

  it("asks the clock below for no wait it cannot have: Node's timers end at 2^31 ms", () => {
    const base = new FakeClock();
    const asked: number[] = [];
    const clock = new GroupingClock(
      {
        now: () => base.now(),
        schedule: (ms, fire) => (asked.push(ms), base.schedule(ms, fire)),
      },
      rethrow,
    );
    const days = 30 * 86_400_000;
    const set = base.now();
    let fired = 0;
    clock.schedule(days, () => (fired = base.now()));
    base.advance(days + 250);
    expect(asked.length).toBeGreaterThan(1);
    expect(Math.max(...asked)).toBeLessThan(2 ** 31);
    expect(fired - set).toBeGreaterThanOrEqual(days);
  });

  it("reports what a timer throws, and fires the others of its group", () => {
    const base = new FakeClock();
    const reported: unknown[] = [];
    const clock = new GroupingClock(base, (error) => reported.push(error));
    const fired: string[] = [];
    const bug = new Error("bug");
    for (const ms of [100, 32_000]) {
      clock.schedule(ms, () => {
        throw bug;
      });
      clock.schedule(ms, () => fired.push(`after ${ms}`));
    }
    base.advance(40_000);
    expect(fired).toEqual(["after 100", "after 32000"]);
    expect(reported).toEqual([bug, bug]);
  });

  it("takes a long timer back without touching the others of its group, even while the group fires", () => {
    const base = new FakeClock();
    const clock = new GroupingClock(base, rethrow);
    const fired: string[] = [];
    const early = clock.schedule(32_000, () => fired.push("early"));
    clock.schedule(32_000, () => {
      fired.push("first");
      late.cancel();
    });
    const late = clock.schedule(32_000, () => fired.push("late"));
    clock.schedule(32_000, () => fired.push("last"));
    early.cancel();
    base.advance(40_000);
    expect(fired).toEqual(["first", "last"]);
  });
});

describe("a clock that knows its alarms", () => {
  it("counts those neither fired nor taken back, and takes the rest back at once", () => {
    const base = new FakeClock();
    const clock = new CountingClock(base);
    const fired: number[] = [];
    const alarms = [1000, 2000, 3000, 4000].map((ms) => clock.schedule(ms, () => fired.push(ms)));
    alarms[0]?.cancel();
    alarms[0]?.cancel();
    base.advance(2000);
    expect(clock.running).toBe(2);
    clock.cancelAll();
    expect(clock.running).toBe(0);
    base.advance(8000);
    expect(fired).toEqual([2000]);
  });
});

describe("the timers of one machine", () => {
  it("run by name: starting one again replaces it, firing and stopping forget it", () => {
    const base = new FakeClock();
    const begin = base.now();
    const fired: string[] = [];
    const timers = new TimerSet<"A" | "B" | "C">(base, (timer) => fired.push(`${timer} ${base.now() - begin}`));
    timers.run({ type: "startTimer", timer: "A", ms: 100 });
    timers.start("B", 200);
    timers.start("A", 300);
    timers.start("C", 400);
    timers.run({ type: "stopTimer", timer: "C" });
    expect(timers.names).toEqual(["B", "A"]);
    base.advance(250);
    expect(timers.names).toEqual(["A"]);
    base.advance(750);
    expect(fired).toEqual(["B 200", "A 300"]);
    timers.start("A", 100);
    timers.clear();
    base.advance(1000);
    expect(fired).toHaveLength(2);
    expect(timers.names).toEqual([]);
  });
});
