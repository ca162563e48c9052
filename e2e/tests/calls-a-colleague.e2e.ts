// Calls inside the house: agents and registered telephones with each other, outside any interaction.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { waitFor } from "../src/clock.js";
import { Desk } from "../src/desk.js";
import { hears } from "../src/hearing.js";
import { PhoneAgent } from "../src/phone-agent.js";
import { Product } from "../src/product.js";
import { header } from "../src/sip-text.js";

const [EVA, FINN, ANNA] = [700, 1000, 1300];

let product: Product;
let eva: PhoneAgent;
let finn: PhoneAgent;

beforeAll(async () => {
  product = await Product.start();
  eva = await PhoneAgent.open(product, "eva", "2001", EVA);
  finn = await PhoneAgent.open(product, "finn", "2002", FINN);
}, 90_000);

afterAll(async () => {
  eva?.close();
  finn?.close();
  await product?.stop();
}, 30_000);

afterEach(async () => {
  eva.line.hangUp();
  finn.line.hangUp();
  await product.isEmpty();
  expect(product.crashes).toEqual([]);
}, 30_000);

const bothTalk = () =>
  Promise.all([hears(eva.line, { tones: [FINN], not: [EVA] }), hears(finn.line, { tones: [EVA], not: [FINN] })]);

describe("a call to a colleague", () => {
  it("[IN-1] by extension: rings with ringback, both talk, and both are back in their former states", async () => {
    await finn.goAvailable();
    const call = eva.phone.dial("2002");
    const other = await finn.line.rings();
    expect(header(other.invite, "from")).toContain('"Eva" <sip:2001@');
    await call.ringing();
    expect(call.statuses).toContain(183);
    await Promise.all([eva.isInState("reserved"), finn.isInState("reserved")]);
    expect((await finn.desktop()).interaction).toMatchObject({ phase: "offered", customer: { name: "Eva" } });
    other.answer();
    await call.answered();
    await bothTalk();
    await Promise.all([eva.isInState("engaged"), finn.isInState("engaged")]);
    expect((await eva.desktop()).interaction).toMatchObject({ phase: "connected", customer: { name: "Finn" } });
    call.hangUp();
    await other.ended();
    await Promise.all([eva.isInState("idle"), finn.isInState("available")]);
    expect([(await eva.desktop()).wrapUps, (await finn.desktop()).wrapUps]).toEqual([[], []]);
    await finn.goIdle();
  }, 60_000);

  it("[IN-1] [HO-5] takes only the own audio out while a hold key is pressed, and passes keys on", async () => {
    const call = eva.phone.dial("finn");
    (await finn.line.rings()).answer();
    await call.answered();
    await bothTalk();
    await call.hold(true);
    await hears(finn.line, { not: [EVA] });
    await call.hold(false);
    await bothTalk();
    await eva.line.rtp.sendDigits("5#");
    await waitFor(() => (finn.line.digits().endsWith("5#") ? undefined : `heard ${finn.line.digits()}`));
    finn.line.call.hangUp();
    await call.ended();
  }, 60_000);

  it.each([
    [486, "Busy Here", 486],
    [603, "Decline", 603],
  ])(
    "[IN-1] says that the colleague said %d",
    async (status, reason, told) => {
      const call = eva.phone.dial("2002");
      (await finn.line.rings()).refuse(status, reason);
      expect(await call.ended()).toMatchObject({ by: "refused", status: told });
      await Promise.all([eva.isInState("idle"), finn.isInState("idle")]);
    },
    30_000,
  );

  it("[IN-1] is given up when nobody answers, and cancelled when the caller hangs up", async () => {
    const unanswered = eva.phone.dial("2002");
    expect(await (await finn.line.rings()).ended()).toMatchObject({ status: 487 });
    expect(await unanswered.ended()).toMatchObject({ by: "refused", status: 480 });
    const cancelled = eva.phone.dial("2002");
    const ringing = await finn.line.rings();
    await cancelled.ringing();
    cancelled.cancel();
    expect(await ringing.ended()).toMatchObject({ status: 487 });
    await finn.isInState("idle"); // no RONA: no queue offered it
  }, 40_000);

  it("[IN-1] placed through the API calls the own phone first, and is hung up by the desktop's button", async () => {
    const target = { kind: "agent", agent: "finn" };
    expect((await eva.call("POST", "/api/calls", { target })).code).toBeNull();
    (await eva.line.rings()).answer();
    (await finn.line.rings()).answer();
    await bothTalk();
    expect((await eva.call("POST", "/api/calls", { target })).code).toBe("in-a-call");
    expect(await eva.command({ type: "hold" })).toBe("not-in-this-phase");
    expect(await eva.command({ type: "end" })).toBeNull();
    await Promise.all([eva.line.call.ended(), finn.line.call.ended()]);
  }, 40_000);

  it("[IN-1] cannot be transferred", async () => {
    const call = eva.phone.dial("2002");
    (await finn.line.rings()).answer();
    await call.answered();
    const answer = await call.exchange("REFER", "", "", [["Refer-To", `<${product.uri("+4722000101")}>`]]);
    expect(answer.start).toContain("403");
    await bothTalk();
  }, 40_000);

  it("[IN-1] reaches nobody who is not there, and not oneself", async () => {
    expect(await eva.phone.dial("bo").ended()).toMatchObject({ by: "refused", status: 480 });
    expect(await eva.phone.dial("2001").ended()).toMatchObject({ by: "refused", status: 480 });
    await eva.isInState("idle");
  }, 20_000);
});

describe("a telephone nobody is signed in at", () => {
  it("[IN-1] [TK-1] calls and is called inside the house, and does not call out", async () => {
    expect((await finn.call("DELETE", "/api/session")).status).toBe(200);
    const call = finn.phone.dial("2001");
    (await eva.line.rings()).answer();
    await call.answered();
    await bothTalk();
    call.hangUp();
    await eva.line.call.ended();
    const back = eva.phone.dial("2002");
    (await finn.line.rings()).answer();
    await back.answered();
    await bothTalk();
    back.hangUp();
    await finn.line.call.ended();
    expect(await finn.phone.dial("+4722000101").ended()).toMatchObject({ by: "refused", status: 403 });
    await finn.signIn();
  }, 60_000);
});

describe("an agent at a browser", () => {
  it("[IN-1] is called by a phone, and answers with the page's own button", async () => {
    const anna = await Desk.open(product, "anna", ANNA);
    try {
      const call = eva.phone.dial("anna");
      await anna.accept();
      await call.answered();
      await Promise.all([
        hears(eva.line, { tones: [ANNA], not: [EVA] }),
        hears(anna.agent, { tones: [EVA], not: [ANNA] }),
      ]);
      call.hangUp();
      await anna.isInState("idle");
    } finally {
      await anna.close();
    }
  }, 60_000);
});
