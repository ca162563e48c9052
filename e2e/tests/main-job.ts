// Who hears whom, measured at every ear in every phase of the main job: a customer on a plain phone, two agents in browsers.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { waitFor } from "../src/clock.js";
import { type Desk } from "../src/desk.js";
import { type DeskBrowser } from "../src/desk-page.js";
import { hears, type Listener } from "../src/hearing.js";
import { hearsMusic, hearsSilence } from "../src/music.js";
import { Product } from "../src/product.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { SUPPORT_NUMBER, TRUNK_PORT } from "../src/site.js";

const CUSTOMER = 440;
const ONE = 700;
const TWO = 1000;
/** Each phase is held for a second at least. */
const forMs = 1000;

/** An agent at the desktop, with an ear. */
type AnyDesk = Desk<DeskBrowser & Listener>;

/** Opens an agent's desktop, with a tone for a microphone. */
export type Opens = (product: Product, id: string, tone: number) => Promise<AnyDesk>;

/** The tests of the main job, with agent 1 and agent 2 in these browsers. */
export function mainJob(openOne: Opens, openTwo: Opens): void {
  let product: Product;
  let customer: RtpCustomer;
  let one: AnyDesk;
  let two: AnyDesk;

  beforeAll(async () => {
    product = await Product.start();
    customer = await RtpCustomer.create({ tone: CUSTOMER, sipPort: TRUNK_PORT });
    [one, two] = await Promise.all([openOne(product, "anna", ONE), openTwo(product, "bo", TWO)]);
  }, 180_000);

  afterAll(async () => {
    customer?.close();
    await Promise.all([one?.close(), two?.close()]);
    await product?.stop();
  }, 30_000);

  /** One test after the other goes on in the same call. */
  describe("the main job, end to end", () => {
    it("[QU-1] [MX-6] lets the customer hear music while waiting, and the available agent's station ring", async () => {
      await one.goAvailable();
      const call = customer.dial(product.uri(SUPPORT_NUMBER));
      await call.answered();
      await one.see("accept");
      await hearsMusic(customer, [CUSTOMER, ONE, TWO]);
    }, 30_000);

    it("[MX-2] connected: the customer and agent 1 hear each other", async () => {
      await one.accept();
      await one.isIn("connected");
      await Promise.all([
        hears(customer, { tones: [ONE], not: [CUSTOMER, TWO], forMs }),
        hears(one.agent, { tones: [CUSTOMER], not: [ONE, TWO], forMs }),
      ]);
    }, 30_000);

    it("[MX-4] [MX-2] connected: keys reach the customer as events, a mute silences agent 1, and the page shows how Opus arrives", async () => {
      const { page } = one.agent;
      await one.press("mute");
      await hearsSilence(customer);
      await one.press("mute");
      await hears(customer, { tones: [ONE], not: [CUSTOMER] });
      await page.getByTestId("control-dtmf").click();
      for (const key of ["4", "2"]) await page.getByTestId(`key-${key}`).click();
      await waitFor(() => (customer.digits() === "42" ? undefined : `the customer got "${customer.digits()}"`));
      await page.getByTestId("key-2").press("Escape");
      await page.getByTestId("quality-customer").waitFor();
    }, 30_000);

    it("[HO-1] [HO-3] held: the customer hears music, the owner silence; resumed, they talk again", async () => {
      await one.press("hold");
      await one.isIn("held");
      await Promise.all([hearsMusic(customer, [CUSTOMER, ONE, TWO]), hearsSilence(one.agent)]);
      await one.press("unhold");
      await one.isIn("connected");
      await hears(customer, { tones: [ONE], not: [TWO], forMs });
    }, 30_000);

    it("[DF-1] [DF-5] [CO-2] [DF-6] ringing: the customer hears music, agent 1 ringback, and what needs an answer is disabled", async () => {
      await one.consult("bo");
      await two.see("accept");
      await one.isIn("consulting");
      const disabled = async (name: string) =>
        one.agent.page.getByTestId(`control-${name}`).evaluate((b) => b.matches(":disabled,[aria-disabled=true]"));
      expect(await Promise.all(["resume", "transfer", "conference"].map(disabled))).toEqual([true, true, true]);
      await Promise.all([
        hearsMusic(customer, [CUSTOMER, ONE, TWO]),
        hears(one.agent, { tones: [425], not: [CUSTOMER, TWO], forMs: 500, withinMs: 6_000 }),
      ]);
    }, 30_000);

    it("[MX-1] consulting: the agents hear each other, the customer music only", async () => {
      await two.accept();
      await two.isIn("consulting");
      await Promise.all([
        hears(one.agent, { tones: [TWO], not: [CUSTOMER, ONE], forMs }),
        hears(two.agent, { tones: [ONE], not: [CUSTOMER, TWO], forMs }),
        hearsMusic(customer, [CUSTOMER, ONE, TWO]),
      ]);
    }, 30_000);

    it("[CO-3] resumed: agent 1 and the customer hear each other, agent 2 music only; and back again", async () => {
      await one.press("resume");
      await Promise.all([
        hears(one.agent, { tones: [CUSTOMER], not: [ONE, TWO], forMs }),
        hears(customer, { tones: [ONE], not: [CUSTOMER, TWO], forMs }),
        hearsMusic(two.agent, [CUSTOMER, ONE, TWO]),
      ]);
      await one.press("resume");
      await Promise.all([
        hears(one.agent, { tones: [TWO], not: [CUSTOMER, ONE], forMs }),
        hears(two.agent, { tones: [ONE], not: [CUSTOMER, TWO], forMs }),
        hearsMusic(customer, [CUSTOMER, ONE, TWO]),
      ]);
    }, 40_000);

    it("[CO-6] [CF-1] conference: each of three hears exactly the two others", async () => {
      await one.press("conference");
      await Promise.all([one.isIn("conference"), two.isIn("conference")]);
      await Promise.all([
        hears(customer, { tones: [ONE, TWO], not: [CUSTOMER], forMs }),
        hears(one.agent, { tones: [CUSTOMER, TWO], not: [ONE], forMs }),
        hears(two.agent, { tones: [CUSTOMER, ONE], not: [TWO], forMs }),
      ]);
    }, 30_000);

    it("[CF-3] agent 2 leaves the conference: agent 1 and the customer go on, no wrap-up for agent 2", async () => {
      await two.press("leave");
      await one.isIn("connected");
      await Promise.all([
        hears(customer, { tones: [ONE], not: [CUSTOMER, TWO], forMs }),
        hears(one.agent, { tones: [CUSTOMER], not: [ONE, TWO], forMs }),
        hearsSilence(two.agent),
      ]);
      await two.hasNoWrapUp();
    }, 30_000);

    it("[CO-4] [DF-7] [WU-2] transferred: the customer and agent 2 hear each other, agent 1 nothing, and wraps up", async () => {
      await one.consult("bo");
      await two.accept();
      await hears(two.agent, { tones: [ONE], not: [CUSTOMER], forMs });
      await one.press("transfer");
      await two.isIn("connected");
      await one.see("wrap-up-dialog");
      await Promise.all([
        hears(customer, { tones: [TWO], not: [CUSTOMER, ONE], forMs }),
        hears(two.agent, { tones: [CUSTOMER], not: [ONE, TWO], forMs }),
        hearsSilence(one.agent),
      ]);
      await two.hasNoWrapUp();
    }, 40_000);

    it("[AG-3] [CO-4] the new owner consults agent 1, who is in wrap-up, and has every right of an owner", async () => {
      await one.isInState("wrap-up");
      await two.consult("anna");
      await one.accept();
      await Promise.all([one.isIn("consulting"), two.isIn("consulting")]);
      await Promise.all([
        hears(one.agent, { tones: [TWO], not: [CUSTOMER, ONE], forMs }),
        hears(two.agent, { tones: [ONE], not: [CUSTOMER, TWO], forMs }),
        hearsMusic(customer, [CUSTOMER, ONE, TWO]),
      ]);
      await two.press("back-to-customer");
      await two.isIn("connected");
      await hears(customer, { tones: [TWO], not: [CUSTOMER, ONE], forMs });
      await one.isInState("wrap-up");
      await one.wrapUp("handed-over");
    }, 40_000);

    it("[CO-13] [WU-1] the owner ends the call, wraps up, and nothing is left", async () => {
      await two.press("end");
      expect(await customer.call.ended()).toMatchObject({ by: "peer" });
      await two.wrapUp();
      await product.isEmpty();
      expect(product.crashes).toEqual([]);
    }, 30_000);

    it("was done without an error in either page, and without anything that the Content-Security-Policy forbids", () => {
      const complaints = [...one.agent.console, ...two.agent.console].filter((line) =>
        /^uncaught|security.policy/i.test(line),
      );
      expect(complaints).toEqual([]);
    });

    it("[MX-5] was one whole stream to the customer, whatever fed it", () => {
      expect(customer.continuity()).toMatchObject({ ssrcs: 1, lost: 0, disordered: 0 });
    });
  });
}
