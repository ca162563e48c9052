// Blind transfers: by the desktop's command and by the phone's own key, to whoever can be called, answered and not.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { waitFor } from "../src/clock.js";
import { hears } from "../src/hearing.js";
import { PhoneAgent } from "../src/phone-agent.js";
import { Product } from "../src/product.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { CARRIER_PORT, PHONES_NUMBER, TRUNK_PORT } from "../src/site.js";
import { header, type SipText } from "../src/sip-text.js";

const [CUSTOMER, OWNER, COLLEAGUE, OUTSIDE] = [440, 700, 1000, 1300];
const NUMBER = "+4722000101";

let product: Product;
let customer: RtpCustomer;
let carrier: RtpCustomer;
let eva: PhoneAgent;
let finn: PhoneAgent;

beforeAll(async () => {
  product = await Product.start();
  eva = await PhoneAgent.open(product, "eva", "2001", OWNER);
  finn = await PhoneAgent.open(product, "finn", "2002", COLLEAGUE);
}, 90_000);

afterAll(async () => {
  eva?.close();
  finn?.close();
  await product?.stop();
}, 30_000);

beforeEach(async () => {
  customer = await RtpCustomer.create({ tone: CUSTOMER, sipPort: TRUNK_PORT });
  carrier = await RtpCustomer.create({ name: "the number", tone: OUTSIDE, sipPort: CARRIER_PORT });
  await eva.goAvailable();
  await customer.dial(product.uri(PHONES_NUMBER)).answered();
  (await eva.line.rings()).answer();
  await eva.isIn("connected");
}, 30_000);

afterEach(async () => {
  customer.hangUp();
  try {
    await Promise.all([eva.settle(), finn.settle()]);
  } finally {
    customer.close();
    carrier.close();
  }
  await product.isEmpty();
  expect(product.crashes).toEqual([]);
}, 30_000);

const transfer = (target: object) => eva.command({ type: "blind-transfer", target });
const toNumber = { kind: "number", number: NUMBER };

/** The phone's transfer key; resolves with the answer to the REFER. */
const refer = (user: string): Promise<SipText> =>
  eva.line.call.exchange("REFER", "", "", [["Refer-To", `<${user.startsWith("tel:") ? user : product.uri(user)}>`]]);

/** The customer is with the owner as before. */
async function isBack(): Promise<void> {
  await eva.isIn("connected");
  await Promise.all([hears(customer, { tones: [OWNER] }), hears(eva.line, { tones: [CUSTOMER] })]);
  expect((await eva.desktop()).wrapUps).toEqual([]);
}

describe("a blind transfer by command", () => {
  it("[BT-1] goes to an Available agent on the answer, who owns the customer then", async () => {
    await finn.goAvailable();
    expect(await transfer({ kind: "agent", agent: "finn" })).toBeNull();
    const call = await finn.line.rings();
    expect((await eva.desktop()).wrapUps).toHaveLength(1); // open already
    call.answer();
    await eva.line.call.ended();
    await Promise.all([
      hears(customer, { tones: [COLLEAGUE], not: [OWNER] }),
      hears(finn.line, { tones: [CUSTOMER], not: [OWNER] }),
    ]);
    expect((await finn.desktop()).interaction).toMatchObject({ role: "owner", phase: "connected" });
    customer.call.hangUp();
    await finn.wrapUp();
  }, 60_000);

  it("[BT-1] [DF-3] is refused for an agent who is not Available, though one could be consulted", async () => {
    expect(await transfer({ kind: "agent", agent: "finn" })).toBe("target-not-reachable");
    expect(await transfer({ kind: "agent", agent: "bo" })).toBe("target-not-reachable");
    expect(await transfer({ kind: "agent", agent: "eva" })).toBe("target-not-reachable");
    await isBack();
  }, 40_000);

  it("[BT-1] returns the customer to the owner when the agent declines, and withdraws the wrap-up", async () => {
    await finn.goAvailable();
    await transfer({ kind: "agent", agent: "finn" });
    (await finn.line.rings()).refuse(603, "Decline");
    await isBack();
    await finn.isInState("available"); // not RONA: nobody offered it a queue's call
  }, 40_000);

  it("[BT-1] waits in the queue of an entry point, and goes to whoever the queue finds", async () => {
    expect(await transfer({ kind: "entry-point", entryPoint: "phones-line" })).toBeNull();
    await eva.line.call.ended();
    await finn.call("POST", "/api/agent/state", { state: "available" }); // and is offered the customer at once
    (await finn.line.rings()).answer();
    await hears(customer, { tones: [COLLEAGUE] });
    customer.call.hangUp();
    await finn.wrapUp();
  }, 60_000);

  it("[BT-1] [CO-4] goes to a number on its answer, owned by nobody, with the customer's number shown", async () => {
    expect(await transfer(toNumber)).toBeNull();
    const call = await carrier.rings();
    expect(header(call.invite, "from")).toContain("sip:+4799999999@");
    call.answer();
    await eva.line.call.ended();
    await Promise.all([
      hears(customer, { tones: [OUTSIDE], not: [OWNER] }),
      hears(carrier, { tones: [CUSTOMER], not: [OWNER] }),
    ]);
    call.hangUp();
    await customer.call.ended();
  }, 60_000);

  it.each([
    [486, "Busy Here"],
    [404, "Not Found"],
  ])(
    "[BT-1] returns the customer to the owner when the number answers %d",
    async (status, reason) => {
      await transfer(toNumber);
      (await carrier.rings()).refuse(status, reason);
      await isBack();
    },
    40_000,
  );

  it("[BT-1] returns the customer to the owner when nobody answers, or the owner takes it back", async () => {
    await transfer(toNumber);
    expect(await (await carrier.rings()).ended()).toMatchObject({ status: 487 });
    await isBack();
    await transfer(toNumber);
    const call = await carrier.rings();
    expect(await eva.command({ type: "back-to-customer" })).toBeNull();
    await call.ended();
    await isBack();
  }, 60_000);

  it("[BT-1] ends when the customer hangs up while it rings", async () => {
    await transfer(toNumber);
    const call = await carrier.rings();
    customer.call.hangUp();
    expect(await call.ended()).toMatchObject({ status: 487 });
    await eva.line.call.ended();
  }, 40_000);
});

