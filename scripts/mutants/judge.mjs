// Runs the domain's own proofs on a mutant, in this process: the model check first, then the unit tests that load the mutated file.
import { expect } from "expect";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import ts from "typescript";
import { filesBelow, inRoot } from "../lib/project.mjs";

const require = createRequire(import.meta.url);
export const DOMAIN = inRoot("sip-proxy/src/domain");
const CHECK = path.join(DOMAIN, "model-check/check.ts");
const OPTIONS = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS };

const compiled = new Map();
const compile = (source) => ts.transpileModule(source, { compilerOptions: OPTIONS }).outputText;
function compiledFile(file) {
  if (!compiled.has(file)) compiled.set(file, compile(fs.readFileSync(file, "utf8")));
  return compiled.get(file);
}

/** A fresh set of the domain's modules, in which one file may have another text. */
function world(mutant) {
  const modules = new Map();
  const tests = [];
  const load = (file) => {
    const known = modules.get(file);
    if (known) return known.exports;
    const module = { exports: {} };
    modules.set(file, module);
    const js = mutant && path.join(DOMAIN, mutant.file) === file ? compile(mutant.text) : compiledFile(file);
    new Function("require", "module", "exports", js)((name) => resolve(name, file), module, module.exports);
    return module.exports;
  };
  const resolve = (name, from) => {
    if (name === "@jest/globals") return runner(tests);
    if (name.startsWith("@legwork/shared/")) return load(inRoot("shared/src", name.slice(16), "index.ts"));
    if (name.startsWith(".")) return load(path.resolve(path.dirname(from), name.replace(/\.js$/, ".ts")));
    return require(name);
  };
  return { load, tests, has: (file) => modules.has(file) };
}

/** As much of a test runner as the domain's tests need. */
function runner(tests) {
  const it = (title, run) => tests.push({ title, run });
  it.each = (table) => (title, run) => table.forEach((row) => it(title, () => run(...[row].flat())));
  const describe = (_title, body) => body();
  describe.each = (table) => (_title, body) => table.forEach((row) => body(...[row].flat()));
  const beforeAll = (run) => it("before all", run);
  return { describe, it, test: it, expect, beforeAll, beforeEach: beforeAll };
}

const TESTS = filesBelow(DOMAIN).filter(
  (file) => file.endsWith(".test.ts") && !file.endsWith("model-check/interaction.test.ts"),
);

/** What catches a mutant, as a text; null: nothing does. Without a mutant: what is wrong with the source as it is. */
export async function judge(mutant) {
  try {
    const verdict = world(mutant).load(CHECK).checkInteractions({ untilWrong: true });
    const [title] = verdict.wrong.keys();
    if (title !== undefined) return title;
  } catch (error) {
    return `threw: ${error.message}`;
  }
  for (const file of TESTS) {
    const one = world(mutant);
    try {
      one.load(file);
      if (mutant && !one.has(path.join(DOMAIN, mutant.file))) continue;
      for (const { run } of one.tests) await run();
    } catch (error) {
      return `${path.basename(file)}: ${String(error.message).split("\n")[0]}`;
    }
  }
  return null;
}
