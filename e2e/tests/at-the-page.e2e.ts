// One agent at the page between the buttons of a call: states, the ring, a call not answered, the station, signing out, and a second place. In Firefox, whose sound card we hear.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Agent } from "../src/agent.js";
import { nowMs, waitFor } from "../src/clock.js";
import { Desk } from "../src/desk.js";
import { FirefoxAgent } from "../src/firefox-agent.js";
import { hears, type Listener } from "../src/hearing.js";
import { hearsMusic, hearsSilence } from "../src/music.js";
import { Phone } from "../src/phone.js";
import { Product } from "../src/product.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { PASSWORD, PHONE_PASSWORD, SITE_DOMAIN, SUPPORT_NUMBER, TRUNK_PORT } from "../src/site.js";
import { LEAKED_DBFS, loudestDbfs } from "../src/tones.js";

const [CUSTOMER, HERE, THERE] = [440, 700, 1000];
/** The two notes of the page's ring, in Hz. */
const RING = [659, 831];

let product: Product;
let customer: RtpCustomer;
let here: FirefoxAgent;
let anna: Desk<FirefoxAgent>;
let there: Agent;

beforeAll(async () => {
  product = await Product.start({ "ring.seconds": 5 });
  customer = await RtpCustomer.create({ tone: CUSTOMER, sipPort: TRUNK_PORT });
  here = await FirefoxAgent.launch("anna", HERE);
  anna = await Desk.openIn(here, product, "anna");
  there = await Agent.launch({ name: "anna, elsewhere", tone: THERE });
  there.page.setDefaultTimeout(10_000);
}, 150_000);

afterAll(async () => {
  customer?.close();
  await Promise.all([here?.close(), there?.close()]);
  await product?.stop();
}, 30_000);

const shown = (testId: string): Promise<string> =>
  here.page.getByTestId(testId).evaluate((element) => element.textContent ?? "");
const stateShown = (state: string): Promise<void> =>
  here.page.locator(`[data-testid="agent-state"][data-state="${state}"]`).waitFor();
const title = (): Promise<string> => here.page.evaluate(() => document.title, undefined);
const calls = (): Promise<unknown> => customer.dial(product.uri(SUPPORT_NUMBER)).answered();

/** Waits until both notes of the ring have been heard. */
async function hearsRing(listener: Listener): Promise<void> {
  const from = nowMs();
  await waitFor(async () => {
    const sound = await listener.sound(from, nowMs());
    const missing = RING.filter((note) => loudestDbfs(sound, note) < LEAKED_DBFS);
    return missing.length === 0 ? undefined : `${listener.name} has not heard ${missing.join(" and ")} Hz`;
  });
}

describe("an agent at the page", () => {
  it("[AG-1] is not available after signing in, chooses a reason, and says when ready", async () => {
    await stateShown("idle");
    await here.page.getByTestId("agent-state").click();
    await here.page.getByTestId("state-idle-break").click();
    await waitFor(async () => ((await shown("agent-state")).includes("Break") ? undefined : "no break is shown"));
    expect((await anna.desktop()).agent.state).toMatchObject({ kind: "idle", reason: "break" });
    await here.page.getByTestId("agent-state").click();
    await here.page.getByTestId("state-available").click();
    await anna.isInState("available");
  }, 30_000);

  it("[QU-1] [AG-1] sees who calls and hears it ring; who does not answer is told why no more calls come", async () => {
    await calls();
    await anna.see("accept");
    await waitFor(async () =>
      (await title()) === "Incoming call – Legwork" ? undefined : "the title tells of no call",
    );
    const offer = await shown("incoming");
    for (const part of [customer.number, "Support line", "Support"]) expect(offer).toContain(part);
    await hearsRing(here);
    await stateShown("rona");
    expect(await shown("idle-view")).toContain("You get no more calls until you go available.");
    await Promise.all([hearsSilence(here), hearsMusic(customer, [CUSTOMER, HERE])]);
    expect(await title()).toBe("Legwork");
  }, 40_000);

  it("[AG-1] gets the same call when available again", async () => {
    await here.page.getByTestId("go-available").click();
    await anna.accept();
    await anna.isIn("connected");
    await Promise.all([hears(customer, { tones: [HERE] }), hears(here, { tones: [CUSTOMER], not: RING })]);
  }, 30_000);

  it("[AG-1] cannot sign out during a call: the page says so, and the call goes on", async () => {
    const from = nowMs();
    await here.page.getByTestId("sign-out").click();
    await anna.see("toast-error");
    expect(await shown("toast-error")).toContain("Not possible during a call.");
    await hears(customer, { tones: [HERE] });
    expect(nowMs()).toBeGreaterThan(from);
    await anna.isIn("connected");
  }, 30_000);

  it("[DF-11] [AG-2] [SE-1] takes the desktop to another browser in the middle of the call, and is told so in the one left behind", async () => {
    await there.page.goto(product.page);
    await there.page.getByTestId("sign-in-agent").fill("anna");
    await there.page.getByTestId("sign-in-password").fill(PASSWORD);
    await there.page.getByTestId("sign-in-submit").click();
    await there.page.getByTestId("sign-in-take-over").click();
    await there.page.locator('[data-testid="phase"][data-phase="connected"]').waitFor();
    await here.page.locator('[data-testid="sign-in-ended"][data-why="taken-over"]').waitFor();
    await Promise.all([
      hears(customer, { tones: [THERE], not: [HERE], withinMs: 20_000 }),
      hears(there, { tones: [CUSTOMER], withinMs: 20_000 }),
      hearsSilence(here),
    ]);
    customer.call.hangUp();
    await there.page.getByTestId("wrap-up-submit").click();
  }, 60_000);

  it("[AG-1] [QU-1] signs out after the call, is offered nothing more, and hears nothing", async () => {
    await there.page.getByTestId("agent-state").waitFor();
    await there.page.getByTestId("sign-out").click();
    await there.page.getByTestId("sign-in-submit").waitFor();
    await calls();
    await hearsMusic(customer, [CUSTOMER, HERE, THERE]);
    expect(await there.page.getByTestId("accept").count()).toBe(0);
    customer.hangUp();
    await product.isEmpty();
  }, 40_000);
});

describe("a station of one's own", () => {
  it("[AG-2] is the desk phone that was named, once it is registered; nobody else's", async () => {
    const { page } = there;
    const signIn = async (extension: string): Promise<void> => {
      await page.getByTestId("sign-in-agent").fill("eva");
      await page.getByTestId("sign-in-station-extension").check();
      await page.getByTestId("sign-in-extension").fill(extension);
      await page.getByTestId("sign-in-password").fill(PASSWORD);
      await page.getByTestId("sign-in-submit").click();
    };
    await signIn("2002"); // Finn's
    await page.getByTestId("sign-in-error").waitFor();
    await signIn("2001");
    await page.locator('[data-testid="station"][data-registered="false"]').waitFor();
    const registrar = { host: "127.0.0.1", port: product.ports["sip"]! };
    const phone = await Phone.create({ user: "2001", password: PHONE_PASSWORD, domain: SITE_DOMAIN }, registrar, THERE);
    try {
      await phone.register();
      await page.locator('[data-testid="station"][data-registered="true"]').waitFor();
    } finally {
      phone.close();
    }
    expect(product.crashes).toEqual([]);
  }, 40_000);
});
