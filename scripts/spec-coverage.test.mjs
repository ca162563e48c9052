import { describe, expect, it } from "@jest/globals";
import { compare, coverageTable, halfProven, namedIn, rulesOf, titlesIn } from "./spec-coverage.mjs";

const SPEC = `
- **CO-1** [done] Only the owner consults.
- **CO-2** [part] The customer is held first.
- **CO-3** [later] Resume.
`;
const tests = (source) => new Map([["a.test.ts", namedIn(source)]]);

describe("spec coverage", () => {
  it("reads every rule with its status", () => {
    expect(rulesOf(SPEC).rules.map(({ id, status }) => `${id} ${status}`)).toEqual([
      "CO-1 done",
      "CO-2 part",
      "CO-3 later",
    ]);
  });

  it("finds ids in titles, also several in one pair of brackets", () => {
    expect([...namedIn('it("[CO-1] x"); it("[CO-2, HO-4] y"); const list = a[CO1];')]).toEqual([
      "CO-1",
      "CO-2",
      "HO-4",
    ]);
  });

  it("has a problem with a done rule that no test names", () => {
    expect(compare(rulesOf(SPEC), tests('it("[CO-2] x")')).problems).toEqual([
      "CO-1 is marked done, but no test names it",
    ]);
  });

  it("has no problem with a rule for later that no test names", () => {
    expect(compare(rulesOf(SPEC), tests('it("[CO-1] x")')).problems).toEqual([]);
  });

  it("has a problem with a test that names no rule", () => {
    expect(compare(rulesOf(SPEC), tests('it("[CO-1] [XX-9] x")')).problems).toEqual([
      "a.test.ts names XX-9, which is no rule of SPEC.md",
    ]);
  });

  it("has a problem with a rule without a status, and with one that is there twice", () => {
    const { mistakes } = rulesOf("- **CO-1** Only the owner.\n- **CO-1** [done] Again.\n");
    expect(mistakes).toEqual(["CO-1 needs a status: [done], [part], [later]", "CO-1 is there twice"]);
  });

  it("reads titles without their ids, and nothing of comments", () => {
    const titles = titlesIn('it("[CO-1] holds"); it(`[CO-1] [CO-2] asks`); // "quoted" [CO-3]');
    expect([...titles]).toEqual([
      ["CO-1", ["holds", "asks"]],
      ["CO-2", ["asks"]],
    ]);
  });

  it("tells tests of the logic from tests on the wire, and misses either of a done rule", () => {
    const titles = new Map([
      ["a/src/x.test.ts", titlesIn('it("[CO-1] holds *all*")')],
      ["e2e/tests/y.e2e.ts", titlesIn('it("[CO-2] is heard")')],
    ]);
    expect(coverageTable(rulesOf(SPEC), titles)).toContain(
      [
        "## CO-1 [done]",
        "",
        "- Logic",
        "  - [x.test.ts](../a/src/x.test.ts)",
        "    - holds \\*all\\*",
        "- Wire: none",
        "",
        "## CO-2 [part]",
        "",
        "- Logic: none",
        "- Wire",
        "  - [y.e2e.ts](../e2e/tests/y.e2e.ts)",
        "    - is heard",
      ].join("\n"),
    );
    expect(halfProven(rulesOf(SPEC), titles)).toEqual(["CO-1 is marked done, but no test on the wire names it"]);
  });
});