describe("a blind transfer by the phone's own key", () => {
  const notifies = () => eva.line.call.requests.filter((method) => method === "NOTIFY").length;

  it.each([NUMBER, "tel:+47-22-00-01-01"])(
    "[BT-1] [SG-3] by REFER to %s: 202, two NOTIFYs, then BYE",
    async (to) => {
      expect((await refer(to)).start).toContain("202");
      (await carrier.rings()).answer();
      await eva.line.call.ended();
      expect(eva.line.call.requests).toEqual(["NOTIFY", "NOTIFY", "BYE"]);
      await hears(customer, { tones: [OUTSIDE] });
    },
    60_000,
  );

  it("[BT-1] [SG-2] by REFER to an extension", async () => {
    await finn.goAvailable();
    expect((await refer("2002")).start).toContain("202");
    (await finn.line.rings()).answer();
    await eva.line.call.ended();
    await hears(customer, { tones: [COLLEAGUE] });
    customer.call.hangUp();
    await finn.wrapUp();
  }, 60_000);

  it("[BT-1] [SG-3] is told when it failed, and has the customer back", async () => {
    expect((await refer(NUMBER)).start).toContain("202");
    (await carrier.rings()).refuse(486, "Busy Here");
    await isBack();
    await waitFor(() => (notifies() === 2 ? undefined : `${notifies()} NOTIFYs`));
  }, 40_000);

  it("[BT-1] [SG-5] is refused for what does not exist", async () => {
    expect((await refer("nobody")).start).toContain("404");
    expect((await refer("12")).start).toContain("404");
    expect((await refer("+46812345678")).start).toContain("403");
    expect((await refer("2002")).start).toContain("480"); // not Available
    await isBack();
  }, 40_000);

  it("[BT-1] is not given up when the phone hangs up at once", async () => {
    expect((await refer(NUMBER)).start).toContain("202");
    const call = await carrier.rings();
    eva.line.call.hangUp();
    call.answer();
    await Promise.all([hears(customer, { tones: [OUTSIDE] }), hears(carrier, { tones: [CUSTOMER] })]);
  }, 40_000);

  it("[CO-11] is refused for the customer and for a consulted agent", async () => {
    const customers = await customer.call.exchange("REFER", "", "", [["Refer-To", `<${product.uri(NUMBER)}>`]]);
    expect(customers.start).toContain("403");
    await finn.goAvailable();
    expect(await eva.command({ type: "consult", target: { kind: "agent", agent: "finn" } })).toBeNull();
    (await finn.line.rings()).answer();
    await eva.consultIs("answered");
    const consulted = await finn.line.call.exchange("REFER", "", "", [["Refer-To", `<${product.uri(NUMBER)}>`]]);
    expect(consulted.start).toContain("403");
    await hears(eva.line, { tones: [COLLEAGUE] });
  }, 40_000);
});
