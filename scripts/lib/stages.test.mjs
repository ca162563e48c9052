import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { jestResult, suiteResult } from "./stages.mjs";

let dir;
beforeAll(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), "stages-"));
});
afterAll(() => fs.rmSync(dir, { recursive: true }));

function report(content) {
  const file = path.join(dir, `${Math.floor(performance.now() * 1000)}.json`);
  fs.writeFileSync(file, JSON.stringify(content));
  return file;
}
const jestReport = (more) =>
  report({
    numPassedTests: 5,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    numRuntimeErrorTestSuites: 0,
    ...more,
  });

describe("results of stages", () => {
  it("counts what passed", () => {
    expect(jestResult(jestReport(), 0)).toEqual({ passed: 5, failed: 0, notes: [] });
  });

  it("counts failures, files that did not load, and skipped tests as failed", () => {
    const file = jestReport({ numFailedTests: 2, numRuntimeErrorTestSuites: 1, numPendingTests: 3 });
    expect(jestResult(file, 1)).toMatchObject({ passed: 5, failed: 6 });
  });

  it("never takes a bad end for a success", () => {
    expect(jestResult(jestReport(), 1).failed).toBe(1);
    expect(jestResult(path.join(dir, "absent.json"), 0).failed).toBe(1);
    expect(suiteResult(report({ passed: 130, failed: 0 }), 1).failed).toBe(1);
  });
});
