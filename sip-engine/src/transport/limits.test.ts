import { describe, expect, it } from "@jest/globals";
import { GarbageCount, LogThrottle, SourceLimiter, sourceOf } from "./limits.js";

/** How many of `count` messages at one moment are taken. */
const taken = (limiter: SourceLimiter, source: string, now: number, count: number): number =>
  Array.from({ length: count }, () => limiter.admits(source, now)).filter(Boolean).length;

describe("the message rate of a source", () => {
  it("is a burst of twice the rate, then the rate", () => {
    const limiter = new SourceLimiter(10);
    expect(taken(limiter, "a", 0, 50)).toBe(20);
    expect(taken(limiter, "a", 500, 50)).toBe(5);
    expect(taken(limiter, "a", 600, 50)).toBe(1);
    expect(taken(limiter, "a", 60_000, 50)).toBe(20);
  });

  it("is every source's own", () => {
    const limiter = new SourceLimiter(10);
    taken(limiter, "a", 0, 50);
    expect(limiter.admits("a", 0)).toBe(false);
    expect(limiter.admits("b", 0)).toBe(true);
  });

  it("is not limited by 0, and a clock that goes back harms nobody", () => {
    expect(taken(new SourceLimiter(0), "a", 0, 1000)).toBe(1000);
    const limiter = new SourceLimiter(10);
    expect(taken(limiter, "a", 10_000, 50)).toBe(20);
    expect(taken(limiter, "a", 0, 50)).toBe(0);
  });

  it("takes no more memory than for so many sources; busy ones are forgotten last", () => {
    const limiter = new SourceLimiter(10, 100);
    for (let i = 0; i < 90; i++) limiter.admits(`idle${i}`, 0);
    taken(limiter, "busy", 10_000, 50);
    for (let i = 0; i < 9; i++) limiter.admits(`new${i}`, 10_000);
    expect(limiter.size).toBe(100);
    expect(limiter.admits("one more", 10_000)).toBe(true);
    expect(limiter.size).toBeLessThan(20);
    expect(limiter.admits("busy", 10_000)).toBe(false);
    for (let i = 0; i < 10_000; i++) limiter.admits(`spoofed${i}`, 10_000);
    expect(limiter.size).toBeLessThanOrEqual(100);
  });
});

describe("a source", () => {
  it("is an IPv4 address, or the /64 of an IPv6 address", () => {
    expect(sourceOf("192.0.2.1")).toBe("192.0.2.1");
    expect(sourceOf("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2::/64");
    expect(sourceOf("2001:db8:1:2::9")).toBe("2001:db8:1:2::/64");
    expect(sourceOf("2001:db8::9")).toBe("2001:db8:0:0::/64");
    expect(sourceOf("::1")).toBe("0:0:0:0::/64");
    expect(sourceOf("fe80::1%eth0")).toBe("fe80:0:0:0::/64");
    expect(sourceOf("2001:db8:1:2:3::")).toBe("2001:db8:1:2::/64");
  });
});

describe("a connection that sends garbage", () => {
  it("is given up after twenty unreadable messages, if they are the most", () => {
    const noise = new GarbageCount();
    const verdicts = Array.from({ length: 20 }, () => noise.add(false));
    expect(verdicts.indexOf(true)).toBe(19);
    const clumsy = new GarbageCount();
    for (let i = 0; i < 1000; i++) expect(clumsy.add(i % 2 === 0)).toBe(false);
  });
});

describe("log lines", () => {
  it("come once in an interval for each reason, with the number kept back", () => {
    const throttle = new LogThrottle(10_000);
    expect(throttle.admit("rate", 0)).toBe(0);
    expect(throttle.admit("stalled", 0)).toBe(0);
    expect([1, 2, 3].map((now) => throttle.admit("rate", now))).toEqual([null, null, null]);
    expect(throttle.admit("rate", 10_000)).toBe(3);
    expect(throttle.admit("rate", 20_001)).toBe(0);
  });
});
