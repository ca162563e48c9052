import { beforeEach, describe, expect, it } from "@jest/globals";
import type { SeatId } from "@legwork/shared/ids";
import { Bench, hears, music, pcma } from "./support/engine-bench.js";

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

/** What was said before, and what is said from the switch on: a constant level each, so that one sample tells them apart. */
const BEFORE = 8000;
const AFTER = 1000;
const isNear = (level: number, wanted: number): boolean => Math.abs(level - wanted) < 60 + 0.05 * wanted;

/** An owner with PCMU, who is transcoded to a customer and a consulted party with PCMA, and whose sound is held back about 100 ms. */
function consult(ear: { seat?: SeatId } = {}): void {
  bench.add("owner", BEFORE);
  bench.add("customer", 0, pcma);
  bench.add("consulted", 0, pcma);
  bench.plan({ owner: hears("consulted"), consulted: { ...hears("owner"), ...ear }, customer: music });
  bench.run(20);
  bench.stall("owner", 4);
  bench.run(20);
  expect(isNear(bench.level("consulted"), BEFORE)).toBe(true);
}

/** Runs on from a new plan, the owner speaking at the new level; the levels that a listener hears, packet by packet. */
function levelsFrom(plan: Parameters<Bench["plan"]>[0], listener: string): number[] {
  const from = bench.sent.get(listener)!.length;
  bench.peer("owner").level = AFTER;
  bench.plan(plan);
  bench.run(20);
  return bench.levels(listener).slice(from);
}

describe("who begins to listen", () => {
  it("[MX-1][CO-3] hears nothing that was said to somebody else, and after 60 ms what is said now", () => {
    consult();
    const heard = levelsFrom({ owner: hears("customer"), customer: hears("owner"), consulted: music }, "customer");
    expect(Math.max(...heard)).toBeLessThan(AFTER + 100);
    expect(heard.slice(3).every((level) => isNear(level, AFTER))).toBe(true);
  });

  it("[MX-1][CF-1] hears nothing of before in a conference either, while the others hear no gap", () => {
    consult();
    const others = ["customer", "consulted"];
    const from = bench.sent.get("consulted")!.length;
    const heard = levelsFrom(
      { owner: hears(...others), customer: hears("owner", "consulted"), consulted: hears("owner", "customer") },
      "customer",
    );
    expect(Math.max(...heard)).toBeLessThan(AFTER + 100);
    expect(heard.slice(8).every((level) => isNear(level, AFTER))).toBe(true);
    const consulted = bench.levels("consulted").slice(from);
    expect(consulted.every((level) => isNear(level, BEFORE) || isNear(level, AFTER))).toBe(true);
    expect(consulted.findIndex((level) => isNear(level, AFTER))).toBeGreaterThan(2);
  });

  it("[MX-1][CF-1] has not just begun who goes on listening on another leg of the same seat", () => {
    const ear = { seat: "ola" as SeatId };
    consult(ear);
    bench.add("consulted-again", 0, pcma);
    const plan = { owner: hears("consulted-again"), "consulted-again": { ...hears("owner"), ...ear } };
    const heard = levelsFrom({ ...plan, customer: music }, "consulted-again");
    expect(heard.every((level) => isNear(level, BEFORE) || isNear(level, AFTER))).toBe(true);
    expect(isNear(heard[0]!, BEFORE)).toBe(true);
  });

  it("[CF-3] leaves no gap for those who go on listening", () => {
    consult();
    bench.plan({ owner: hears("consulted"), consulted: hears("owner"), customer: hears("owner") });
    bench.run(20);
    const heard = levelsFrom({ owner: hears("consulted"), consulted: hears("owner") }, "consulted");
    expect(heard.every((level) => isNear(level, BEFORE) || isNear(level, AFTER))).toBe(true);
  });

  it("[MX-1] hears nothing that was said while nobody listened, or long ago by somebody who fell silent", () => {
    consult();
    bench.plan({ customer: music, consulted: music });
    bench.run(10);
    const heard = levelsFrom({ owner: hears("customer"), customer: hears("owner"), consulted: music }, "customer");
    expect(Math.max(...heard)).toBeLessThan(AFTER + 100);

    bench.add("colleague", 0);
    bench.plan({ colleague: hears("owner") }); // relayed: nobody pulls the jitter buffer
    bench.run(20);
    bench.peer("owner").sends = false;
    bench.run(500);
    const from = bench.sent.get("colleague")!.length;
    bench.plan({ colleague: hears("owner", "consulted") });
    bench.run(10);
    bench.peer("owner").sends = true;
    bench.peer("owner").level = 3000;
    bench.run(10);
    const after = bench.levels("colleague").slice(from);
    expect(after.every((level) => isNear(level, 0) || isNear(level, 3000))).toBe(true);
    expect(isNear(after.at(-1)!, 3000)).toBe(true);
  });
});
