// The page through a shift: what it loads, what it keeps after many calls, and how fast a click shows.
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import os from "node:os";
import { Agent } from "../src/agent.js";
import { AutoPhone } from "../src/auto-phone.js";
import { waitFor } from "../src/clock.js";
import { Desk } from "../src/desk.js";
import { Product } from "../src/product.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { SUPPORT_NUMBER, TRUNK_PORT } from "../src/site.js";
import { Clicks, SHORTEST_MS } from "./page-clicks.js";
import { type Held, type Loaded, PageMeter } from "./page-meter.js";

const CALLS = Number(process.env["LEGWORK_BENCH_CALLS"] ?? 60);
/** Memory is looked at after so many calls; the page lists the last 50, so from there on even what it shows stays the same. */
const POINTS = [0, 10, CALLS - 10, CALLS];
/** What no page holds between calls. */
const OF_A_CALL = ["RTCPeerConnection", "MediaStreamTrack", "AudioContext", "HTMLAudioElement"];
/** Asked by this bench in the page's name; the page itself is told. */
const OURS = ["/api/session", "/api/desktop"];
/** Fewer nodes and listeners than one for each call: what is shown is not always the same. */
const LEFT_OF_TEN_CALLS = 9;
const LEGS_GONE_MS = 60_000;
const CLICK_TARGET_MS = 100;
/** What may be asked for during a call: the API, and the events that come from it. */
const TALK = ["Fetch", "XHR", "EventSource", "WebSocket", "Ping"];

let product: Product;
let agent: Agent;
let meter: PageMeter;
let desk: Desk;
let clicks: Clicks;
let colleague: AutoPhone;
let untilReady: readonly Loaded[];

beforeAll(async () => {
  product = await Product.start();
  agent = await Agent.launch({ name: "anna", tone: 700, deaf: true });
  meter = await PageMeter.of(agent.page);
  desk = await Desk.openIn(agent, product, "anna");
  await waitFor(async () => ((await desk.desktop()).station.registered ? undefined : "no station is registered"));
  untilReady = [...meter.loaded];
  clicks = new Clicks(agent.page);
  await clicks.start();
  colleague = await AutoPhone.open(product, "eva", "2001", 1000);
  colleague.manner = { kind: "answers", afterMs: 0 };
}, 180_000);

afterAll(async () => {
  colleague?.close();
  await desk?.close();
  await product?.stop();
}, 60_000);

/**
 * What is held between calls. SIP.js keeps the transactions of a call, and with them its leg, for another 64 T1 to absorb
 * retransmissions (RFC 3261 section 17, 32 s): a moment when every leg has gone is waited for.
 */
async function settled(): Promise<Held> {
  await waitFor(async () => {
    const held = await meter.held();
    const left = OF_A_CALL.filter((name) => held.objects.get(name) !== 0);
    return left.length === 0
      ? undefined
      : `of ended calls there are ${left.map((name) => `${held.objects.get(name)} ${name}`).join(", ")}`;
  }, LEGS_GONE_MS);
  const held = await meter.held(); // without what hung on the last of them
  // Each call in the list of today's has a button, and that a listener.
  return { ...held, listeners: held.listeners - (await agent.page.getByTestId("history-entry").count()) };
}

const press = (button: string, testId?: string): Promise<void> => clicks.press(button, testId);

/** One customer's call with every button in it; it ends in one of three ways. */
async function takeCall(ending: "back" | "conference" | "transfer"): Promise<void> {
  const customer = await RtpCustomer.create({ tone: 440, sipPort: TRUNK_PORT });
  try {
    await customer.dial(product.uri(SUPPORT_NUMBER)).answered();
    await press("accept", "accept");
    await desk.isIn("connected");
    await press("mute");
    await press("mute");
    await press("hold");
    await desk.isIn("held");
    await press("unhold");
    await desk.isIn("connected");
    await press("keypad", "control-dtmf");
    await press("key", "key-5");
    await agent.page.keyboard.press("Escape");
    await press("consult");
    await press("choose a colleague", "consult-agent-eva");
    await press("consult (in the dialog)", "consult-submit");
    await desk.isTalkingWith("consult");
    await press("resume");
    await desk.isTalkingWith("customer");
    await press("resume");
    await desk.isTalkingWith("consult");
    await endings[ending](customer);
    await press("wrap-up reason", "wrap-up-reason-resolved");
    await press("wrap-up", "wrap-up-submit");
    await desk.isInState("available");
  } finally {
    customer.close();
  }
  await colleague.agent.settle();
  await product.isEmpty();
  await clicks.collect();
}

