// Numbers, blind transfers, calls of the agent's own and the question of a transfer, by the page's own buttons.
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { waitFor } from "../src/clock.js";
import { Desk } from "../src/desk.js";
import { DeskScene, ONE, TWO } from "../src/desk-scene.js";
import { hears } from "../src/hearing.js";
import { hearsMusic } from "../src/music.js";
import { CUSTOMER, OUTSIDE } from "../src/phone-scene.js";
import { Phone } from "../src/phone.js";
import type { SipCall } from "../src/sip-call.js";
import { PHONE_PASSWORD, SITE_DOMAIN } from "../src/site.js";

const TYPED = "Tel. +47 (22) 00-01-01";
const NUMBER = "sip:+4722000101@";

const at = (desk: Desk, testId: string) => desk.agent.page.getByTestId(testId);

/** Waits until the page tells this. */
const told = (desk: Desk, words: string) => at(desk, "toast-notice").filter({ hasText: words }).waitFor();

/** Calls the carrier with Enter in the open dialog. */
async function dial(desk: Desk, typed = TYPED): Promise<string> {
  const said = await desk.pasteNumber(typed);
  await at(desk, "consult-number").press("Enter");
  return said;
}

describe("at the page", () => {
  const scene = DeskScene.forTests();

  describe("in a call", () => {
    beforeEach(async () => {
      await scene.openOutsiders();
      await scene.connect();
    }, 30_000);

    afterEach(() => scene.settle(), 30_000);

    it("[DF-5] [DN-1] [DN-5] [SG-1] [CO-4] consults a pasted number with its keys, and leaves it the customer", async () => {
      await scene.one.press("consult");
      expect(await dial(scene.one, `${TYPED}:12`)).toBe("Will be dialled: +47 22 00 01 01, then keys 12");
      const call = await scene.carrier.rings();
      expect(call.invite.start).toContain(NUMBER);
      await hearsMusic(scene.customer, [CUSTOMER, ONE, OUTSIDE]);
      call.answer();
      await scene.one.isTalkingWith("consult");
      await hears(scene.one.agent, { tones: [OUTSIDE], not: [CUSTOMER, ONE] });
      await waitFor(() => (scene.carrier.digits() === "12" ? undefined : `keys heard: ${scene.carrier.digits()}`));
      expect(await at(scene.one, "consult-card").textContent()).toContain("+4722000101");
      await scene.one.mayPress("transfer");
      await scene.one.press("transfer");
      await Promise.all([
        hears(scene.customer, { tones: [OUTSIDE], not: [ONE] }),
        hears(scene.carrier, { tones: [CUSTOMER], not: [ONE] }),
      ]);
      scene.customer.call.hangUp(); // nobody of ours is left in it
      await call.ended();
    }, 60_000);

    it("[DF-2] [DF-6] is back with the customer when a number from the list does not take the call", async () => {
      await scene.one.press("consult");
      await at(scene.one, "consult-kind-number").click();
      await at(scene.one, "consult-number-taxi").click();
      await at(scene.one, "consult-submit").click();
      const call = await scene.carrier.rings();
      await scene.one.isIn("consulting");
      call.refuse(603, "Decline");
      await scene.one.isIn("connected");
      await told(scene.one, "declined the consultation");
      await hears(scene.customer, { tones: [ONE] });
    }, 60_000);

    it("[DF-4] consults an expert found by department, and shows the name", async () => {
      await scene.one.press("consult");
      await at(scene.one, "consult-kind-expert").click();
      await at(scene.one, "consult-search").fill("field");
      await at(scene.one, "consult-expert-nina").click();
      await at(scene.one, "consult-submit").click();
      (await scene.carrier.rings()).answer();
      await scene.one.isTalkingWith("consult");
      expect(await at(scene.one, "consult-card").textContent()).toContain("Nina Dahl");
      await scene.one.press("back-to-customer");
      await hears(scene.customer, { tones: [ONE], not: [OUTSIDE] });
    }, 60_000);

    it("[BT-1] [DF-3] transfers blindly to an Available agent, who gets the customer by answering", async () => {
      await scene.one.press("blind-transfer");
      await at(scene.one, "consult-list-message").waitFor(); // Bo is not Available yet
      await scene.two.goAvailable();
      await at(scene.one, "consult-refresh").click();
      await at(scene.one, "consult-agent-bo").click();
      await at(scene.one, "consult-submit").click();
      await scene.one.isIn("transferring");
      await scene.two.see("accept");
      expect(await at(scene.two, "incoming").textContent()).toContain("Anna transfers this customer to you");
      await scene.two.accept();
      await scene.isHandedOver();
    }, 60_000);

    it("[BT-1] takes the customer back while the number rings, also one who was on hold", async () => {
      await scene.one.press("hold");
      await scene.one.isIn("held");
      await scene.one.press("blind-transfer");
      await dial(scene.one);
      const call = await scene.carrier.rings();
      await scene.one.isIn("transferring");
      await scene.one.press("back-to-customer");
      expect(await call.ended()).toMatchObject({ status: 487 });
      await scene.one.isIn("connected");
      await Promise.all([hears(scene.customer, { tones: [ONE] }), hears(scene.one.agent, { tones: [CUSTOMER] })]);
      await scene.one.hasNoWrapUp();
    }, 60_000);
  });

  describe("between calls", () => {
    beforeEach(() => scene.openOutsiders());
    afterEach(() => scene.isEmpty(), 30_000);

    /** Anna calls the number, which rings. */
    async function calls(): Promise<SipCall> {
      await at(scene.one, "place-call").click();
      await dial(scene.one);
      const call = await scene.carrier.rings();
      await scene.one.isIn("dialling");
      return call;
    }

    it("[OB-1] [SG-1] calls a number, is connected by its answer, and wraps up", async () => {
      const call = await calls();
      expect(call.invite.start).toContain(NUMBER);
      expect(await at(scene.one, "customer-card").textContent()).toContain("+4722000101");
      call.answer();
      await scene.one.isIn("connected");
      await Promise.all([
        hears(scene.one.agent, { tones: [OUTSIDE], not: [ONE] }),
        hears(scene.carrier, { tones: [ONE] }),
      ]);
      await scene.one.press("end");
      await call.ended();
      await scene.one.wrapUp();
      await scene.one.goIdle();
    }, 60_000);

    it("[OB-1] tells that the number is busy, and leaves nothing to wrap up", async () => {
      const call = await calls();
      call.refuse(486, "Busy Here");
      await told(scene.one, "is busy");
      await scene.one.see("idle-view");
      await scene.one.hasNoWrapUp();
    }, 60_000);

    it("[OB-1] ends a call that nobody has answered", async () => {
      const call = await calls();
      await scene.one.press("end");
      expect(await call.ended()).toMatchObject({ status: 487 });
      await scene.one.see("idle-view");
    }, 60_000);

    it("[IN-1] calls a colleague, with nothing to wrap up", async () => {
      await at(scene.one, "place-call").click();
      await at(scene.one, "consult-kind-agent").click();
      await at(scene.one, "consult-agent-bo").click();
      await at(scene.one, "consult-submit").click();
      await scene.two.see("accept");
      await scene.one.isIn("dialling");
      await scene.two.accept();
      await Promise.all([scene.one.isIn("connected"), scene.two.isIn("connected")]);
      expect(await at(scene.one, "customer-card").getAttribute("aria-label")).toBe("Colleague");
      await Promise.all([
        hears(scene.one.agent, { tones: [TWO], not: [ONE] }),
        hears(scene.two.agent, { tones: [ONE], not: [TWO] }),
      ]);
      await scene.two.press("end");
      await Promise.all([scene.one.see("idle-view"), scene.two.see("idle-view")]);
      await scene.one.hasNoWrapUp();
    }, 60_000);

    it("[OB-1] [AG-2] lets the desk phone ring first where that is the station", async () => {
      const account = { user: "2001", password: PHONE_PASSWORD, domain: SITE_DOMAIN };
      const phone = await Phone.create(account, { host: "127.0.0.1", port: scene.product.ports["sip"]! }, TWO);
      expect(await phone.register()).toBe(200);
      const eva = await Desk.open(scene.product, "eva", ONE, "2001");
      await at(eva, "place-call").click();
      expect(await eva.agent.page.locator(".dialog-lead").textContent()).toContain("Your desk phone rings first");
      await dial(eva);
      const ringing = await phone.line.rings();
      await eva.isIn("dialling");
      await eva.agent.page.getByText("Your desk phone rings first: pick it up.").waitFor();
      ringing.answer();
      (await scene.carrier.rings()).answer();
      await eva.isIn("connected");
      await Promise.all([hears(phone.line, { tones: [OUTSIDE], not: [TWO] }), hears(scene.carrier, { tones: [TWO] })]);
      await eva.press("end");
      await ringing.ended();
      await eva.wrapUp();
      phone.close();
      await eva.close();
    }, 60_000);
  });
});

