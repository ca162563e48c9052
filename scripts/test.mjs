#!/usr/bin/env node
// `npm test`: sets up what is missing, then runs every stage, all of them even when one fails. The last line is
// "N passed, N failed". Only some stages: npm test -- --only unit,e2e
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { duration, say, SetupError } from "./lib/progress.mjs";
import { DATA, ROOT } from "./lib/project.mjs";
import { againStage, phases } from "./lib/stages.mjs";
import { setUp } from "./setup.mjs";

const KILL_AFTER_MS = 10_000;
const INTERRUPTS = ["SIGHUP", "SIGINT", "SIGTERM"];
const LINGER_MS = 20_000; // a stage whose report is written has this long to end by itself

async function main() {
  const wanted = onlyOption(process.argv.slice(2));
  const all = phases();
  const stages = all.flat(2);
  const unknown = wanted?.filter((name) => !stages.some((stage) => stage.name === name)) ?? [];
  if (unknown.length > 0) throw new SetupError(`No such stage: ${unknown.join(", ")}. There are ${names(stages)}.`);
  const results = [await setUpStage()];
  for (const lanes of all) {
    const chosen = lanes.map((lane) => lane.filter(({ name }) => !wanted || wanted.includes(name)));
    results.push(...(await runPhase(chosen.filter((lane) => lane.length > 0))));
  }
  const again = results.flatMap((result) => result.again ?? []);
  if (again.length > 0) {
    for (const file of again) say(`failed, and is run again alone: ${path.relative(ROOT, file)}`);
    results.push(await runStage(againStage(again)));
  }
  summarise(results);
}

const names = (stages) => stages.map((stage) => stage.name).join(", ");

function onlyOption(args) {
  const at = args.findIndex((arg) => arg === "--only" || arg.startsWith("--only="));
  if (at < 0) return undefined;
  const value = args[at].includes("=") ? args[at].slice("--only=".length) : args[at + 1];
  return (value ?? "").split(",").filter(Boolean);
}

/** A set-up that fails is a failure, but what can be tested without it still is. */
async function setUpStage() {
  const started = Date.now();
  try {
    await setUp({ forTests: true });
    return { name: "set-up", ms: Date.now() - started, passed: 0, failed: 0, notes: [] };
  } catch (error) {
    say(`\n${error.message}`);
    return { name: "set-up", ms: Date.now() - started, passed: 0, failed: 1, notes: ["set-up failed"] };
  }
}

/** Runs lanes beside each other: the first has the screen, what the others wrote is shown after it. */
async function runPhase([first = [], ...others]) {
  const aside = others.map((lane) => ({ lane, results: runLane(lane, { aside: true }) }));
  const results = await runLane(first);
  for (const { lane, results: theirs } of aside) {
    say(`\n${names(lane)}: running beside, shown when done`);
    results.push(...(await theirs));
    for (const stage of lane) say(`\n── ${stage.name} ──\n${fs.readFileSync(logOf(stage), "utf8")}`);
  }
  return results;
}

async function runLane(stages, options) {
  const results = [];
  for (const stage of stages) results.push(await runStage(stage, options));
  return results;
}

const logOf = (stage) => path.join(DATA, "test", `${stage.name}.log`);

async function runStage(stage, { aside = false } = {}) {
  if (!aside) say(`\n── ${stage.name} ──`);
  if (stage.warning) say(`Warning: ${stage.warning}`);
  const started = Date.now();
  if (stage.output) {
    fs.mkdirSync(path.dirname(stage.output), { recursive: true });
    fs.rmSync(stage.output, { force: true });
  }
  fs.mkdirSync(path.dirname(logOf(stage)), { recursive: true });
  const log = aside ? fs.openSync(logOf(stage), "w") : undefined;
  const { exitCode, problem } = await execute(stage, log ? ["ignore", log, log] : "inherit");
  if (log) fs.closeSync(log);
  const result = { name: stage.name, ms: Date.now() - started, ...stage.read(exitCode) };
  if (problem) {
    result.failed += 1;
    result.notes.push(problem);
  }
  if (result.passed + result.failed === 0 && !result.again) {
    result.failed = 1;
    result.notes.push("nothing ran");
  }
  return result;
}

/** Runs a stage's command in a temporary folder of its own, which ends with it. */
async function execute(stage, stdio) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "lw-")); // short: a Unix socket's path has 107 characters
  fs.chmodSync(folder, 0o711); // a database server works in it as a user of its own
  const remove = () => {
    try {
      fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    } catch (error) {
      say(`${folder} cannot be removed: ${error.message}`);
    }
  };
  process.on("exit", remove);
  try {
    return await carryOut({ ...stage, env: { ...stage.env, TMPDIR: folder } }, stdio);
  } finally {
    process.off("exit", remove);
    remove();
  }
}

/** One that hangs is ended, with whatever it started. */
async function carryOut({ command: [command, ...args], env, timeout, output }, stdio) {
  const child = spawn(command, args, { cwd: ROOT, env: { ...process.env, ...env }, stdio, detached: true });
  const end = (signal) => {
    try {
      process.kill(-child.pid, signal);
    } catch {
      // It has ended by itself meanwhile.
    }
  };
  const endAtOnce = () => end("SIGKILL");
  process.prependListener("exit", endAtOnce); // before its folder is removed
  const done = new Promise((resolve) => {
    child.on("exit", (code) => resolve({ exitCode: code ?? 1 }));
    child.on("error", (error) => resolve({ exitCode: 1, problem: error.message }));
  });
  const stop = new AbortController();
  const hung = overdue({ timeout, output, signal: stop.signal }).then(async (problem) => {
    end("SIGTERM");
    await Promise.race([done, delay(KILL_AFTER_MS, undefined, { ref: false })]);
    end("SIGKILL");
    await done;
    return { exitCode: 1, problem };
  });
  const result = await Promise.race([done, hung]);
  stop.abort();
  process.off("exit", endAtOnce);
  return result;
}

/** Resolves with what is wrong once a stage has taken too long, or lingers after it has written its report. */
async function overdue({ timeout, output, signal }) {
  const until = Date.now() + timeout;
  let reportedAt;
  while (!signal.aborted) {
    await delay(500, undefined, { ref: false });
    if (Date.now() > until) return `ended after ${duration(timeout)}`;
    if (!output || !fs.existsSync(output)) continue;
    reportedAt ??= Date.now();
    if (Date.now() - reportedAt > LINGER_MS) return "did not end by itself: something was left open";
  }
  return new Promise(() => {});
}

function summarise(results) {
  const width = Math.max(...results.map(({ name }) => name.length));
  say("\nStage".padEnd(width + 3) + "passed  failed  time");
  for (const { name, passed, failed, ms, notes } of results) {
    const figures = `${String(passed).padStart(6)}  ${String(failed).padStart(6)}  ${duration(ms)}`;
    say(`${name.padEnd(width + 2)}${figures}${notes.length > 0 ? `  (${notes.join("; ")})` : ""}`);
  }
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  const line = `${passed} passed, ${failed} failed`;
  fs.mkdirSync(path.join(DATA, "test"), { recursive: true });
  fs.writeFileSync(path.join(DATA, "test", "summary.txt"), `${line}\n`);
  process.exitCode = failed > 0 ? 1 : 0;
  say(`\n${line}`);
}

for (const signal of INTERRUPTS) process.on(signal, () => process.exit(130));
main().catch((error) => {
  say(error instanceof SetupError ? error.message : error.stack);
  say("\n0 passed, 1 failed");
  process.exitCode = 1;
});
