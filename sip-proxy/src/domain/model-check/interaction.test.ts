import { beforeAll, describe, expect, it } from "@jest/globals";
import { checkInteractions, RULES, type Verdict } from "./check.js";

describe("every reachable state of an interaction, under every policy", () => {
  let verdict: Verdict;

  beforeAll(() => {
    verdict = checkInteractions();
    const { states, standFor, steps } = verdict;
    process.stdout.write(`model: ${states} states that stand for ${standFor}, ${steps} steps\n`);
  }, 300_000);

  it("is a space of some size, in which every phase is reached", () => {
    expect(verdict.phases.size).toBe(12);
    expect(verdict.states).toBeGreaterThan(500);
  });

  it.each(RULES)("%s", (title) => {
    expect(verdict.wrong.get(title) ?? null).toBeNull();
  });
});
