// Somebody hangs up, cancels, commands or lets it ring at every moment of a consult or a blind transfer to desk phones and numbers outside, in orders
// drawn from printed seeds; nothing is left behind.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { learnMusic, openPeople, type People, placeOf, sitePartsFor } from "../src/phone-site.js";
import type { KnownSounds } from "../src/privacy.js";
import { Product } from "../src/product.js";
import { describeSchedule, drawSchedule, type Moment, MOMENTS, type Schedule } from "../src/schedule.js";
import { replayMistakes } from "../src/replayed-logs.js";
import { Play } from "../src/schedule-play.js";

const PLACES = 4;
const RUNS = Number(process.env["LEGWORK_SCHEDULES"] ?? 80);
const FIRST_SEED = Number(process.env["LEGWORK_SEED"] ?? 1);

let product: Product;
/** How far each schedule came before it was over. */
const reached: Moment[] = [];
let music: KnownSounds;
let people: readonly People[];

beforeAll(async () => {
  const { agents, ...parts } = sitePartsFor(PLACES);
  const [first, ...others] = agents as readonly object[];
  const site = { ...parts, agents: [{ ...first, role: "admin" }, ...others] };
  product = await Product.start({ "ring.seconds": 3, "consult.ring.seconds": 3 }, site);
  people = await Promise.all(Array.from({ length: PLACES }, (_, n) => openPeople(product, placeOf(n))));
  music = await learnMusic(product, placeOf(0));
}, 120_000);

afterAll(async () => {
  for (const { owner, colleague, outside } of people ?? [])
    for (const line of [owner, colleague, outside]) line.close();
  await product?.stop();
  const counts = MOMENTS.map((moment) => `${moment} ${reached.filter((one) => one === moment).length}`);
  process.stdout.write(`schedules from seed ${FIRST_SEED}, and how far they came: ${counts.join(", ")}\n`);
}, 60_000);

/** As many schedules as there are places, all at once, and then nothing of them is left. */
async function playTogether(schedules: readonly Schedule[]): Promise<void> {
  const outcomes = await Promise.allSettled(
    schedules.map((schedule, n) => Play.run({ product, place: placeOf(n), people: people[n]!, music }, schedule)),
  );
  for (const outcome of outcomes) if (outcome.status === "fulfilled") reached.push(outcome.value);
  const failed = outcomes.flatMap((outcome, n) =>
    outcome.status === "rejected" ? [`${describeSchedule(schedules[n]!)}\n  ${String(outcome.reason)}`] : [],
  );
  expect({ failed, crashes: product.crashes, logs: failed.length > 0 ? product.logs(15) : "" }).toEqual({
    failed: [],
    crashes: [],
    logs: "",
  });
  await product.isEmpty(20_000).catch((error: unknown) => {
    throw new Error(`${String(error)} after\n${schedules.map(describeSchedule).join("\n")}`);
  });
  expect(product.crashes).toEqual([]);
}

describe("a consult or a blind transfer that is disturbed at any moment", () => {
  const seeds = Array.from({ length: RUNS }, (_, i) => FIRST_SEED + i);
  const waves = seeds.flatMap((_, i) => (i % PLACES === 0 ? [seeds.slice(i, i + PLACES)] : []));

  it.each(waves.map((wave) => [wave.join(", "), wave] as const))(
    "[CO-1] [CO-8] [CO-9] [CO-11] [CO-12] [BT-1] [CF-5] [WU-2] [AG-3] [MX-1] [SG-4] leaves nothing behind and opens the right wrap-ups: seeds %s",
    (_, wave) => playTogether(wave.map(drawSchedule)),
    120_000,
  );

  it("[DI-1] has a log of each interaction that leads, event by event, to the states that the interaction was in", async () => {
    expect(await replayMistakes(product, people[0]!.owner.agent)).toEqual([]);
  }, 120_000);
});
