import { startApp } from "./support/app.mjs";
import { EngineProcess } from "./support/engine.mjs";
import { sippCalls } from "./support/sipp.mjs";
import { fixed, printTable } from "./support/table.mjs";

const RATES = [50, 100, 200, 500];
const SECONDS = 8;
const WARM_UP_CALLS = 6000;
const HOLD_SECONDS = 15;
/** Steps of the search for the highest rate held, calls/s. */
const STEPS = [500, 700, 900, 1100, 1300];

/**
 * CPU time of one call (INVITE, 200, ACK, BYE, 200) by rate, then the highest rate that is held without a failed call
 * or a retransmission. CPU is counted until the timers of the last call are over: what comes later is part of a call.
 */
export async function benchCalls({ search = true, profile = [] } = {}) {
  const engine = await EngineProcess.start([], profile);
  const app = await startApp(engine);
  try {
    await sippCalls(engine.ports.udp, 400, WARM_UP_CALLS);
    await engine.settled();
    const rows = [];
    for (const rate of RATES) rows.push(await atRate(engine, app, rate, SECONDS));
    printTable("INVITE, 200, ACK, BYE, 200 over UDP (SIPp)", rows);
    if (search) await highestRate(engine);
  } finally {
    await app.stop();
    await engine.stop();
  }
}

async function atRate(engine, app, rate, seconds) {
  const before = [engine.cpuMs(), app.cpuMs()];
  const { succeeded, failed, retransmissions } = await sippCalls(engine.ports.udp, rate, rate * seconds);
  await engine.settled();
  const spent = [engine.cpuMs() - before[0], app.cpuMs() - before[1]];
  await engine.idle();
  return {
    "calls/s": rate,
    calls: succeeded,
    failed,
    retransmissions,
    "engine, CPU ms per call": fixed(spent[0] / succeeded),
    "app, CPU ms per call": fixed(spent[1] / succeeded),
  };
}

async function highestRate(engine) {
  let held = 0;
  for (const rate of STEPS) {
    const { failed, retransmissions } = await sippCalls(engine.ports.udp, rate, rate * HOLD_SECONDS);
    process.stdout.write(`${rate} calls/s for ${HOLD_SECONDS} s: ${failed} failed, ${retransmissions} sent again\n`);
    if (failed > 0 || retransmissions > 0) break;
    held = rate;
  }
  process.stdout.write(`held without failure or retransmission: ${held} calls/s\n`);
}
