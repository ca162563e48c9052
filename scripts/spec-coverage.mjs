#!/usr/bin/env node
// Which rules of SPEC.md have a test that names them, and where. A rule is a line `- **XX-n** [status] text`; a test names it with `[XX-n]` in a
// title. Fails when a rule that is marked done is named by no test of its logic or by none on the wire, when a test names no rule, and when
// docs/spec-coverage.md is not what would be written now: `npm run spec -- --write` writes it.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as prettier from "prettier";
import { filesBelow, inRoot, ROOT } from "./lib/project.mjs";

const STATUSES = ["done", "part", "later"];
/** Tests, also those that several files run, and the rules of the model check. */
const TEST_FILE = /(\.(test|e2e)\.tsx?|(^|\/)(model-check|e2e\/tests)\/[^/]+\.ts)$/;
/** Real messages between real parts; everything else proves logic. */
const ON_THE_WIRE = /^(e2e\/|[^/]+\/test\/)/;
const TABLE = "docs/spec-coverage.md";

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

const IDS = /\[([A-Z]{2}-\d+[a-z]?(?:\s*,\s*[A-Z]{2}-\d+[a-z]?)*)\]/g;
const TITLE = /(["`])((?:(?!\1)[^\\\n]|\\.)*)\1/g;

/** Rule ids in the titles (any text in quotes) of one test file: `[CO-2]`, `[CO-2, HO-4]`. */
export const namedIn = (source) => new Set([...titlesIn(source).keys()]);

/** The titles of one test file, by the rules they name: a map from id to texts without their ids. */
export function titlesIn(source) {
  const titles = new Map();
  for (const [, , text] of source.matchAll(TITLE)) {
    const plain = text.replace(IDS, "").replace(/\\(.)/g, "$1").replace(/\s+/g, " ").trim();
    for (const [, list] of text.matchAll(IDS)) {
      for (const id of list.split(",").map((one) => one.trim())) titles.set(id, [...(titles.get(id) ?? []), plain]);
    }
  }
  return titles;
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

/** A table of all rules with the tests that name them, as Markdown. `tests` is a map from a file's name to its titles by rule. */
export function coverageTable({ rules }, tests) {
  const lines = [
    "# Rules and their tests",
    "",
    "Written by `npm run spec -- --write` from [SPEC.md](../SPEC.md) and the titles of the tests; a test fails when it is not up to date.",
    "Logic: unit tests and the model check. Wire: integration, conformance and end-to-end tests, with real messages between real parts.",
  ];
  for (const { id, status } of rules) {
    lines.push("", `## ${id} [${status}]`, "");
    for (const [name, isWire] of [
      ["Logic", false],
      ["Wire", true],
    ]) {
      const found = provingFiles(tests, id, isWire);
      lines.push(found.length > 0 ? `- ${name}` : `- ${name}: none`);
      for (const [file, titles] of found) {
        lines.push(`  - [${path.basename(file)}](../${file})`, ...titles.map((title) => `    - ${inMarkdown(title)}`));
      }
    }
  }
  return `${lines.join("\n")}\n`;
}

const provingFiles = (tests, id, isWire) =>
  [...tests].flatMap(([file, titles]) =>
    ON_THE_WIRE.test(file) === isWire && titles.has(id) ? [[file, titles.get(id)]] : [],
  );

const inMarkdown = (title) => title.replace(/[\\`*_{}[\]<>#|$]/g, "\\$&");

/** Rules marked done that no logic test, or no test on the wire, names. */
export const halfProven = ({ rules }, tests) =>
  rules
    .filter(({ status }) => status === "done")
    .flatMap(({ id }) => [
      ...(provingFiles(tests, id, false).length > 0 ? [] : [`${id} is marked done, but no test of its logic names it`]),
      ...(provingFiles(tests, id, true).length > 0 ? [] : [`${id} is marked done, but no test on the wire names it`]),
    ]);

function testFiles() {
  const files = fs
    .readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules")
    .flatMap((entry) => filesBelow(inRoot(entry.name)));
  return files.filter((file) => TEST_FILE.test(file));
}

/** The titles of every test, by file and rule. */
export function allTitles() {
  const names = testFiles().map((file) => path.relative(ROOT, file).split(path.sep).join("/"));
  return new Map(names.sort().map((name) => [name, titlesIn(fs.readFileSync(inRoot(name), "utf8"))]));
}

/** The table as it has to stand in docs/. */
export async function tableNow() {
  const rules = rulesOf(fs.readFileSync(inRoot("SPEC.md"), "utf8"));
  const options = await prettier.resolveConfig(inRoot(TABLE));
  return prettier.format(coverageTable(rules, allTitles()), { ...options, filepath: inRoot(TABLE) });
}

async function main() {
  const rules = rulesOf(fs.readFileSync(inRoot("SPEC.md"), "utf8"));
  const titles = allTitles();
  const { problems, counts } = compare(
    rules,
    new Map([...titles].map(([file, byRule]) => [file, new Set(byRule.keys())])),
  );
  for (const [status, { rules, tested }] of Object.entries(counts)) {
    console.log(`${status}: ${rules} rules, ${tested} of them named by a test`);
  }
  problems.push(...halfProven(rules, titles));
  for (const problem of problems) console.error(`SPEC.md: ${problem}`);
  const table = await tableNow();
  const written = fs.existsSync(inRoot(TABLE)) ? fs.readFileSync(inRoot(TABLE), "utf8") : "";
  if (process.argv.includes("--write")) fs.writeFileSync(inRoot(TABLE), table);
  else if (table !== written) console.error(`${TABLE} is not up to date: npm run spec -- --write`);
  process.exitCode = problems.length > 0 || (table !== written && !process.argv.includes("--write")) ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
