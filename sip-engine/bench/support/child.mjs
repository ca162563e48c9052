import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

/** Clock ticks per second of /proc on Linux. */
const TICKS = 100;

/** A Node process of the bench that writes JSON lines. */
export class Child {
  /** Lines that were not the one waited for, for looking at errors afterwards. */
  lines = [];
  #process;
  #waiting = [];

  /** @param {readonly string[]} args Node's arguments: flags, script, its arguments */
  constructor(args, env = {}) {
    this.#process = spawn(process.execPath, args, {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      env: { ...process.env, ...env },
    });
    this.exited = new Promise((resolve) => this.#process.once("exit", (code, signal) => resolve({ code, signal })));
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      createInterface({ input: stream }).on("line", (line) => this.#line(line));
    }
    this.#process.on("message", (message) => this.#line(JSON.stringify(message)));
  }

  get pid() {
    return this.#process.pid;
  }

  get running() {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Tells the process something over its IPC channel. */
  send(message) {
    this.#process.send(message);
  }

  #line(line) {
    this.lines.push(line);
    if (this.lines.length > 1000) this.lines.shift();
    this.#waiting = this.#waiting.filter(({ test, resolve }) => {
      const found = test(line);
      if (found !== undefined) resolve(found);
      return found === undefined;
    });
  }

  /** Waits for the first line that `test` makes something of. */
  async line(test, what) {
    for (const line of this.lines) {
      const found = test(line);
      if (found !== undefined) return found;
    }
    const found = new Promise((resolve) => this.#waiting.push({ test, resolve }));
    const ended = this.exited.then(() => {
      throw new Error(`${what}: the process ended\n${this.lines.join("\n")}`);
    });
    return Promise.race([found, ended]);
  }

  /** User and system time spent so far, all threads, in ms. */
  cpuMs() {
    return cpuMs(`/proc/${this.pid}/stat`);
  }

  /** The same of the thread that runs JavaScript: the rest is garbage collection and compilation. */
  mainThreadMs() {
    return cpuMs(`/proc/${this.pid}/task/${this.pid}/stat`);
  }

  /** Resident memory in bytes. */
  rss() {
    return 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${this.pid}/status`, "utf8"))?.[1] ?? 0);
  }

  /** Ends it in good order, so that a profile gets written; by force when that takes too long. */
  async stop() {
    if (this.running) this.#process.kill("SIGTERM");
    const force = setTimeout(() => this.#process.kill("SIGKILL"), 5000);
    await this.exited;
    clearTimeout(force);
  }
}

function cpuMs(path) {
  const stat = readFileSync(path, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS;
}

/** What a JSON line says, or undefined when it is none. */
export function json(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
