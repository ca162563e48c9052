import { describe, expect, it } from "@jest/globals";
import type { LegId, QueueId } from "@legwork/shared/ids";
import type { LegPlan, LegSource } from "@legwork/shared/media";
import { PlanLedger, sameSource } from "./plan-ledger.js";

const id = (name: string): LegId => name as LegId;
const hears = (...parties: string[]): LegSource => ({ kind: "parties", parties: parties.map(id) });
const music: LegSource = { kind: "music", queue: "q" as QueueId };
const plan = (legs: Record<string, LegSource>): LegPlan =>
  new Map(Object.entries(legs).map(([leg, s]) => [id(leg), s]));
const legs = ["a", "b", "c"].map(id);

describe("the plans of an interaction", () => {
  it("are taken only with a revision above the last", () => {
    const ledger = new PlanLedger();
    expect(ledger.take(2, plan({ a: music }))).toBe(true);
    expect(ledger.take(2, plan({ a: hears("b") }))).toBe(false);
    expect(ledger.take(1, plan({ a: hears("b") }))).toBe(false);
    expect(ledger.revision).toBe(2);
  });

  it("[HO-4] are in force when every leg whose source changed has sent of it", () => {
    const ledger = new PlanLedger();
    ledger.take(1, plan({ a: hears("b"), b: hears("a") }));
    expect(ledger.apply(legs)).toEqual(new Set(["a", "b"]));
    expect(ledger.takeInForce()).toBeNull();
    ledger.heard(id("a"));
    expect(ledger.takeInForce()).toBeNull();
    ledger.heard(id("b"));
    expect([ledger.takeInForce(), ledger.takeInForce()]).toEqual([1, null]);
  });

  it("are in force at once when nothing changes; a leg left out gets silence", () => {
    const ledger = new PlanLedger();
    ledger.take(1, plan({ a: music }));
    ledger.apply(legs);
    ledger.heard(id("a"));
    expect(ledger.takeInForce()).toBe(1);
    ledger.take(2, plan({ a: music, b: { kind: "silence" } }));
    expect(ledger.apply(legs)!.size).toBe(0);
    expect(ledger.takeInForce()).toBe(2);
    ledger.take(3, plan({}));
    expect(ledger.apply(legs)).toEqual(new Set(["a"]));
    expect(ledger.sourceOf(id("a"))).toEqual({ kind: "silence" });
  });

  it("that are overtaken are never reported, and the next one owes what they owed", () => {
    const ledger = new PlanLedger();
    ledger.take(1, plan({ a: music }));
    ledger.apply(legs);
    ledger.take(2, plan({ a: music, b: music }));
    ledger.apply(legs);
    ledger.heard(id("b"));
    expect(ledger.takeInForce()).toBeNull();
    ledger.heard(id("a"));
    expect(ledger.takeInForce()).toBe(2);
  });

  it("know the same sound", () => {
    expect(sameSource(hears("a", "b"), hears("b", "a"))).toBe(true);
    expect(sameSource(hears("a"), hears("b", "a"))).toBe(false);
    expect(sameSource(music, { kind: "music", queue: "other" as QueueId })).toBe(false);
    expect(sameSource({ kind: "ringback", country: "NO" }, { kind: "ringback", country: "NO" })).toBe(true);
    expect(sameSource(music, { kind: "silence" })).toBe(false);
  });
});