const endings = {
  back: async () => {
    await press("back-to-customer");
    await desk.isIn("connected");
    await press("end");
  },
  conference: async () => {
    await press("conference");
    await desk.isIn("conference");
    await press("end");
  },
  transfer: async (customer: RtpCustomer) => {
    await press("transfer");
    await desk.see("wrap-up-dialog");
    customer.hangUp();
  },
};

const NAMES = {
  heap: "JavaScript heap, MB",
  nodes: "DOM nodes",
  detached: "of them in no document",
  listeners: "event listeners, without one for each call in the list",
} as const;

const total = (loaded: readonly Loaded[], types: readonly string[], bytes: "bytes" | "wireBytes"): string => {
  const own = loaded.filter(({ type }) => types.includes(type));
  return `${(own.reduce((sum, each) => sum + each[bytes], 0) / 1000).toFixed(0)} kB`;
};

function table(points: ReadonlyMap<number, Held>): string {
  const rows = (["heap", "nodes", "detached", "listeners"] as const).map(
    (what) => [NAMES[what], (held: Held) => held[what]] as const,
  );
  const objects = [...points.get(0)!.objects.keys()].map(
    (name) => [name, (held: Held) => held.objects.get(name)!] as const,
  );
  const number = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(2));
  return [
    `| after calls | ${[...points.keys()].join(" | ")} |`,
    `| --- |${" --- |".repeat(points.size)}`,
    ...[...rows, ...objects].map(
      ([name, of]) => `| ${name} | ${[...points.values()].map((held) => number(of(held))).join(" | ")} |`,
    ),
  ].join("\n");
}

const quantile = (values: readonly number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))]!;

function clickTable(): string {
  const shown = (ms: number): string => (ms < SHORTEST_MS ? `< ${SHORTEST_MS}` : String(ms));
  const rows = [...clicks.durations].map(([button, durations]) => {
    const at = (q: number): string => shown(quantile(durations, q));
    const late = durations.filter((ms) => ms >= CLICK_TARGET_MS).length;
    return `| ${button} | ${durations.length} | ${at(0.5)} | ${at(0.75)} | ${at(0.98)} | ${at(1)} | ${late} |`;
  });
  return [
    `| button | presses | median | 75 % | 98 % | worst, ms | ${CLICK_TARGET_MS} ms or more |`,
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

it(
  "keeps nothing of a call, loads nothing in it, and shows every click at once",
  async () => {
    await desk.goAvailable();
    const points = new Map([[0, await settled()]]);
    const before = meter.loaded.length;
    const loads = [os.loadavg()[0]!];
    const ways = ["back", "conference", "transfer"] as const;
    for (let call = 1; call <= CALLS; call++) {
      await takeCall(ways[call % ways.length]!);
      if (!POINTS.includes(call)) continue;
      points.set(call, await settled());
      loads.push(os.loadavg()[0]!);
    }
    const during = meter.loaded.slice(before);
    const asked = during.filter(({ path }) => !OURS.includes(path));
    const paths = new Set(asked.map(({ path }) => path.replace(/i-[0-9a-f]+|w-[0-9a-f]+/g, "…")));
    process.stdout.write(
      [
        "",
        `${CALLS} calls, machine load ${loads.map((load) => load.toFixed(1)).join(", ")}`,
        "",
        `until a call can be taken: scripts ${total(untilReady, ["Script"], "bytes")} (${total(untilReady, ["Script"], "wireBytes")} on the wire), ` +
          `styles ${total(untilReady, ["Stylesheet"], "bytes")} (${total(untilReady, ["Stylesheet"], "wireBytes")}), ${untilReady.length} requests`,
        `during the calls: ${(asked.length / CALLS).toFixed(1)} requests per call, to ${[...paths].join(", ")}`,
        "",
        table(points),
        "",
        clickTable(),
        "",
      ].join("\n"),
    );
    // The picture in the tab is looked after by the browser itself, when it likes.
    expect(during.filter(({ type, path }) => !TALK.includes(type) && path !== "/favicon.svg")).toEqual([]);
    const [before10, last] = [points.get(CALLS - 10)!, points.get(CALLS)!];
    expect(Object.fromEntries(last.objects)).toEqual(Object.fromEntries(before10.objects));
    expect(last.detached - before10.detached).toBeLessThanOrEqual(LEFT_OF_TEN_CALLS);
    expect(last.listeners - before10.listeners).toBeLessThanOrEqual(LEFT_OF_TEN_CALLS);
    expect(last.heap - before10.heap).toBeLessThan(0.5); // V8 keeps compiled code and its own statistics, too
    // The median: what is slower than that is told above, and is other work's on a busy machine.
    const slow = [...clicks.durations].filter(([, durations]) => quantile(durations, 0.5) >= CLICK_TARGET_MS);
    expect(slow).toEqual([]);
    expect(product.crashes).toEqual([]);
  },
  (CALLS * 30 + 360) * 1000,
);
