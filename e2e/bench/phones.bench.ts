// Figures of an agent at a desk phone with the desktop beside it: how soon the page shows what a key did, and the phone's ear what a button did.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { nowMs, untilMs, waitFor } from "../src/clock.js";
import { type ControlName, Desk } from "../src/desk.js";
import { Phone } from "../src/phone.js";
import { PhoneAgent } from "../src/phone-agent.js";
import { Product } from "../src/product.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { PHONE_PASSWORD, PHONES_NUMBER, SITE_DOMAIN, TRUNK_PORT } from "../src/site.js";
import { HEARD_DBFS, toneLevel } from "../src/tones.js";
import { decodeUlaw } from "../src/ulaw.js";

const ROUNDS = 20;
const [CUSTOMER, OWNER, COLLEAGUE] = [440, 700, 1000];
/** Nothing is pressed before the last change has been heard for so long. */
const PAUSE_MS = 150;

let product: Product;
let customer: RtpCustomer;
let page: Desk;
let phone: Phone;
let finn: PhoneAgent;
const figures = new Map<string, number[]>();

beforeAll(async () => {
  product = await Product.start();
  const registrar = { host: "127.0.0.1", port: product.ports["sip"]! };
  phone = await Phone.create({ user: "2001", password: PHONE_PASSWORD, domain: SITE_DOMAIN }, registrar, OWNER);
  expect(await phone.register()).toBe(200);
  finn = await PhoneAgent.open(product, "finn", "2002", COLLEAGUE);
  page = await Desk.open(product, "eva", OWNER, "2001");
  await page.agent.page.evaluate(watchPage);
}, 90_000);

afterAll(async () => {
  finn?.close();
  phone?.close();
  await page?.close();
  await product?.stop();
  const line = ([what, values]: [string, number[]]): string => {
    const sorted = [...values].sort((a, b) => a - b);
    const at = (q: number): string => sorted[Math.ceil(q * sorted.length) - 1]!.toFixed(1);
    return `${what}: median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms, worst ${at(1)} ms (${values.length} rounds)`;
  };
  process.stdout.write(`\n${[...figures].map(line).join("\n")}\n`);
}, 30_000);

beforeEach(async () => {
  customer = await RtpCustomer.create({ tone: CUSTOMER, sipPort: TRUNK_PORT });
}, 30_000);
afterEach(async () => {
  customer.hangUp();
  if ((await page.desktop()).wrapUps.length > 0) await page.wrapUp();
  await product.isEmpty();
  customer.close();
}, 30_000);

const note = (what: string, ms: number): void => void figures.set(what, [...(figures.get(what) ?? []), ms]);

async function connect(): Promise<void> {
  await page.call("POST", "/api/agent/state", { state: "available" });
  await customer.dial(product.uri(PHONES_NUMBER)).answered();
  await phone.line.rings();
}

/** Does something at the phone, and notes how long the page took to show this phase. */
async function keyUntilShown(what: string, phase: string, act: () => Promise<void> | void): Promise<void> {
  const pressed = nowMs();
  await act();
  const shown = await page.agent.page.waitForFunction(
    ([phase, pressed]) => window.legworkShown.find((one) => one.phase === phase && one.atMs >= pressed)?.atMs,
    [phase, pressed] as const,
  );
  note(`${what}, until the page shows it`, (await shown.jsonValue())! - pressed);
}

/** Presses a button on the page, and notes how long the phone's ear took to hear this tone, or to hear it no more. */
async function buttonUntilHeard(what: string, control: ControlName, tone: number, heard: boolean): Promise<void> {
  await page.mayPress(control);
  const from = phone.line.rtp.recording.arrivals.length;
  await page.press(control);
  const pressed = await page.agent.page.evaluate(() => window.legworkClickedAt);
  const since = () => phone.line.rtp.recording.arrivals.slice(from).filter(({ atMs }) => atMs >= pressed);
  const carries = ({ payload }: { payload: Uint8Array }) => toneLevel(decodeUlaw(payload), 8000, tone) > HEARD_DBFS;
  let changed = 0;
  await waitFor(() => {
    const packets = since();
    const others = [...packets].reverse().findIndex((packet) => carries(packet) !== heard);
    const rest = packets.slice(others < 0 ? 0 : packets.length - others);
    if (rest.length === 0 || rest.at(-1)!.atMs - rest[0]!.atMs < PAUSE_MS) return "nothing new is heard yet";
    changed = rest[0]!.atMs;
    return undefined;
  });
  note(`${what} pressed on the page, until the phone hears it`, changed - pressed);
}

describe("figures of a desk phone and the page beside it", () => {
  it("hold and resume, by key and by button, beside plain round trips", async () => {
    await connect();
    phone.line.call.answer();
    await page.isIn("connected");
    for (let round = 0; round < ROUNDS; round++) {
      const asked = nowMs();
      await phone.line.call.exchange("OPTIONS");
      note("baseline: OPTIONS in the call and its 200", nowMs() - asked);
      const got = nowMs();
      await (await fetch(new URL("/api/session", product.page))).text();
      note("baseline: one GET of the API", nowMs() - got);
      await keyUntilShown("hold key pressed on the phone", "held", () => phone.line.call.hold(true));
      await keyUntilShown("hold key released on the phone", "connected", () => phone.line.call.hold(false));
      await buttonUntilHeard("Hold", "hold", CUSTOMER, false);
      await buttonUntilHeard("Unhold", "unhold", CUSTOMER, true);
    }
  }, 180_000);

  it("answer and hang-up by key", async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await connect();
      await keyUntilShown("call answered on the phone", "connected", () => phone.line.call.answer());
      await keyUntilShown("call hung up on the phone", "none", () => phone.line.call.hangUp());
      await page.wrapUp();
    }
  }, 180_000);

  it("Resume, to and fro in a consult", async () => {
    await connect();
    phone.line.call.answer();
    await page.isIn("connected");
    await page.consult("finn");
    (await finn.line.rings()).answer();
    for (let round = 0; round < ROUNDS; round++) {
      await buttonUntilHeard("Resume", "resume", CUSTOMER, true);
      await buttonUntilHeard("Resume", "resume", COLLEAGUE, true);
      await untilMs(nowMs() + PAUSE_MS);
    }
    await page.press("end-consult");
  }, 180_000);
});

declare global {
  interface Window {
    legworkShown: { readonly phase: string; readonly atMs: number }[];
    legworkClickedAt: number;
  }
}

/** In the page: notes when each phase of the call was on the screen, and when the last button was pressed. */
function watchPage(): void {
  const now = (): number => performance.timeOrigin + performance.now();
  let last = "";
  window.legworkShown = [];
  const look = (): void => {
    const phase = document.querySelector("[data-testid=phase]")?.getAttribute("data-phase") ?? "none";
    if (phase === last) return;
    last = phase;
    requestAnimationFrame(() => window.legworkShown.push({ phase, atMs: now() })); // with the next frame it is on the screen
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
  document.addEventListener("click", () => (window.legworkClickedAt = now()), { capture: true });
  look();
}