describe("where a transfer is asked about", () => {
  const scene = DeskScene.forTests({ "transfer.accept": "ask" });

  beforeEach(async () => {
    await scene.openOutsiders();
    await scene.connect();
    await scene.consult();
    await scene.one.press("transfer");
    await scene.two.see("transfer-question");
  }, 40_000);

  afterEach(() => scene.settle(), 30_000);

  it("[CO-5] the desktop asks, the consult goes on meanwhile, and Accept takes the customer", async () => {
    expect(await at(scene.two, "transfer-question").textContent()).toContain("Anna transfers the customer to you");
    expect(await at(scene.two, "transfer-countdown").textContent()).toMatch(/00:[01]\d|00:20/);
    await scene.one.see("wrap-up-dialog");
    expect(await scene.one.agent.page.locator("h1").first().textContent()).toBe("Asking Bo to take the customer…");
    await Promise.all([hears(scene.one.agent, { tones: [TWO] }), hearsMusic(scene.customer, [CUSTOMER, ONE, TWO])]);
    await at(scene.two, "control-accept-transfer").click();
    await scene.isHandedOver();
  }, 60_000);

  it("[CO-5] Decline leaves everything as it was, and both desktops say so", async () => {
    await at(scene.two, "control-decline-transfer").click();
    await at(scene.two, "transfer-question").waitFor({ state: "detached" });
    await told(scene.one, "Bo did not take the customer. Everything is as before.");
    await scene.one.mayPress("transfer");
    await scene.one.hasNoWrapUp();
    await Promise.all([
      hears(scene.one.agent, { tones: [TWO], not: [CUSTOMER] }),
      hears(scene.two.agent, { tones: [ONE], not: [CUSTOMER] }),
    ]);
  }, 60_000);
});
