import { startApp } from "./support/app.mjs";
import { EngineProcess } from "./support/engine.mjs";
import { startReference } from "./support/reference.mjs";
import { sippCalls } from "./support/sipp.mjs";
import { fixed, printTable } from "./support/table.mjs";

const RATES = [50, 100, 200, 500];
const SECONDS = 8;
const WARM_UP_CALLS = 6000;
const HOLD_SECONDS = 15;
/** Steps of the search for the highest rate held, calls/s. */
const STEPS = [500, 700, 900, 1100, 1300, 1500];
/** On a busy machine one message may be late for reasons that are not the engine's. */
const TRIES = 2;

/**
 * CPU time of one call (INVITE, 200, ACK, BYE, 200) by rate, then the highest rate that is held without a failed call
 * or a retransmission. CPU is counted until the timers of the last call are over: what comes later is part of a call.
 */
export async function benchCalls({ search = true, profile = [] } = {}) {
  const engine = await EngineProcess.start([], profile);
  const app = await startApp(engine);
  const reference = await startReference();
  const parties = { engine, app, reference };
  try {
    engine.lost += (await sippCalls(engine.ports.udp, 400, WARM_UP_CALLS)).failed;
    await sippCalls(reference.port, 400, WARM_UP_CALLS);
    await engine.settled();
    const rows = [];
    for (const rate of RATES) rows.push(await atRate(parties, rate, SECONDS));
    printTable("INVITE, 200, ACK, BYE, 200 over UDP (SIPp)", rows);
    await reference.stop();
    if (search) await highestRate(engine, (rate, calls) => sippCalls(engine.ports.udp, rate, calls));
  } finally {
    await reference.stop();
    await app.stop();
    await engine.stop();
  }
}

async function atRate({ engine, app, reference }, rate, seconds) {
  const all = [engine, app, reference];
  const before = all.map((one) => one.cpuMs());
  const mainBefore = engine.mainThreadMs();
  const calls = rate * seconds;
  const [{ succeeded, failed, retransmissions }, bare] = await Promise.all([
    sippCalls(engine.ports.udp, rate, calls),
    sippCalls(reference.port, rate, calls),
  ]);
  engine.lost += failed;
  await engine.settled();
  const main = engine.mainThreadMs() - mainBefore;
  const spent = all.map((one, i) => one.cpuMs() - before[i]);
  await engine.idle();
  const [perCall, perBare] = [spent[0] / succeeded, spent[2] / bare.succeeded];
  return {
    "calls/s": rate,
    calls: succeeded,
    failed,
    "sent again": retransmissions,
    "engine, CPU ms per call": fixed(perCall),
    "of it on the main thread": fixed(main / succeeded),
    "app, CPU ms per call": fixed(spent[1] / succeeded),
    "bare Node, CPU ms per call": fixed(perBare),
    "engine / bare Node": fixed(perCall / perBare, 1),
  };
}

/**
 * Looks for the highest rate held, step by step, and says what it saw.
 * @param load makes so many calls at a rate; tells how many failed, and how much the caller sent again
 */
export async function highestRate(engine, load) {
  let held = 0;
  for (const rate of STEPS) {
    if (!(await holds(engine, rate, load))) break;
    held = rate;
  }
  process.stdout.write(`held without failure or retransmission: ${held} calls/s\n`);
}

async function holds(engine, rate, load) {
  const calls = rate * HOLD_SECONDS;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const before = await engine.count(ANSWERS);
    const { failed, retransmissions } = await load(rate, calls);
    // Two answers to each call; every further one was sent again, by the engine or because the caller asked again.
    const extra = (await engine.count(ANSWERS)) - before - 2 * (calls - failed);
    process.stdout.write(
      `${rate} calls/s for ${HOLD_SECONDS} s: ${failed} failed, sent again: ${retransmissions} by the caller, ${Math.max(0, extra)} by the engine\n`,
    );
    if (failed === 0 && retransmissions === 0 && extra <= 0) return true;
  }
  return false;
}

const ANSWERS = 'sip_responses_total{direction="out",class="2xx"}';
