// Numbers, blind transfers, calls of the agent's own and the question of a transfer, by the page's own buttons.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { waitFor } from "../src/clock.js";
import { Desk } from "../src/desk.js";
import { hears } from "../src/hearing.js";
import { hearsMusic } from "../src/music.js";
import { Phone } from "../src/phone.js";
import { Product } from "../src/product.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { CARRIER_PORT, PHONE_PASSWORD, SITE_DOMAIN, SUPPORT_NUMBER, TRUNK_PORT } from "../src/site.js";

const [CUSTOMER, ONE, TWO, OUTSIDE] = [440, 700, 1000, 1300];
const TYPED = "Tel. +47 (22) 00-01-01";
const NUMBER = "sip:+4722000101@";

let product: Product;
let customer: RtpCustomer;
let carrier: RtpCustomer;
let one: Desk;
let two: Desk;

async function open(policy: Readonly<Record<string, unknown>> = {}): Promise<void> {
  product = await Product.start(policy);
  [one, two] = await Promise.all([Desk.open(product, "anna", ONE), Desk.open(product, "bo", TWO)]);
}

async function close(): Promise<void> {
  await Promise.all([one?.close(), two?.close()]);
  await product?.stop();
}

async function outsiders(): Promise<void> {
  customer = await RtpCustomer.create({ tone: CUSTOMER, sipPort: TRUNK_PORT });
  carrier = await RtpCustomer.create({ name: "the number", tone: OUTSIDE, sipPort: CARRIER_PORT });
}

async function customerCalls(): Promise<void> {
  await one.goAvailable();
  await customer.dial(product.uri(SUPPORT_NUMBER)).answered();
  await one.accept();
  await one.isIn("connected");
}

async function nothingIsLeft(): Promise<void> {
  customer.close();
  carrier.close();
  await product.isEmpty();
  expect(product.crashes).toEqual([]);
}

const at = (desk: Desk, testId: string) => desk.agent.page.getByTestId(testId);
const rest = (desk: Desk) => desk.call("POST", "/api/agent/state", { state: "idle", reason: "break" });

/** Waits until the page tells this. */
const told = (desk: Desk, words: string) => at(desk, "toast-notice").filter({ hasText: words }).waitFor();

/** Calls the carrier with Enter in the open dialog. */
async function dial(typed = TYPED, desk = one): Promise<string> {
  const said = await desk.pasteNumber(typed);
  await at(desk, "consult-number").press("Enter");
  return said;
}

