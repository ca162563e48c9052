import { highestRate } from "./calls.mjs";
import { startApp } from "./support/app.mjs";
import { EngineProcess, heapAfterGc } from "./support/engine.mjs";
import { fixed, pause, printTable } from "./support/table.mjs";
import { WsClient } from "./support/ws-client.mjs";

const RATES = [50, 100, 200, 500];
const SECONDS = 8;
const WARM_UP_CALLS = 6000;
/** Connections the calls are spread over. */
const CALLERS = 50;
const IDLE_CLIENTS = 5000;
/** Two rounds of the engine's 30 s pings. */
const IDLE_SECONDS = 60;
/** Clients that connect or register at the same time. */
const AT_ONCE = 50;

/** The cost of calls over WebSocket, of registering with a digest, and of 5,000 registered clients that do nothing. */
export async function benchWebSockets({ search = true } = {}) {
  await withEngine((engine, app) => calls(engine, app, search));
  // A fresh one: what earlier load has left unused in the heap would hide what clients take.
  await withEngine(clients);
}

async function withEngine(work) {
  // All clients come from one address here.
  const options = ["--max-source-connections", String(2 * IDLE_CLIENTS)];
  const engine = await EngineProcess.start(options, ["--inspect=127.0.0.1:0"]);
  const app = await startApp(engine);
  try {
    await work(engine, app);
  } finally {
    await app.stop();
    await engine.stop();
  }
}

async function calls(engine, app, search) {
  const callers = await inGroups(CALLERS, (i) => WsClient.open(engine.ports.ws, `caller${i}`));
  await steadily(callers, 400, WARM_UP_CALLS);
  await engine.settled();
  const rows = [];
  for (const rate of RATES) {
    const before = [engine.cpuMs(), app.cpuMs()];
    const failed = await steadily(callers, rate, rate * SECONDS);
    await engine.settled();
    const spent = [engine.cpuMs() - before[0], app.cpuMs() - before[1]];
    await engine.idle();
    const succeeded = rate * SECONDS - failed;
    rows.push({
      "calls/s": rate,
      calls: succeeded,
      failed,
      "engine, CPU ms per call": fixed(spent[0] / succeeded),
      "app, CPU ms per call": fixed(spent[1] / succeeded),
    });
  }
  printTable("INVITE, 200, ACK, BYE, 200 over WebSocket", rows);
  if (search) {
    // Nothing is sent again over a connection but the 200 that waits for its ACK (RFC 3261 13.3.1.4).
    await highestRate(engine, async (rate, count) => {
      const failed = await steadily(callers, rate, count);
      return { failed, retransmissions: 0 };
    });
  }
  for (const caller of callers) caller.close();
}

/** Calls at a steady rate, one caller after the other; how many failed. */
async function steadily(callers, rate, count) {
  const begin = performance.now();
  const running = [];
  let failed = 0;
  for (let i = 0; i < count; i++) {
    const due = begin + (i * 1000) / rate;
    if (due > performance.now()) await pause(due - performance.now());
    running.push(callers[i % callers.length].call().catch(() => failed++));
  }
  await Promise.all(running);
  return failed;
}

async function clients(engine, app) {
  const first = await inGroups(AT_ONCE, (i) => WsClient.open(engine.ports.ws, `first${i}`));
  await inGroups(AT_ONCE, (i) => first[i].register());
  await engine.settled();
  const before = { heap: await heapAfterGc(engine), rss: engine.rss() };
  const connected = await inGroups(IDLE_CLIENTS, (i) => WsClient.open(engine.ports.ws, `user${i}`));
  const cpu = [engine.cpuMs(), app.cpuMs()];
  await inGroups(IDLE_CLIENTS, (i) => connected[i].register());
  await engine.settled();
  const spent = [engine.cpuMs() - cpu[0], app.cpuMs() - cpu[1]];
  await engine.idle();
  const after = { heap: await heapAfterGc(engine), rss: engine.rss() };
  const idleFrom = engine.cpuMs();
  await pause(IDLE_SECONDS * 1000);
  const share = (engine.cpuMs() - idleFrom) / (IDLE_SECONDS * 10);
  printTable(`${IDLE_CLIENTS} registered WebSocket clients`, [
    {
      "REGISTER with digest (401, 200), engine CPU ms": fixed(spent[0] / IDLE_CLIENTS),
      "app CPU ms": fixed(spent[1] / IDLE_CLIENTS),
      "heap per client, kB": fixed((after.heap - before.heap) / IDLE_CLIENTS / 1000, 1),
      "RSS per client, kB": fixed((after.rss - before.rss) / IDLE_CLIENTS / 1000, 1),
      "idle, % of a core": fixed(share, 1),
    },
  ]);
  for (const client of [...first, ...connected]) client.close();
}

/** Makes `count` of something, some at once. */
async function inGroups(count, make) {
  const made = [];
  for (let i = 0; i < count; i += AT_ONCE) {
    const group = Array.from({ length: Math.min(AT_ONCE, count - i) }, (_, j) => make(i + j));
    made.push(...(await Promise.all(group)));
  }
  return made;
}
