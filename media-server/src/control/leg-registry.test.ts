import { describe, expect, it } from "@jest/globals";
import type { ControlRequestBody } from "@legwork/shared/control";
import type { InteractionId, LegId } from "@legwork/shared/ids";
import { LegRegistry } from "./leg-registry.js";

const open = (leg: string, interaction: string, thread: number | null = null) =>
  ({ type: "openLeg", leg, interaction, transport: "rtp", thread }) as ControlRequestBody & { type: "openLeg" };
const plan = (interaction: string, legs: object) =>
  ({ type: "applyPlan", interaction, revision: 1, legs }) as ControlRequestBody & { type: "applyPlan" };

describe("the registry of legs", () => {
  it("keeps an interaction together and fills the emptiest thread", () => {
    const registry = new LegRegistry(2);
    expect([registry.place(open("a", "1")), registry.place(open("b", "1", 1)), registry.place(open("c", "2"))]).toEqual(
      [0, 0, 1],
    );
    expect(registry.place(open("d", "3", 1))).toBe(1);
    expect(registry.place(open("e", "4", 7))).toBe(0);
    expect(registry.legCount).toBe(5);
  });

  it("[MX-1] finds a foreign leg wherever it lives, and lets the thread judge unknown ones", () => {
    const registry = new LegRegistry(2);
    registry.place(open("a", "1"));
    registry.place(open("b", "2"));
    expect(registry.refusalOf(plan("1", { a: { kind: "parties", parties: ["b"] } }))).toMatchObject({
      code: "foreign-leg",
    });
    expect(registry.refusalOf(plan("1", { b: { kind: "silence" } }))).toMatchObject({ code: "foreign-leg" });
    expect(registry.refusalOf(plan("1", { a: { kind: "parties", parties: ["ghost"] } }))).toBeNull();
  });

  it("forgets with the leg, the interaction, the thread", () => {
    const registry = new LegRegistry(1);
    for (const leg of ["a", "b", "c"]) registry.place(open(leg, "1"));
    registry.forgetLeg("a" as LegId);
    expect(registry.threadOfLeg("a" as LegId)).toBeUndefined();
    expect(registry.forgetThread(0)).toEqual(["b", "c"]);
    registry.place(open("d", "2"));
    registry.forgetInteraction("2" as InteractionId);
    expect([registry.legCount, registry.interactions]).toEqual([0, []]);
  });

  it("forgets an interaction with its last leg, unless it had a plan: then it is closed as a whole", () => {
    const registry = new LegRegistry(1);
    for (const leg of ["a", "b"]) registry.place(open(leg, "refused"));
    registry.place(open("c", "begun"));
    registry.plan("begun" as InteractionId);
    registry.forgetLeg("a" as LegId);
    expect(registry.interactions).toEqual(["refused", "begun"]);
    for (const leg of ["b", "c", "ghost"]) registry.forgetLeg(leg as LegId);
    expect(registry.interactions).toEqual(["begun"]);
  });
});
