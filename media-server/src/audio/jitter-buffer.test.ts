import { describe, expect, it } from "@jest/globals";
import { JitterBuffer, MAX_DEPTH_MS } from "./jitter-buffer.js";

const packet = (n: number): Uint8Array => Uint8Array.of(n & 0xff, n >> 8);
const numberOf = (payload: Uint8Array): number => payload[0]! | (payload[1]! << 8);

/** Pulls once: the packet's number, or what else there is. */
function pull(buffer: JitterBuffer): number | string {
  const pulled = buffer.pull(0);
  return pulled.kind === "packet"
    ? numberOf(pulled.payload)
    : pulled.kind === "lost"
      ? "lost"
      : pulled.starved
        ? "silence"
        : "late";
}

/** A sender of 20 ms packets whose n-th arrives `delayMs(n)` late; pulls every 20 ms; what was pulled. */
function run(
  buffer: JitterBuffer,
  packets: number,
  delayMs: (n: number) => number | null,
  sequence = 0,
): (number | string)[] {
  const arrivals = Array.from({ length: packets }, (_, n) => ({ n, delay: delayMs(n) }))
    .filter((p): p is { n: number; delay: number } => p.delay !== null)
    .map(({ n, delay }) => ({ n, at: 20 * n + delay }))
    .sort((a, b) => a.at - b.at);
  const pulled: (number | string)[] = [];
  for (let now = 10; now < 20 * packets; now += 20) {
    while (arrivals.length > 0 && arrivals[0]!.at <= now) {
      const { n } = arrivals.shift()!;
      buffer.insert((sequence + n) & 0xffff, packet(n), 20);
    }
    pulled.push(pull(buffer));
    buffer.takeExcess();
  }
  return pulled;
}

describe("the jitter buffer", () => {
  it("holds 40 ms back at first, then gives one packet a pull, over the wrap-around too", () => {
    const pulled = run(new JitterBuffer(), 300, () => 0, 65500);
    expect(pulled.slice(0, 4)).toEqual(["silence", 0, 1, 2]);
    expect(pulled.at(-1)).toBe(298);
  });

  it("[MX-5] puts reordered packets in order, and drops duplicates and late ones", () => {
    const buffer = new JitterBuffer();
    for (const n of [1, 0, 1, 2]) buffer.insert(n, packet(n), 20);
    expect([pull(buffer), pull(buffer)]).toEqual([1, 2]);
    buffer.insert(1, packet(1), 20);
    expect(buffer.counts).toMatchObject({ duplicate: 1, late: 1 });
  });

  it("[MX-5] says which packets are lost, and goes on", () => {
    const pulled = run(new JitterBuffer(), 50, (n) => (n % 10 === 5 ? null : 0));
    expect(pulled.filter((p) => p === "lost").length).toBeGreaterThanOrEqual(4);
    expect(pulled.filter((p) => p === "late" || p === "silence").length).toBe(1);
  });

  it("grows with an underrun, so that the same jitter does no harm again", () => {
    const jitter = (n: number): number => (n % 5 === 0 ? 70 : 0);
    const buffer = new JitterBuffer();
    const pulled = run(buffer, 200, jitter);
    const bad = (from: number, to: number): number =>
      pulled.slice(from, to).filter((p) => typeof p === "string").length;
    expect(bad(5, 60)).toBeGreaterThan(0);
    expect(bad(100, 200)).toBe(0);
  });

  it("shrinks when a reserve is not needed any more", () => {
    const buffer = new JitterBuffer();
    run(buffer, 100, (n) => (n >= 20 && n < 24 ? 20 * (24 - n) : 0)); // A stall of the network.
    const deep = buffer.depthMs();
    for (let n = 100; n < 1500; n++) {
      buffer.insert(n, packet(n), 20);
      pull(buffer);
      if (buffer.takeExcess()) pull(buffer);
    }
    expect(deep).toBeGreaterThan(40);
    expect(buffer.depthMs()).toBeLessThanOrEqual(40);
  });

  it("stays within its bounds with a sender whose clock is 1 % fast, and survives one that is 1 % slow", () => {
    for (const drift of [0.99, 1.01]) {
      const buffer = new JitterBuffer();
      let arrived = 0;
      let missing = 0;
      for (let now = 0; now < 60_000; now += 20) {
        while (arrived * 20 * drift <= now) buffer.insert(arrived & 0xffff, packet(arrived++), 20);
        if (typeof pull(buffer) === "string") missing += 1;
        if (buffer.takeExcess()) pull(buffer);
        expect(buffer.depthMs()).toBeLessThanOrEqual(MAX_DEPTH_MS);
      }
      expect(missing).toBeLessThan(60);
    }
  });

  it("throws away a burst that is deeper than allowed", () => {
    const buffer = new JitterBuffer();
    for (let n = 0; n < 3; n++) buffer.insert(n, packet(n), 20);
    pull(buffer);
    for (let n = 3; n < 30; n++) buffer.insert(n, packet(n), 20);
    expect(buffer.depthMs()).toBeLessThanOrEqual(MAX_DEPTH_MS);
    expect(buffer.counts.overflow).toBeGreaterThan(0);
  });

  it("starts close to the newest packet when someone begins to listen, with some before it to warm the decoder up", () => {
    const buffer = new JitterBuffer();
    for (let n = 0; n < 500; n++) buffer.insert(n, packet(n), 20);
    expect(pull(buffer)).toBe(498);
    expect(buffer.warmUp().map(numberOf)).toEqual([495, 496, 497]);
    buffer.rest();
    for (let n = 500; n < 600; n++) buffer.insert(n, packet(n), 20);
    expect(pull(buffer)).toBe(598);
  });

  it("starts anew after a jump of the sequence numbers, and never replays old sound after a pause", () => {
    const buffer = new JitterBuffer();
    for (let n = 0; n < 4; n++) buffer.insert(n, packet(n), 20);
    pull(buffer);
    buffer.insert(30000, packet(30000), 20);
    buffer.insert(30001, packet(30001), 20);
    expect(pull(buffer)).toBe(30000);
    expect([pull(buffer), pull(buffer), pull(buffer), pull(buffer), pull(buffer), pull(buffer)]).toEqual([
      30001,
      "late",
      "late",
      "late",
      "late",
      "silence",
    ]);
    buffer.insert(30002, packet(30002), 20);
    expect(pull(buffer)).toBe("silence");
    buffer.insert(30003, packet(30003), 20);
    expect(pull(buffer)).toBe(30002);
  });
});