describe("at the page", () => {
  beforeAll(open, 90_000);
  afterAll(close, 30_000);

  describe("in a call", () => {
    beforeEach(async () => {
      await outsiders();
      await customerCalls();
    }, 30_000);

    afterEach(async () => {
      if (customer.call.state.phase === "up") customer.call.hangUp();
      await one.wrapUp();
      await rest(one);
      await nothingIsLeft();
    }, 30_000);

    it("[DF-5] [DN-1] [DN-5] [SG-1] [CO-4] consults a pasted number with its keys, and leaves it the customer", async () => {
      await one.press("consult");
      expect(await dial(`${TYPED}:12`)).toBe("Will be dialled: +47 22 00 01 01, then keys 12");
      const call = await carrier.rings();
      expect(call.invite.start).toContain(NUMBER);
      await hearsMusic(customer, [CUSTOMER, ONE, OUTSIDE]);
      call.answer();
      await one.isTalkingWith("consult");
      await hears(one.agent, { tones: [OUTSIDE], not: [CUSTOMER, ONE] });
      await waitFor(() => (carrier.digits() === "12" ? undefined : `keys heard: ${carrier.digits()}`));
      expect(await at(one, "consult-card").textContent()).toContain("+4722000101");
      await one.mayPress("transfer");
      await one.press("transfer");
      await Promise.all([
        hears(customer, { tones: [OUTSIDE], not: [ONE] }),
        hears(carrier, { tones: [CUSTOMER], not: [ONE] }),
      ]);
      customer.call.hangUp(); // nobody of ours is left in it
      await call.ended();
    }, 60_000);

    it("[DF-2] [DF-6] is back with the customer when a number from the list does not take the call", async () => {
      await one.press("consult");
      await at(one, "consult-kind-number").click();
      await at(one, "consult-number-taxi").click();
      await at(one, "consult-submit").click();
      const call = await carrier.rings();
      await one.isIn("consulting");
      call.refuse(603, "Decline");
      await one.isIn("connected");
      await told(one, "declined the consultation");
      await hears(customer, { tones: [ONE] });
    }, 60_000);

    it("[DF-4] consults an expert found by department, and shows the name", async () => {
      await one.press("consult");
      await at(one, "consult-kind-expert").click();
      await at(one, "consult-search").fill("field");
      await at(one, "consult-expert-nina").click();
      await at(one, "consult-submit").click();
      (await carrier.rings()).answer();
      await one.isTalkingWith("consult");
      expect(await at(one, "consult-card").textContent()).toContain("Nina Dahl");
      await one.press("back-to-customer");
      await hears(customer, { tones: [ONE], not: [OUTSIDE] });
    }, 60_000);

    it("[BT-1] [DF-3] transfers blindly to an Available agent, who gets the customer by answering", async () => {
      await one.press("blind-transfer");
      await at(one, "consult-list-message").waitFor(); // Bo is not Available yet
      await two.goAvailable();
      await at(one, "consult-refresh").click();
      await at(one, "consult-agent-bo").click();
      await at(one, "consult-submit").click();
      await one.isIn("transferring");
      await two.see("accept");
      expect(await at(two, "incoming").textContent()).toContain("Anna transfers this customer to you");
      await two.accept();
      await Promise.all([
        hears(customer, { tones: [TWO], not: [ONE] }),
        hears(two.agent, { tones: [CUSTOMER], not: [ONE] }),
      ]);
      customer.call.hangUp();
      await two.wrapUp();
      await rest(two);
    }, 60_000);

    it("[BT-1] takes the customer back while the number rings, also one who was on hold", async () => {
      await one.press("hold");
      await one.isIn("held");
      await one.press("blind-transfer");
      await dial();
      const call = await carrier.rings();
      await one.isIn("transferring");
      await one.press("back-to-customer");
      expect(await call.ended()).toMatchObject({ status: 487 });
      await one.isIn("connected");
      await Promise.all([hears(customer, { tones: [ONE] }), hears(one.agent, { tones: [CUSTOMER] })]);
      await one.hasNoWrapUp();
    }, 60_000);
  });

  describe("between calls", () => {
    beforeEach(outsiders, 30_000);
    afterEach(nothingIsLeft, 30_000);

    it("[OB-1] [SG-1] calls a number, is connected by its answer, and wraps up", async () => {
      await at(one, "place-call").click();
      await dial();
      const call = await carrier.rings();
      expect(call.invite.start).toContain(NUMBER);
      await one.isIn("dialling");
      expect(await at(one, "customer-card").textContent()).toContain("+4722000101");
      call.answer();
      await one.isIn("connected");
      await Promise.all([hears(one.agent, { tones: [OUTSIDE], not: [ONE] }), hears(carrier, { tones: [ONE] })]);
      await one.press("end");
      await call.ended();
      await one.wrapUp();
      await rest(one);
    }, 60_000);

    it("[OB-1] tells that the number is busy, and leaves nothing to wrap up", async () => {
      await at(one, "place-call").click();
      await dial();
      const call = await carrier.rings();
      await one.isIn("dialling");
      call.refuse(486, "Busy Here");
      await told(one, "is busy");
      await one.see("idle-view");
      await one.hasNoWrapUp();
    }, 60_000);

    it("[OB-1] ends a call that nobody has answered", async () => {
      await at(one, "place-call").click();
      await dial();
      const call = await carrier.rings();
      await one.isIn("dialling");
      await one.press("end");
      expect(await call.ended()).toMatchObject({ status: 487 });
      await one.see("idle-view");
    }, 60_000);

    it("[IN-1] calls a colleague, with nothing to wrap up", async () => {
      await at(one, "place-call").click();
      await at(one, "consult-kind-agent").click();
      await at(one, "consult-agent-bo").click();
      await at(one, "consult-submit").click();
      await two.see("accept");
      await one.isIn("dialling");
      await two.accept();
      await Promise.all([one.isIn("connected"), two.isIn("connected")]);
      expect(await at(one, "customer-card").getAttribute("aria-label")).toBe("Colleague");
      await Promise.all([
        hears(one.agent, { tones: [TWO], not: [ONE] }),
        hears(two.agent, { tones: [ONE], not: [TWO] }),
      ]);
      await two.press("end");
      await Promise.all([one.see("idle-view"), two.see("idle-view")]);
      await one.hasNoWrapUp();
    }, 60_000);

    it("[OB-1] [AG-2] lets the desk phone ring first where that is the station", async () => {
      const account = { user: "2001", password: PHONE_PASSWORD, domain: SITE_DOMAIN };
      const phone = await Phone.create(account, { host: "127.0.0.1", port: product.ports["sip"]! }, TWO);
      expect(await phone.register()).toBe(200);
      const eva = await Desk.open(product, "eva", ONE, "2001");
      await at(eva, "place-call").click();
      expect(await eva.agent.page.locator(".dialog-lead").textContent()).toContain("Your desk phone rings first");
      await dial(TYPED, eva);
      const ringing = await phone.line.rings();
      await eva.isIn("dialling");
      await eva.agent.page.getByText("Your desk phone rings first: pick it up.").waitFor();
      ringing.answer();
      (await carrier.rings()).answer();
      await eva.isIn("connected");
      await Promise.all([hears(phone.line, { tones: [OUTSIDE], not: [TWO] }), hears(carrier, { tones: [TWO] })]);
      await eva.press("end");
      await ringing.ended();
      await eva.wrapUp();
      phone.close();
      await eva.close();
    }, 60_000);
  });
});

