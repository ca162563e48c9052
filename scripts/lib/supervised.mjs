// One child process under supervision: its log in a file, its health asked for, restarted with back-off when it
// crashes, drained on stop (SIGTERM, then SIGKILL after a grace).
import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import net from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { LogFile } from "./log-file.mjs";
import { eachLine } from "./progress.mjs";

const BACK_OFF_MS = [500, 1000, 2000, 5000, 10_000];
const STEADY_MS = 60_000; // up for so long: the next crash starts the back-off anew
const HEALTH_EVERY_MS = 100;
const LOG_TAIL_LINES = 15;

/**
 * Events: "started" (pid), "crashed" ({ code, signal, again: ms until the restart or null }), "error-line" (text).
 * A spec is { name, command, args, env, cwd, health }.
 */
export class Supervised extends EventEmitter {
  #spec;
  #log;
  #child;
  #crashes = 0;
  #stopping = false;
  #restarts;
  #tail = [];

  constructor(spec, { logDir, restarts = true }) {
    super();
    this.#spec = spec;
    this.#restarts = restarts;
    this.#log = new LogFile(path.join(logDir, `${spec.name}.log`), {
      onError: (error) => this.emit("error-line", `the log cannot be written: ${error.message}`),
    });
  }

  get name() {
    return this.#spec.name;
  }

  /** The process id, or undefined while it is down. */
  get pid() {
    return this.running ? this.#child.pid : undefined;
  }

  get running() {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  start() {
    const { command, args, env, cwd } = this.#spec;
    const startedAt = Date.now();
    // In a group of its own: a Ctrl-C in the terminal reaches the supervisor alone, which stops all in order.
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) eachLine(stream, (line) => this.#line(line));
    child.on("error", (error) => this.#line(`cannot be started: ${error.message}`));
    child.on("exit", (code, signal) => this.#exited(code, signal, startedAt));
    this.emit("started", child.pid);
  }

  /** Resolves when the process answers its health check; rejects when it ends first or time is up. */
  async ready(timeoutMs) {
    const until = Date.now() + timeoutMs;
    while (Date.now() < until) {
      if (!this.running) throw new Error(`${this.name} ended while starting.\n${this.tail()}`);
      if (await isHealthy(this.#spec.health)) return;
      await delay(HEALTH_EVERY_MS);
    }
    throw new Error(`${this.name} is not ready after ${timeoutMs / 1000} s.\n${this.tail()}`);
  }

  /** The last lines of its output, for an error message. */
  tail() {
    return `${this.#tail.join("\n")}\n(${this.#log.file})`;
  }

  /** Sends a signal, as a test that wants to see a crash does. */
  kill(signal = "SIGKILL") {
    return this.running && this.#child.kill(signal);
  }

  /** Asks the process to drain and end, and ends it when it has not after `graceMs`. */
  async stop(graceMs) {
    this.#stopping = true;
    if (this.running) {
      const exit = once(this.#child, "exit");
      this.#child.kill("SIGTERM");
      const timer = setTimeout(() => this.#child.kill("SIGKILL"), graceMs);
      await exit;
      clearTimeout(timer);
    }
    await this.#log.end();
  }

  #line(line) {
    this.#log.write(line);
    this.#tail.push(line);
    if (this.#tail.length > LOG_TAIL_LINES) this.#tail.shift();
    const text = errorText(line);
    if (text) this.emit("error-line", text);
  }

  #exited(code, signal, startedAt) {
    if (this.#stopping) return;
    if (Date.now() - startedAt > STEADY_MS) this.#crashes = 0;
    const again = this.#restarts ? BACK_OFF_MS[Math.min(this.#crashes, BACK_OFF_MS.length - 1)] : null;
    this.#crashes += 1;
    this.emit("crashed", { code, signal, again });
    if (again === null) return;
    setTimeout(() => {
      if (!this.#stopping) this.start();
    }, again).unref();
  }
}

/** What a person should see of a log line: errors of the JSON log, and whatever is not JSON (a stack trace). */
function errorText(line) {
  try {
    const entry = JSON.parse(line);
    return entry.level >= 50 ? [entry.msg, entry.err?.message].filter(Boolean).join(": ") : undefined;
  } catch {
    return line.trim() || undefined;
  }
}

/** A health check is { http: url } (2xx), or { tcp: { host, port } } (connects). */
async function isHealthy(health) {
  if (health.http) {
    try {
      const response = await fetch(health.http, { signal: AbortSignal.timeout(2000) });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }
  const socket = net.connect(health.tcp);
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(2000) });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
