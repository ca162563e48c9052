#!/usr/bin/env node
// Which rules of SPEC.md have a test that names them. A rule is a line `- **XX-n** [status] text`; a test names it
// with `[XX-n]` in a title. Fails when a rule that is marked done is named by no test, or a test names no rule.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { filesBelow, inRoot, ROOT } from "./lib/project.mjs";

const STATUSES = ["done", "part", "later"];
const TEST_FILE = /\.(test|e2e)\.tsx?$/;

/** The rules of a SPEC text: [{ id, status }], and lines that look like rules but are not well formed. */
export function rulesOf(text) {
  const rules = [];
  const mistakes = [];
  for (const line of text.split("\n")) {
    const [, id, status] = /^- \*\*([A-Z]{2}-\d+[a-z]?)\*\*(?:\s*\[([^\]]*)\])?/.exec(line) ?? [];
    if (!id) continue;
    if (rules.some((rule) => rule.id === id)) mistakes.push(`${id} is there twice`);
    if (!STATUSES.includes(status)) mistakes.push(`${id} needs a status: [${STATUSES.join("], [")}]`);
    rules.push({ id, status });
  }
  return { rules, mistakes };
}

/** Rule ids in the titles (any text in quotes) of one test file: `[CO-2]`, `[CO-2, HO-4]`. */
export function namedIn(source) {
  const ids = new Set();
  for (const [, list] of source.matchAll(/\[([A-Z]{2}-\d+[a-z]?(?:\s*,\s*[A-Z]{2}-\d+[a-z]?)*)\]/g)) {
    for (const id of list.split(",")) ids.add(id.trim());
  }
  return ids;
}

/** Compares rules and tests: { problems, counts }. `tests` is a map from a file's name to the ids that it names. */
export function compare({ rules, mistakes }, tests) {
  const named = new Set([...tests.values()].flatMap((ids) => [...ids]));
  const known = new Set(rules.map((rule) => rule.id));
  const problems = [...mistakes];
  for (const { id, status } of rules) {
    if (status === "done" && !named.has(id)) problems.push(`${id} is marked done, but no test names it`);
  }
  for (const [file, ids] of tests) {
    for (const id of ids) if (!known.has(id)) problems.push(`${file} names ${id}, which is no rule of SPEC.md`);
  }
  const counts = Object.fromEntries(
    STATUSES.map((status) => {
      const those = rules.filter((rule) => rule.status === status);
      return [status, { rules: those.length, tested: those.filter((rule) => named.has(rule.id)).length }];
    }),
  );
  return { problems, counts };
}

function testFiles() {
  const files = fs
    .readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules")
    .flatMap((entry) => filesBelow(inRoot(entry.name)));
  return files.filter((file) => TEST_FILE.test(file));
}

function main() {
  const spec = inRoot("SPEC.md");
  if (!fs.existsSync(spec)) throw new Error("SPEC.md is missing");
  const tests = new Map(testFiles().map((file) => [path.relative(ROOT, file), namedIn(fs.readFileSync(file, "utf8"))]));
  const { problems, counts } = compare(rulesOf(fs.readFileSync(spec, "utf8")), tests);
  for (const [status, { rules, tested }] of Object.entries(counts)) {
    console.log(`${status}: ${rules} rules, ${tested} of them named by a test`);
  }
  for (const problem of problems) console.error(`SPEC.md: ${problem}`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
