// How many whole interactions the product carries: customers call, are queued and answered, consult, transferred and wrapped up, with real SIP and RTP.
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import fs from "node:fs";
import type { AutoPhone } from "../src/auto-phone.js";
import { nowMs, waitFor } from "../src/clock.js";
import { cpuSeconds } from "../src/cpu.js";
import { openAgents, type Place, placeOf, sitePartsFor, TONES } from "../src/phone-site.js";
import { Product } from "../src/product.js";
import { RtpCustomer } from "../src/rtp-customer.js";

const SECONDS = Number(process.env["LEGWORK_BENCH_SECONDS"] ?? 60);
const WARM_UP_SECONDS = 40;
const PLACES = Number(process.env["LEGWORK_BENCH_PLACES"] ?? 8);
const WITHIN_MS = 30_000;
const PROCESSES = ["sip-engine", "sip-proxy", "media-server"] as const;

let product: Product;
let people: readonly (readonly [AutoPhone, AutoPhone])[];

beforeAll(async () => {
  product = await Product.start({}, sitePartsFor(PLACES));
  people = await Promise.all(Array.from({ length: PLACES }, (_, n) => openAgents(product, placeOf(n))));
  for (const phone of people.flat()) phone.manner = { kind: "answers", afterMs: 0 };
}, 180_000);

afterAll(async () => {
  await Promise.all((people ?? []).flat().map((phone) => phone.close()));
  await product?.stop();
}, 60_000);

/** One interaction from the first INVITE to the last wrap-up; rejects at the first thing that goes wrong. */
async function interact(place: Place, [owner, colleague]: readonly [AutoPhone, AutoPhone]): Promise<void> {
  const customer = await RtpCustomer.create({ tone: TONES.customer, sipPort: place.trunkPort });
  try {
    await owner.agent.goAvailable();
    await customer.dial(product.uri(place.number)).answered(WITHIN_MS);
    await is(owner, "connected");
    await command(owner, { type: "consult", target: { kind: "agent", agent: place.colleague } });
    await waitFor(async () => {
      const stage = (await owner.agent.desktop()).interaction?.consult?.stage;
      return stage === "answered" ? undefined : `the consult is ${stage}`;
    }, WITHIN_MS);
    await command(owner, { type: "transfer" });
    await is(colleague, "connected");
    customer.call.hangUp();
    await Promise.all([owner.agent.wrapUp(), colleague.agent.wrapUp()]);
    await Promise.all([owner.agent.settle(), colleague.agent.settle()]);
  } finally {
    customer.close();
  }
}

async function is(phone: AutoPhone, phase: string): Promise<void> {
  await waitFor(async () => {
    const shown = (await phone.agent.desktop()).interaction?.phase;
    return shown === phase ? undefined : `in ${shown} instead of ${phase}`;
  }, WITHIN_MS);
}

async function command(phone: AutoPhone, body: object): Promise<void> {
  const code = await phone.agent.command(body);
  if (code !== null) throw new Error(`${JSON.stringify(body)} is refused: ${code}`);
}

interface Usage {
  readonly cpuMs: number;
  readonly memoryMb: number;
}
const usage = (): ReadonlyMap<string, Usage> =>
  new Map(
    PROCESSES.map((name) => {
      const pid = product.pids()[name]!;
      return [name, { cpuMs: cpuSeconds(pid) * 1000, memoryMb: memoryMb(pid) }];
    }),
  );

/** Resident memory of a process and its children. */
function memoryMb(pid: number): number {
  const children = fs
    .readdirSync(`/proc/${pid}/task`)
    .flatMap((task) => fs.readFileSync(`/proc/${pid}/task/${task}/children`, "latin1").split(" ").filter(Boolean));
  const own = Number(/^VmRSS:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? 0) / 1024;
  return children.reduce((sum, child) => sum + memoryMb(Number(child)), own);
}

/** All places busy for so long; resolves with how many interactions each place had. */
async function carry(seconds: number): Promise<{ readonly counts: readonly number[]; readonly seconds: number }> {
  await Promise.all(people.flat().map(({ agent }) => agent.phone.register())); // for two minutes
  const from = nowMs();
  const counts = await Promise.all(
    people.map(async (pair, n) => {
      let done = 0;
      for (; nowMs() < from + seconds * 1000; done++) await interact(placeOf(n), pair);
      return done;
    }),
  );
  return { counts, seconds: (nowMs() - from) / 1000 };
}

it(
  "carries whole interactions without a failure",
  async () => {
    await carry(WARM_UP_SECONDS); // compiled code, and as many finished transactions as there will always be
    const before = usage();
    const { counts, seconds } = await carry(SECONDS);
    const after = usage();
    const done = counts.reduce((a, b) => a + b, 0);
    await product.isEmpty(30_000);
    const rows = PROCESSES.map((name) => {
      const [was, is] = [before.get(name)!, after.get(name)!];
      const cpu = ((is.cpuMs - was.cpuMs) / done).toFixed(1);
      return `| ${name} | ${cpu} | ${was.memoryMb.toFixed(0)} | ${is.memoryMb.toFixed(0)} |`;
    });
    process.stdout.write(
      [
        "",
        `${done} interactions in ${seconds.toFixed(0)} s, ${PLACES} at a time: ${(done / seconds).toFixed(1)} per second, none failed`,
        "| process | CPU ms per interaction | MB at the start | MB at the end |",
        "| --- | --- | --- | --- |",
        ...rows,
        "",
      ].join("\n"),
    );
    expect(product.crashes).toEqual([]);
  },
  (SECONDS + 240) * 1000,
);
