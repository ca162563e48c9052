// Figures of the whole product, heard from outside: gaps when the audio is switched, mouth to ear, CPU of a conference.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { nowMs, untilMs } from "../src/clock.js";
import { cpuSeconds } from "../src/cpu.js";
import { Desk } from "../src/desk.js";
import { gapMs, hears, type Listener } from "../src/hearing.js";
import { Product } from "../src/product.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { SUPPORT_NUMBER, TRUNK_PORT } from "../src/site.js";

const ROUNDS = 5;
const CPU_SECONDS = 10;
/** Louder than this, 20 dB under the tones: somebody speaks. */
const SPEECH = 0.03;

let product: Product;
let customer: RtpCustomer;
let one: Desk;
let two: Desk;
const figures: string[] = [];

beforeAll(async () => {
  product = await Product.start();
  customer = await RtpCustomer.create({ tone: 440, sipPort: TRUNK_PORT });
  [one, two] = await Promise.all([Desk.open(product, "anna", 700), Desk.open(product, "bo", 1000)]);
}, 90_000);

afterAll(async () => {
  customer?.close();
  await Promise.all([one?.close(), two?.close()]);
  await product?.stop();
  process.stdout.write(`\n${figures.join("\n")}\n`);
}, 30_000);

const report = (what: string, values: readonly number[], unit: string): void => {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (q: number): string =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]!.toFixed(unit === "ms" ? 0 : 5);
  figures.push(
    `${what}: median ${at(0.5)} ${unit}, worst ${sorted.at(-1)!.toFixed(unit === "ms" ? 0 : 5)} ${unit} (${values.length} rounds)`,
  );
};

async function connected(): Promise<void> {
  await one.call("POST", "/api/agent/state", { state: "available" });
  await customer.dial(product.uri(SUPPORT_NUMBER)).answered();
  await one.accept();
  await Promise.all([hears(customer, { tones: [700] }), hears(one.agent, { tones: [440] })]);
}

async function consulting(): Promise<void> {
  await connected();
  await one.consult("bo");
  await two.accept();
  await Promise.all([hears(one.agent, { tones: [1000] }), hears(two.agent, { tones: [700] })]);
}

async function finished(...owners: readonly Desk[]): Promise<void> {
  customer.call.hangUp();
  for (const owner of owners) await owner.wrapUp();
  await product.isEmpty();
}

/** The longest stretch in which nothing at all was heard. */
async function deadAirMs(listener: Listener, fromMs: number, toMs: number): Promise<number> {
  await untilMs(toMs);
  const { samples, rate } = await listener.sound(fromMs, toMs);
  let [longest, run] = [0, 0];
  for (const sample of samples) {
    run = Math.abs(sample) < 0.003 ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return (longest / rate) * 1000;
}

/** When somebody began to speak, looking from a time at which nobody did. */
async function speechMs(listener: Listener, fromMs: number): Promise<number> {
  await untilMs(fromMs + 600);
  const { samples, rate } = await listener.sound(fromMs, fromMs + 600);
  const at = samples.findIndex((sample) => Math.abs(sample) > SPEECH);
  return at < 0 ? NaN : fromMs + (at / rate) * 1000;
}

describe("figures", () => {
  it("gap when a conference begins", async () => {
    const [atOne, atTwo]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      await consulting();
      const from = nowMs();
      await one.press("conference");
      await Promise.all([one.isIn("conference"), hears(customer, { tones: [700, 1000] })]);
      const to = nowMs() + 500;
      atOne.push(await gapMs(one.agent, 1000, from, to));
      atTwo.push(await gapMs(two.agent, 700, from, to));
      await two.press("leave");
      await finished(one);
    }
    report("gap when a conference begins, agent 1 hearing agent 2", atOne, "ms");
    report("gap when a conference begins, agent 2 hearing agent 1", atTwo, "ms");
  }, 180_000);

  it("dead air when a transfer completes", async () => {
    const [atCustomer, atTwo]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      await consulting();
      const from = nowMs();
      await one.press("transfer");
      await Promise.all([hears(customer, { tones: [1000] }), hears(two.agent, { tones: [440] })]);
      const to = nowMs();
      atCustomer.push(await deadAirMs(customer, from, to));
      atTwo.push(await deadAirMs(two.agent, from, to));
      await finished(one, two);
      await two.call("POST", "/api/agent/state", { state: "idle", reason: "break" });
    }
    report("dead air when a transfer completes, at the customer", atCustomer, "ms");
    report("dead air when a transfer completes, at agent 2", atTwo, "ms");
  }, 180_000);

  it("mouth to ear between a customer (PCMU) and a browser (Opus)", async () => {
    await connected();
    const [toBrowser, toCustomer]: [number[], number[]] = [[], []];
    for (let round = 0; round < 3 * ROUNDS; round++) {
      customer.rtp.hush();
      await hears(one.agent, { not: [440], forMs: 300 });
      const spoken = await customer.rtp.speak();
      toBrowser.push((await speechMs(one.agent, spoken)) - spoken);
      await setMicrophone(one, false);
      await hears(customer, { not: [700], forMs: 300 });
      const said = await setMicrophone(one, true);
      toCustomer.push((await speechMs(customer, said)) - said);
    }
    expect([...toBrowser, ...toCustomer].some(Number.isNaN)).toBe(false);
    report("mouth to ear, customer to browser", toBrowser, "ms");
    report("mouth to ear, browser to customer", toCustomer, "ms");
    await finished(one);
  }, 120_000);

  it("CPU of a three-way conference: one PCMU, two Opus", async () => {
    await consulting();
    await one.press("conference");
    await hears(customer, { tones: [700, 1000] });
    const pid = product.pids()["media-server"]!;
    const perSecond: number[] = [];
    for (let round = 0; round < 2; round++) {
      const [cpu, time] = [cpuSeconds(pid), nowMs()];
      await untilMs(time + CPU_SECONDS * 1000);
      perSecond.push((cpuSeconds(pid) - cpu) / ((nowMs() - time) / 1000) / 3);
    }
    report("media-server CPU seconds per participant-second, three-way conference", perSecond, "s");
    await two.press("leave");
    await finished(one);
  }, 120_000);
});

/** The microphone itself goes quiet or speaks; resolves with the page's time of it, on the clock that the tests use. */
const setMicrophone = (desk: Desk, on: boolean): Promise<number> =>
  desk.agent.page.evaluate((enabled) => {
    for (const connection of window.legworkEar.connections) {
      for (const sender of connection.getSenders()) if (sender.track) sender.track.enabled = enabled;
    }
    return performance.timeOrigin + performance.now();
  }, on);
