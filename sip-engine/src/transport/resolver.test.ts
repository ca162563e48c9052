import { describe, expect, it } from "@jest/globals";
import { inOrder } from "./resolver.js";

const record = (name: string, priority: number, weight: number): Parameters<typeof inOrder>[0][number] => {
  return { name, port: 5060, priority, weight };
};

describe("SRV records (RFC 2782)", () => {
  it("go by priority first", () => {
    const records = [record("c", 20, 100), record("a", 10, 1), record("b", 10, 0)];
    for (const chance of [0, 0.5, 0.999]) {
      expect(
        inOrder(records, () => chance)
          .map(({ name }) => name)
          .slice(-1),
      ).toEqual(["c"]);
    }
  });

  it("and by weight within one priority", () => {
    const records = [record("a", 1, 90), record("b", 1, 10)];
    expect(inOrder(records, () => 0.5)[0]?.name).toBe("a");
    expect(inOrder(records, () => 0.95)[0]?.name).toBe("b");
    expect(inOrder([record("x", 1, 0)], () => 0.5)).toHaveLength(1);
    expect(inOrder([], () => 0)).toEqual([]);
  });
});
