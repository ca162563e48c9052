#!/usr/bin/env node
// `npm run mutants`: makes small mistakes in the interaction rules, one at a time, and sees whether the model check and the domain's tests notice.
// Every mutant that nothing notices must stand in survivors.json with the reason, and nothing else may. `--sample 20 --seed 1` tries that many.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { filesBelow, inRoot } from "../lib/project.mjs";
import { mutantsOf } from "./operators.mjs";

const DOMAIN = inRoot("sip-proxy/src/domain");
const SURVIVORS = inRoot("scripts/mutants/survivors.json");
const AT_LEAST = 0.95;
/** Far beyond any walk: a mutant that makes it loop has been noticed. */
const MUTANT_TIMEOUT_MS = 600_000;

/** The rules of an interaction, and what is read off its state. */
const MUTATED = ["decide.ts", "seat-plan.ts", "leg-plan.ts", "controls.ts", "seats.ts"].map((name) =>
  path.join(DOMAIN, name),
);

/** Every mutant of the rules as they are. */
export function allMutants() {
  const files = [...MUTATED, ...filesBelow(path.join(DOMAIN, "phases"))].filter((file) => !file.endsWith(".test.ts"));
  return files.flatMap((file) => mutantsOf(path.relative(DOMAIN, file), fs.readFileSync(file, "utf8")));
}

/** As many of them as wanted, the same ones for the same seed. */
export function sampleOf(mutants, count, seed) {
  const left = [...mutants];
  let x = seed >>> 0;
  const next = () => (x = (Math.imul(x, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  return Array.from(
    { length: Math.min(count, left.length) },
    () => left.splice(Math.floor(next() * left.length), 1)[0],
  );
}

/** How a mutant is written in survivors.json: by what it changes, not by its line, which moves. */
export const nameOf = ({ file, context, was, became }) => `${file}: ${context}: ${was} → ${became || "(nothing)"}`;

export const readSurvivors = () => JSON.parse(fs.readFileSync(SURVIVORS, "utf8"));

/** Judges all, some at a time; `report(mutant, caughtBy)` hears of each. */
export async function judgeAll(mutants, report, threads = os.availableParallelism()) {
  const queue = [...mutants];
  await Promise.all(
    Array.from({ length: Math.min(threads, queue.length) }, async () => {
      let worker;
      for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
        worker ??= new Worker(new URL("./worker.mjs", import.meta.url));
        const caughtBy = await judgeIn(worker, mutant);
        if (caughtBy === TIMED_OUT) {
          await worker.terminate();
          worker = undefined;
        }
        report(mutant, caughtBy);
      }
      await worker?.terminate();
    }),
  );
}

const TIMED_OUT = "does not come to an end";

function judgeIn(worker, mutant) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(TIMED_OUT), MUTANT_TIMEOUT_MS);
    const over = (settle) => (value) => {
      clearTimeout(timer);
      worker.off("message", heard).off("error", failed);
      settle(value);
    };
    const heard = over(resolve);
    const failed = over(reject);
    worker.on("message", heard).on("error", failed).postMessage(mutant);
  });
}

/** What is wrong with the survivors: mutants that nothing noticed and nobody has explained, and explanations of none. */
export function compareSurvivors(survived, explained, tried) {
  const names = new Set(survived.map(nameOf));
  const triedNames = new Set(tried.map(nameOf));
  const all = new Set(allMutants().map(nameOf));
  return [
    ...[...names].filter((name) => !(name in explained)).map((name) => `survived, without a reason: ${name}`),
    ...Object.keys(explained)
      .filter((name) => !all.has(name) || (triedNames.has(name) && !names.has(name)))
      .map((name) => `no longer survives: ${name}`),
  ];
}

async function main() {
  const { values } = parseArgs({
    options: {
      sample: { type: "string" },
      seed: { type: "string", default: "1" },
      only: { type: "string", default: "" },
      list: { type: "boolean", default: false },
    },
  });
  const mutants = allMutants().filter((mutant) => nameOf(mutant).includes(values.only));
  const tried = values.sample ? sampleOf(mutants, Number(values.sample), Number(values.seed)) : mutants;
  if (values.list) return tried.forEach((mutant) => console.log(nameOf(mutant)));
  console.log(`${tried.length} of ${mutants.length} mutants, seed ${values.seed}`);
  const started = Date.now();
  const survived = [];
  let judged = 0;
  await judgeAll(tried, (mutant, caughtBy) => {
    if (++judged % 100 === 0) console.log(`${judged} judged, ${survived.length} survived`);
    if (caughtBy === null) survived.push(mutant);
    if (caughtBy === null) console.log(`survived: ${nameOf(mutant)} (line ${mutant.line})`);
  });
  const caught = 1 - survived.length / tried.length;
  console.log(`${(100 * caught).toFixed(1)} % caught in ${Math.round((Date.now() - started) / 1000)} s`);
  const problems = compareSurvivors(survived, readSurvivors(), tried);
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 || (!values.sample && caught < AT_LEAST) ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
