// The desktop in two tabs of one browser: one of them is the phone, the other says so.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import type { Page } from "playwright-core";
import { Desk } from "../src/desk.js";
import { hears } from "../src/hearing.js";
import { hearsMusic } from "../src/music.js";
import { Product } from "../src/product.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { SUPPORT_NUMBER, TRUNK_PORT } from "../src/site.js";

const [CUSTOMER, AGENT] = [440, 700];

let product: Product;
let customer: RtpCustomer;
let anna: Desk;
let first: Page;
let second: Page;

beforeAll(async () => {
  product = await Product.start();
  customer = await RtpCustomer.create({ tone: CUSTOMER, sipPort: TRUNK_PORT });
  anna = await Desk.open(product, "anna", AGENT);
  first = anna.agent.page;
  second = await anna.agent.context.newPage();
  second.setDefaultTimeout(10_000);
}, 180_000);

afterAll(async () => {
  customer?.close();
  await anna?.close();
  await product?.stop();
}, 30_000);

afterEach(() => expect(product.crashes).toEqual([]));

/** Does something in a tab and waits until that tab itself is registered: until then the server may know the other one. */
async function registers(page: Page, act: () => Promise<unknown>): Promise<void> {
  const registered = new Promise<void>((resolve) => {
    page.once("websocket", (socket) =>
      socket.on("framereceived", ({ payload }) => {
        if (/^SIP\/2\.0 200 [^]*CSeq: \d+ REGISTER/i.test(String(payload))) resolve();
      }),
    );
  });
  await act();
  await registered;
}
const isAside = (page: Page): Promise<void> => page.getByTestId("tab-inactive").waitFor();
const isIn = (page: Page, phase: string): Promise<void> =>
  page.locator(`[data-testid="phase"][data-phase="${phase}"]`).first().waitFor();
const calls = (): Promise<unknown> => customer.dial(product.uri(SUPPORT_NUMBER)).answered();

describe("a second tab", () => {
  it("[DF-11] is the telephone from then on, and the first says that the desktop is open elsewhere", async () => {
    await anna.goAvailable();
    await registers(second, () => second.goto(product.page));
    await isAside(first);
    await calls();
    await second.getByTestId("accept").waitFor();
    expect(await first.getByTestId("accept").count()).toBe(0);
  }, 40_000);

  it("[DF-11] [AG-1] [QU-1] lets go of a call that rings when the agent goes back to the first, which gets it once the agent is available", async () => {
    await registers(first, () => first.getByTestId("tab-continue").click());
    await isAside(second);
    await anna.isInState("rona");
    await hearsMusic(customer, [CUSTOMER, AGENT]);
    await first.getByTestId("go-available").click();
    await first.getByTestId("accept").click();
    await isIn(first, "connected");
    await hears(customer, { tones: [AGENT] });
  }, 40_000);

  it("[DF-11] [SE-1] takes the call over when it is the one that is used, and the customer never hears a hang-up", async () => {
    await second.getByTestId("tab-continue").click();
    await Promise.all([isIn(second, "connected"), isAside(first)]);
    await hears(customer, { tones: [AGENT], withinMs: 20_000 });
    expect(customer.call.state.phase).toBe("up");
    await second.getByTestId("control-hold").click();
    await isIn(second, "held");
    await hearsMusic(customer, [CUSTOMER, AGENT]);
    await second.getByTestId("control-unhold").click();
    await hears(customer, { tones: [AGENT] });
  }, 60_000);

  it("[DF-11] leaves the first as it is when it ends the call, and nothing behind", async () => {
    await second.getByTestId("control-end").click();
    await second.getByTestId("wrap-up-submit").click();
    await second.locator('[data-testid="agent-state"][data-state="available"]').waitFor();
    await isAside(first);
    await product.isEmpty();
  }, 40_000);

  it("[DF-11] leaves the desktop to the first when it is closed and the agent continues there", async () => {
    await second.close();
    await first.locator('[data-testid="tab-inactive"][data-other="closed"]').waitFor();
    await registers(first, () => first.getByTestId("tab-continue").click());
    await calls();
    await first.getByTestId("accept").click();
    await hears(customer, { tones: [AGENT] });
    await first.getByTestId("control-end").click();
    await first.getByTestId("wrap-up-submit").click();
    await product.isEmpty();
  }, 40_000);
});
