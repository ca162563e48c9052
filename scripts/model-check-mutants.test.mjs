import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "@jest/globals";
import { inRoot } from "./lib/project.mjs";
import { compareSurvivors, nameOf, sampleOf } from "./mutants/main.mjs";
import { mutantsOf } from "./mutants/operators.mjs";

const SEED = 1;
const SAMPLE = 20;

const texts = (source) => mutantsOf("x.ts", source).map(({ text }) => text);

describe("mutants", () => {
  it("turn conditions round, forget commands and cases, exchange words and parties", () => {
    expect(texts("if (a === b) c();")).toEqual(["if (!(a === b)) c();", "if (false) c();", "if (a !== b) c();"]);
    expect(texts("to(s, one(), two());")).toEqual(["to(s, two());", "to(s, one());"]);
    expect(texts('const x = "hold-failed";')).toEqual(['const x = "media-failed";']);
    expect(texts("const x = s.owner.wire;")).toEqual(["const x = s.customer.wire;"]);
    expect(texts("switch (x) { case 1: a(); default: b(); }")).toEqual(["switch (x) {  default: b(); }"]);
  });

  it("leave types and imports alone", () => {
    expect(texts('import { a } from "ring"; type X = "hold" | "ring"; const y = 1 as "hold" | "ring";')).toEqual([]);
  });

  it("are named by what they change, each differently", () => {
    const names = mutantsOf("x.ts", "function f() { return [true, g(true)]; }").map(nameOf);
    expect(new Set(names).size).toBe(names.length);
    expect(names[0]).toBe("x.ts: f: true, → (nothing)");
  });

  it("are sampled alike for the same seed", () => {
    const all = Array.from({ length: 100 }, (_, i) => i);
    expect(sampleOf(all, 5, SEED)).toEqual(sampleOf(all, 5, SEED));
    expect(new Set(sampleOf(all, 100, SEED)).size).toBe(100);
  });

  it("that survive need a reason, and reasons need a survivor", () => {
    const [mutant] = mutantsOf("x.ts", "if (a) b();");
    expect(compareSurvivors([mutant], {}, [mutant])).toEqual([`survived, without a reason: ${nameOf(mutant)}`]);
    expect(compareSurvivors([mutant], { [nameOf(mutant)]: "why" }, [mutant])).toEqual([
      `no longer survives: ${nameOf(mutant)}`, // it is none of the product's
    ]);
  });

  it(`are noticed by the model check: ${SAMPLE} of them, seed ${SEED}`, async () => {
    const args = [inRoot("scripts/mutants/main.mjs"), "--sample", String(SAMPLE), "--seed", String(SEED)];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    process.stdout.write(stdout);
  }, 600_000);
});
