// Steps with a progress line and a duration; commands whose output is kept in a file and shown only when they fail.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { DATA, ROOT } from "./project.mjs";

const LINE_EVERY_MS = 15_000; // without a terminal: often enough to see life, rare enough for a log
const TAIL_LINES = 40;

/** An error that a person can act on: printed without a stack trace. */
export class SetupError extends Error {}

/** A line of the scripts' own on the terminal. */
export const say = (text) => console.log(text);

/** "0.4 s", "12.3 s", "5 min 07 s". */
export function duration(ms) {
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${String(Math.floor(seconds % 60)).padStart(2, "0")} s`;
}

/**
 * Runs one step of a longer job: prints its name, shows what it reports while it works, and ends with the duration.
 * The step gets `report(text)`, and returns a short text for the closing line ("unchanged") or nothing.
 */
export async function step(name, work) {
  const started = Date.now();
  const live = liveLine(name, started);
  try {
    const result = await work(live.report);
    live.end(`✓ ${name}${result ? `: ${result}` : ""} (${duration(Date.now() - started)})`);
  } catch (error) {
    live.end(`✗ ${name} (${duration(Date.now() - started)})`);
    throw error;
  }
}

function liveLine(name, started) {
  const tty = process.stdout.isTTY;
  let status = "";
  const show = () => {
    const text = `… ${name}${status ? `: ${status}` : ""} (${duration(Date.now() - started)})`;
    if (tty) process.stdout.write(`\r\u001b[2K${text.slice(0, (process.stdout.columns ?? 80) - 1)}`);
    else say(text);
  };
  const timer = setInterval(show, tty ? 500 : LINE_EVERY_MS);
  if (tty) show();
  return {
    report: (text) => {
      status = text;
    },
    end: (text) => {
      clearInterval(timer);
      if (tty) process.stdout.write("\r\u001b[2K");
      say(text);
    },
  };
}

/**
 * Runs a command with its output in `.legwork/logs/setup-<log>.log`; `onLine` sees each line as it comes.
 * Rejects with the end of that output when the command fails.
 */
export async function run(command, args, options = {}) {
  const { cwd = ROOT, env = process.env, log = path.basename(command), timeout, onLine } = options;
  const file = path.join(DATA, "logs", `setup-${log}.log`);
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const out = fs.createWriteStream(file);
  const tail = [];
  const { code, signal } = await new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, timeout, stdio: ["ignore", "pipe", "pipe"] });
    const end = () => child.kill();
    process.once("exit", end); // whoever asked for it has been stopped
    child.on("error", reject);
    for (const stream of [child.stdout, child.stderr]) {
      eachLine(stream, (line) => {
        out.write(`${line}\n`);
        tail.push(line);
        if (tail.length > TAIL_LINES) tail.shift();
        onLine?.(line);
      });
    }
    child.on("close", (exit, killed) => {
      process.off("exit", end);
      resolve({ code: exit, signal: killed });
    });
  }).catch((error) => {
    throw new SetupError(`${command} cannot be started: ${error.message}`);
  });
  out.end();
  if (code === 0) return;
  const why = signal ? `was stopped by ${signal}` : `failed with exit code ${code}`;
  throw new SetupError(`${tail.join("\n")}\n\n${[command, ...args].join(" ")}\n${why}. All output: ${file}`);
}

/** Calls `handle` with each line of a text stream. */
export function eachLine(stream, handle) {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk) => {
    const lines = (rest + chunk).split(/\r?\n|\r/);
    rest = lines.pop();
    lines.forEach((line) => handle(line));
  });
  stream.on("end", () => {
    if (rest) handle(rest);
  });
}

/** The end of a script: an error for people is printed plainly, any other with its stack. */
export function fail(error) {
  console.error(error instanceof SetupError ? `\n${error.message}` : error);
  process.exitCode = 1;
}