describe("where a transfer is asked about", () => {
  beforeAll(() => open({ "transfer.accept": "ask" }), 90_000);
  afterAll(close, 30_000);

  beforeEach(async () => {
    await outsiders();
    await customerCalls();
    await one.consult("bo");
    await two.accept();
    await one.isTalkingWith("consult");
    await one.mayPress("transfer");
    await one.press("transfer");
    await two.see("transfer-question");
  }, 40_000);

  afterEach(async () => {
    customer.call.hangUp();
    await one.wrapUp();
    await rest(one);
    await nothingIsLeft();
  }, 30_000);

  it("[CO-5] the desktop asks, the consult goes on meanwhile, and Accept takes the customer", async () => {
    expect(await at(two, "transfer-question").textContent()).toContain("Anna transfers the customer to you");
    expect(await at(two, "transfer-countdown").textContent()).toMatch(/00:[01]\d|00:20/);
    await one.see("wrap-up-dialog");
    expect(await one.agent.page.locator("h1").first().textContent()).toBe("Asking Bo to take the customer…");
    await Promise.all([hears(one.agent, { tones: [TWO] }), hearsMusic(customer, [CUSTOMER, ONE, TWO])]);
    await at(two, "control-accept-transfer").click();
    await Promise.all([
      hears(customer, { tones: [TWO], not: [ONE] }),
      hears(two.agent, { tones: [CUSTOMER], not: [ONE] }),
    ]);
    customer.call.hangUp();
    await two.wrapUp();
    await rest(two);
  }, 60_000);

  it("[CO-5] Decline leaves everything as it was, and both desktops say so", async () => {
    await at(two, "control-decline-transfer").click();
    await at(two, "transfer-question").waitFor({ state: "detached" });
    await told(one, "Bo did not take the customer. Everything is as before.");
    await one.mayPress("transfer");
    await one.hasNoWrapUp();
    await Promise.all([
      hears(one.agent, { tones: [TWO], not: [CUSTOMER] }),
      hears(two.agent, { tones: [ONE], not: [CUSTOMER] }),
    ]);
  }, 60_000);
});
