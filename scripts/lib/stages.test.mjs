import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { jestResult, suiteResult, withoutFailed } from "./stages.mjs";

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
    expect(jestResult(jestReport(), 0)).toEqual({ passed: 5, failed: 0, notes: [], files: [] });
  });

  it("counts failures, files that did not load, and skipped tests as failed", () => {
    const file = jestReport({ numFailedTests: 2, numRuntimeErrorTestSuites: 1, numPendingTests: 3 });
    expect(jestResult(file, 1)).toMatchObject({ passed: 5, failed: 6 });
  });

  const failing = (name, ...statuses) => ({
    name,
    status: "failed",
    assertionResults: statuses.map((status) => ({ status })),
  });

  it("leaves the files that failed to the run in which they are alone", () => {
    const testResults = [failing("a", "passed", "failed"), failing("b"), { name: "c", status: "passed" }];
    const file = jestReport({ numFailedTests: 1, numRuntimeErrorTestSuites: 1, testResults });
    expect(withoutFailed(jestResult(file, 1))).toMatchObject({ passed: 4, failed: 0, again: ["a", "b"] });
    const skipping = jestReport({ numFailedTests: 1, numPendingTests: 1, testResults: [failing("a", "failed")] });
    expect(withoutFailed(jestResult(skipping, 1))).toMatchObject({ failed: 1, again: ["a"] });
  });

  it("runs nothing again when much has failed, or nothing is known of what did", () => {
    const testResults = [..."abcdefg"].map((name) => failing(name, "failed"));
    const much = jestReport({ numFailedTests: 7, testResults });
    for (const file of [much, path.join(dir, "absent.json")]) {
      const result = jestResult(file, 1);
      expect(withoutFailed(result)).toEqual(result);
    }
  });

  it("never takes a bad end for a success", () => {
    expect(jestResult(jestReport(), 1).failed).toBe(1);
    expect(jestResult(path.join(dir, "absent.json"), 0).failed).toBe(1);
    expect(suiteResult(report({ passed: 130, failed: 0 }), 1).failed).toBe(1);
  });
});
