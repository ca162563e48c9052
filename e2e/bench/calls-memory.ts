// What the processes of the product hold once everything that can be collected has been, and how that grows with the interactions.
import fs from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { WebSocket } from "ws";
import { nowMs, waitFor } from "../src/clock.js";
import type { Product } from "../src/product.js";

/** Memory of one process in MB. `held`: V8's heap and what hangs on it, after a collection; null for a process without V8. */
export interface Memory {
  readonly held: number | null;
  readonly resident: number;
}

const MB = 1e6;
/** Where Node's inspector listens when SIGUSR1 wakes it (nodejs.org/api/cli, "--inspect-port"): one process at a time. */
const INSPECTOR = "http://127.0.0.1:9229/json/list";
/** Where to write a heap snapshot of every process each time, for whoever looks for a leak; Chromium's developer tools compare them. */
const SNAPSHOTS = process.env["LEGWORK_BENCH_SNAPSHOTS"];
/** One collection finds what the finalizers of the one before have let go. */
const COLLECTIONS = 3;

/** Every process of the product by name, with those that the media server has started. */
export function processesOf(product: Product): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [name, pid] of Object.entries(product.pids())) addWithChildren(found, name, pid!);
  return found;
}

function addWithChildren(found: Map<string, number>, name: string, pid: number): void {
  found.set(name, pid);
  for (const child of childrenOf(pid)) {
    const isNode = commandOf(child).includes("thread-main.js");
    addWithChildren(found, isNode ? "media thread" : "mediasoup worker", child);
  }
}

const childrenOf = (pid: number): readonly number[] =>
  fs
    .readdirSync(`/proc/${pid}/task`)
    .flatMap((task) => fs.readFileSync(`/proc/${pid}/task/${task}/children`, "latin1").split(" ").filter(Boolean))
    .map(Number);

const commandOf = (pid: number): string => fs.readFileSync(`/proc/${pid}/cmdline`, "latin1");

/** Waits until the engine's last transaction is gone: finished ones stay for 64 T1 to absorb retransmissions (RFC 3261 section 17). */
export async function engineIsIdle(product: Product, withinMs: number): Promise<void> {
  await waitFor(async () => {
    const answer = await fetch(`http://127.0.0.1:${product.ports["engineHttp"]}/debug/dump`);
    const { counts } = (await answer.json()) as { counts: Readonly<Record<string, number>> };
    return counts["serverTransactions"] === 0 && counts["clientTransactions"] === 0
      ? undefined
      : JSON.stringify(counts);
  }, withinMs);
}

/** Collects the garbage of every process, one after the other, and says what is left. */
export async function memoryOf(product: Product): Promise<ReadonlyMap<string, Memory>> {
  const result = new Map<string, Memory>();
  for (const [name, pid] of processesOf(product)) {
    const held = name === "mediasoup worker" ? null : await heldBy(pid, name);
    const resident = Number(/^VmRSS:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, "latin1"))?.[1]) * 1024;
    result.set(name, { held: held === null ? null : held / MB, resident: resident / MB });
  }
  return result;
}

/** Bytes that a Node process holds after a collection, as its inspector tells. */
async function heldBy(pid: number, name: string): Promise<number> {
  process.kill(pid, "SIGUSR1");
  let url = "";
  await waitFor(async () => {
    const targets = await fetch(INSPECTOR).then(
      async (answer) => (await answer.json()) as { webSocketDebuggerUrl: string }[],
      () => [],
    );
    url = targets[0]?.webSocketDebuggerUrl ?? "";
    return url === "" ? `process ${pid} opens no inspector` : undefined;
  }, 20_000);
  const inspector = await Inspector.open(url);
  for (let i = 0; i < COLLECTIONS; i++) {
    await inspector.call("HeapProfiler.collectGarbage");
    await delay(50); // finalizers run in the process's own time
  }
  const { usedSize } = (await inspector.call("Runtime.getHeapUsage")) as { usedSize: number };
  const { result } = (await inspector.call("Runtime.evaluate", {
    expression: "process.memoryUsage().external",
  })) as { result: { value: number } };
  if (SNAPSHOTS !== undefined) {
    const file = path.resolve(SNAPSHOTS, `${name}-${Math.round(nowMs())}.heapsnapshot`);
    await inspector.call("Runtime.evaluate", {
      expression: `process.getBuiltinModule("node:v8").writeHeapSnapshot(${JSON.stringify(file)})`,
    });
  }
  await inspector.call("Runtime.evaluate", {
    expression: "void setTimeout(() => process.getBuiltinModule('node:inspector').close(), 0)",
  });
  await inspector.closed;
  return usedSize + result.value;
}

/** As much of the Chrome DevTools protocol as is needed here. */
class Inspector {
  readonly closed: Promise<void>;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (result: unknown) => void>();
  #next = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => socket.once("close", () => resolve()));
    socket.on("message", (data) => {
      const { id, result } = JSON.parse(String(data)) as { id?: number; result?: unknown };
      if (id !== undefined) this.#waiting.get(id)?.(result);
    });
  }

  static async open(url: string): Promise<Inspector> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    return new Inspector(socket);
  }

  call(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.#next;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }
}

/** The slope of the straight line that fits the points best (least squares), in y per x. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (pick: 0 | 1): number => points.reduce((sum, point) => sum + point[pick], 0) / points.length;
  const [x0, y0] = [mean(0), mean(1)];
  const over = points.reduce((sum, [x, y]) => sum + (x - x0) * (y - y0), 0);
  return over / points.reduce((sum, [x]) => sum + (x - x0) ** 2, 0);
}

/** A leg or a dialog that is held takes more than this; code that is still being compiled takes less. */
const LEAK_KB = 4;

/** The processes that hold more with each interaction, with kB per interaction. */
export function leaking(points: readonly { done: number; memory: ReadonlyMap<string, Memory> }[]): readonly string[] {
  return [...points[0]!.memory.keys()].flatMap((name) => {
    const held = points.map(({ done, memory }) => [done, memory.get(name)?.held ?? 0] as const);
    const kb = slope(held) * 1000;
    return kb > LEAK_KB ? [`${name}: ${kb.toFixed(1)} kB`] : [];
  });
}
