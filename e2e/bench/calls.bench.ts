// How many whole interactions the product carries: SIPp's customers call with real RTP, are queued, answered, consulted about, transferred and wrapped up.
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import type { AutoPhone } from "../src/auto-phone.js";
import { nowMs, untilMs } from "../src/clock.js";
import { cpuSeconds } from "../src/cpu.js";
import { openAgents, type Place, placeOf, SHARED_NUMBER, sitePartsFor, TONES } from "../src/phone-site.js";
import { Product } from "../src/product.js";
import { SippCustomer } from "../src/sipp.js";
import { sine } from "../src/tones.js";
import { encodeUlaw } from "../src/ulaw.js";
import { engineIsIdle, leaking, memoryOf, slope, type Memory } from "./calls-memory.js";

const SECONDS = Number(process.env["LEGWORK_BENCH_SECONDS"] ?? 60);
const WARM_UP_SECONDS = 40;
const PLACES = Number(process.env["LEGWORK_BENCH_PLACES"] ?? 8);
const WITHIN_MS = 30_000;
/** Memory is looked at before, and after each of so many parts. */
const PARTS = 4;
const PROCESSES = ["sip-engine", "sip-proxy", "media-server"] as const;

let product: Product;
let people: readonly (readonly [AutoPhone, AutoPhone])[];

beforeAll(async () => {
  product = await Product.start({}, sitePartsFor(PLACES));
  people = await Promise.all(Array.from({ length: PLACES }, (_, n) => openAgents(product, placeOf(n))));
  for (const phone of people.flat()) phone.manner = { kind: "answers", afterMs: 0 };
}, 180_000);

afterAll(async () => {
  for (const phone of (people ?? []).flat()) phone.close();
  await product?.stop();
}, 60_000);

/** A customer's call from the answer to the last wrap-up; rejects at the first thing that goes wrong. */
async function serve(place: Place, [owner, colleague]: readonly [AutoPhone, AutoPhone]): Promise<void> {
  await command(owner, { type: "consult", target: { kind: "agent", agent: place.colleague } });
  await owner.agent.consultIs("answered", WITHIN_MS);
  await command(owner, { type: "transfer" });
  await colleague.agent.isIn("connected", WITHIN_MS);
  await command(colleague, { type: "end" });
  await colleague.agent.settle();
  await owner.agent.wrapUp(); // and is Available for the next
}

async function command(phone: AutoPhone, body: object): Promise<void> {
  const code = await phone.agent.command(body);
  if (code !== null) throw new Error(`${JSON.stringify(body)} is refused: ${code}`);
}

const cpuMs = (): ReadonlyMap<string, number> =>
  new Map<string, number>(PROCESSES.map((name) => [name, cpuSeconds(product.pids()[name]!) * 1000]));

/** The owner takes call after call until no customer is left; resolves with how many there were. */
async function serveUntil(place: Place, pair: readonly [AutoPhone, AutoPhone], over: AbortSignal): Promise<number> {
  const { agent } = pair[0];
  for (let done = 0; ; done++) {
    const called = agent.until(({ interaction }) => (interaction?.phase === "connected" ? undefined : "no call"), over);
    try {
      await called;
    } catch (error) {
      if (over.aborted) return done;
      throw error;
    }
    await serve(place, pair);
  }
}

/** SIPp's customers call, as many at once as there are owners to answer; resolves with how many interactions there were. */
async function carry(seconds: number): Promise<{ readonly done: number; readonly seconds: number }> {
  await Promise.all(people.flat().map(({ agent }) => agent.phone.register())); // for two minutes
  await Promise.all(people.map(([owner]) => owner.agent.goAvailable()));
  const from = nowMs();
  const customers = SippCustomer.start({
    scenario: "calls-and-plays-until-hung-up.xml",
    port: placeOf(0).trunkPort,
    target: product.uri("x").slice("sip:x@".length),
    service: SHARED_NUMBER,
    sound: encodeUlaw(sine(TONES.customer, 1, 8000)),
    callsAtOnce: PLACES,
    timeoutSeconds: seconds + 120,
  });
  const over = new AbortController();
  const verdict = customers.verdict().finally(() => over.abort());
  void untilMs(from + seconds * 1000).then(() => customers.finish());
  const counts = await Promise.all([
    ...people.map((pair, n) => serveUntil(placeOf(n), pair, over.signal)),
    verdict.then(() => 0),
  ]);
  return { done: counts.reduce((a, b) => a + b, 0), seconds: (nowMs() - from) / 1000 };
}

it(
  "carries whole interactions without a failure, and keeps nothing of them",
  async () => {
    await carry(WARM_UP_SECONDS); // compiled code, and as many finished transactions as there will always be
    const points = [{ done: 0, memory: await settledMemory() }];
    const cpu = new Map<string, number>(PROCESSES.map((name) => [name, 0]));
    let [done, busy] = [0, 0];
    for (let part = 0; part < PARTS; part++) {
      const before = cpuMs();
      const { done: more, seconds } = await carry(SECONDS / PARTS);
      for (const [name, ms] of cpuMs()) cpu.set(name, cpu.get(name)! + ms - before.get(name)!);
      done += more;
      busy += seconds;
      points.push({ done, memory: await settledMemory() });
    }
    process.stdout.write(
      [
        "",
        `${done} interactions in ${busy.toFixed(0)} s, ${PLACES} at a time: ${(done / busy).toFixed(1)} per second, none failed`,
        "| process | CPU ms per interaction |",
        "| --- | --- |",
        ...[...cpu].map(([name, ms]) => `| ${name} | ${(ms / done).toFixed(1)} |`),
        "",
        ...memoryTable(points),
        "",
      ].join("\n"),
    );
    expect(product.crashes).toEqual([]);
    expect(leaking(points)).toEqual([]);
  },
  (SECONDS + 60 * (PARTS + 1) + 240) * 1000,
);

/** What is held with nothing alive: no call, and no finished transaction that still absorbs retransmissions (RFC 3261 section 17). */
async function settledMemory(): Promise<ReadonlyMap<string, Memory>> {
  await product.isEmpty(60_000);
  await engineIsIdle(product, 60_000);
  return memoryOf(product);
}

/** Memory after each part, and what one interaction adds to it. */
function memoryTable(points: readonly { done: number; memory: ReadonlyMap<string, Memory> }[]): readonly string[] {
  const rows = [...points[0]!.memory.keys()].flatMap((name) =>
    (["held", "resident"] as const).flatMap((kind) => {
      const values = points.map(({ done, memory }) => [done, memory.get(name)?.[kind] ?? null] as const);
      if (values.some(([, mb]) => mb === null)) return [];
      const known = values as readonly (readonly [number, number])[];
      const kb = (slope(known) * 1000).toFixed(1);
      return `| ${name} | ${kind} | ${known.map(([, mb]) => mb.toFixed(1)).join(" | ")} | ${kb} |`;
    }),
  );
  return [
    "MB after collecting, with nothing alive (held: V8's heap and what hangs on it)",
    `| process | | ${points.map(({ done }) => `after ${done}`).join(" | ")} | kB per interaction |`,
    `| --- | --- | ${points.map(() => "--- | ").join("")}--- |`,
    ...rows,
  ];
}
