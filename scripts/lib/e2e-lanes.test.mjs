import { describe, expect, it } from "@jest/globals";
import fs from "node:fs";
import { lanes } from "./e2e-lanes.mjs";
import { inRoot } from "./project.mjs";
import { phases } from "./stages.mjs";

describe("lanes of end-to-end tests", () => {
  it("deals every file out once, longest first, to whoever has least to do", () => {
    const files = ["a.e2e.ts", "b.e2e.ts", "real-phones.e2e.ts", "c.e2e.ts"];
    expect(lanes(files, 2)).toEqual([["real-phones.e2e.ts"], ["a.e2e.ts", "b.e2e.ts", "c.e2e.ts"]]);
    expect(lanes(files, 2, 75)).toEqual([["b.e2e.ts"], ["real-phones.e2e.ts", "a.e2e.ts", "c.e2e.ts"]]);
  });

  it("are stages of npm test, and no file is forgotten", () => {
    const run = phases()
      .flat(2)
      .flatMap(({ command }) => command.filter((word) => word.endsWith(".e2e.ts")));
    const there = fs.readdirSync(inRoot("e2e/tests")).filter((name) => name.endsWith(".e2e.ts"));
    expect(run.sort()).toEqual(there.map((name) => inRoot("e2e/tests", name)).sort());
  });
});
