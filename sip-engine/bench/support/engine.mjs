import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { WebSocket } from "ws";
import { Child, json } from "./child.mjs";

const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const { scripts } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
/** Node's flags of the `start` script. */
const START_FLAGS = scripts.start.split(" ").filter((word) => word.startsWith("--"));
const SECRET = "bench";
/** 64·T1 and the quarter of a second by which long timers may be late. */
const SETTLED_MS = 32_500;

/** The engine in a process of its own, on ports the system chose. */
export class EngineProcess extends Child {
  ports = {};
  /** Calls that failed: nobody hangs up any more, so their dialogs may stay. */
  lost = 0;

  /**
   * @param {readonly string[]} options further engine options
   * @param {readonly string[]} flags Node's own flags
   */
  static async start(options = [], flags = []) {
    const sip = ["udp", "tcp", "ws"].flatMap((transport) => ["--sip", `${transport}:127.0.0.1:0`]);
    const fixed = ["--admin", "127.0.0.1:0", "--http", "127.0.0.1:0", "--secret", SECRET];
    const engine = new EngineProcess([...START_FLAGS, ...flags, MAIN, ...sip, ...fixed, ...options], {
      NODE_ENV: "production",
    });
    const said = await engine.line((line) => {
      const entry = json(line);
      return entry?.msg === "listening" ? entry : undefined;
    }, "sip-engine");
    for (const [, transport, port] of said.sip.matchAll(/(\w+)\/[\d.]+:(\d+)/g)) engine.ports[transport] = Number(port);
    engine.ports = { ...engine.ports, admin: said.admin, http: said.http };
    return engine;
  }

  get secret() {
    return SECRET;
  }

  async get(path) {
    const response = await fetch(`http://127.0.0.1:${this.ports.http}${path}`);
    return path === "/metrics" ? response.text() : response.json();
  }

  /** One of its counters. */
  async count(name) {
    const line = (await this.get("/metrics")).split("\n").find((one) => one.startsWith(`${name} `));
    return Number(line?.slice(name.length + 1) ?? 0);
  }

  /** What is alive inside: transactions, dialogs, timers, … */
  async counts() {
    return (await this.get("/debug/dump")).counts;
  }

  /** Waits as long as the last transaction may live (32 s) without a question: asking costs what is being measured. */
  async settled() {
    await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
  }

  /** Waits until nothing of earlier calls is left. */
  async idle(timeoutMs = 60_000) {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const counts = await this.counts();
      const left = Object.entries(counts).filter(
        ([name, count]) => name !== "timers" && count > (name === "dialogs" ? this.lost : 0),
      );
      if (left.length === 0) return;
      if (Date.now() > deadline) throw new Error(`still alive: ${JSON.stringify(counts)}`);
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
}

/** Heap of a process started with `--inspect=127.0.0.1:0`, after garbage collection, in bytes. */
export async function heapAfterGc(child) {
  const url = await child.line((line) => /Debugger listening on (ws:\S+)/.exec(line)?.[1], "inspector");
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  let next = 0;
  const call = (method) =>
    new Promise((resolve) => {
      const id = ++next;
      socket.on("message", (data) => {
        const message = JSON.parse(data);
        if (message.id === id) resolve(message.result);
      });
      socket.send(JSON.stringify({ id, method }));
    });
  for (let i = 0; i < 3; i++) await call("HeapProfiler.collectGarbage");
  const { usedSize, backingStorageSize = 0 } = await call("Runtime.getHeapUsage");
  socket.close();
  return usedSize + backingStorageSize;
}
