// A site where a transfer is only carried out when the consulted agent's desktop has said yes.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { waitFor } from "../src/clock.js";
import { Desk } from "../src/desk.js";
import { hears } from "../src/hearing.js";
import { hearsMusic } from "../src/music.js";
import { PhoneAgent } from "../src/phone-agent.js";
import { Product } from "../src/product.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { CARRIER_PORT, PHONES_NUMBER, TRUNK_PORT } from "../src/site.js";

const [CUSTOMER, OWNER, CONSULTED, OUTSIDE] = [440, 700, 1000, 1300];

let product: Product;
let customer: RtpCustomer;
let eva: PhoneAgent;
let anna: Desk;
let interaction: string;

beforeAll(async () => {
  product = await Product.start({ "transfer.accept": "ask" });
  eva = await PhoneAgent.open(product, "eva", "2001", OWNER);
  anna = await Desk.open(product, "anna", CONSULTED);
}, 90_000);

afterAll(async () => {
  eva?.close();
  await anna?.close();
  await product?.stop();
}, 30_000);

beforeEach(async () => {
  customer = await RtpCustomer.create({ tone: CUSTOMER, sipPort: TRUNK_PORT });
  await eva.goAvailable();
  await customer.dial(product.uri(PHONES_NUMBER)).answered();
  (await eva.line.rings()).answer();
  await eva.isIn("connected");
  interaction = (await eva.desktop()).interaction!.id;
}, 30_000);

afterEach(async () => {
  customer.hangUp();
  try {
    await eva.settle();
  } finally {
    customer.close();
  }
  await product.isEmpty();
  expect(product.crashes).toEqual([]);
}, 30_000);

async function consultsAnna(): Promise<void> {
  expect(await eva.command({ type: "consult", target: { kind: "agent", agent: "anna" } })).toBeNull();
  await anna.accept();
  await eva.consultIs("answered");
}

/** Asks for the transfer; resolves when the owner's wrap-up is open and the other desktop is asked. */
async function asks(): Promise<{ readonly outcome: Promise<string | null> }> {
  const outcome = eva.command({ type: "transfer" });
  await waitFor(async () => {
    const { interaction: call } = (await anna.desktop()) as unknown as Awaited<ReturnType<PhoneAgent["desktop"]>>;
    return call?.controls["accept-transfer"]?.enabled ? undefined : "anna is not asked";
  });
  expect((await eva.desktop()).wrapUps).toHaveLength(1);
  await Promise.all([hearsMusic(customer, [CUSTOMER, OWNER, CONSULTED]), hears(anna.agent, { tones: [OWNER] })]);
  return { outcome };
}

/** The consult as before. */
async function isRolledBack(): Promise<void> {
  await eva.consultIs("answered");
  expect((await eva.desktop()).wrapUps).toEqual([]);
  await Promise.all([hears(eva.line, { tones: [CONSULTED] }), hearsMusic(customer, [CUSTOMER, OWNER, CONSULTED])]);
}

describe("a transfer that the other desktop has to accept", () => {
  it("[CO-5] is carried out when it says yes, with the owner's wrap-up open from the request on", async () => {
    await consultsAnna();
    const { outcome } = await asks();
    expect(await anna.command(interaction, { type: "accept-transfer" })).toEqual({ status: 200, code: null });
    expect(await outcome).toBeNull();
    await Promise.all([
      hears(customer, { tones: [CONSULTED], not: [OWNER] }),
      hears(anna.agent, { tones: [CUSTOMER], not: [OWNER] }),
    ]);
    expect((await eva.desktop()).wrapUps).toHaveLength(1);
    customer.call.hangUp();
    await anna.wrapUp();
  }, 60_000);

  it("[CO-5] is rolled back when it says no", async () => {
    await consultsAnna();
    const { outcome } = await asks();
    expect(await anna.command(interaction, { type: "decline-transfer" })).toEqual({ status: 200, code: null });
    expect(await outcome).toBe("transfer-declined");
    await isRolledBack();
    expect(await eva.command({ type: "accept-transfer" })).toBe("not-in-this-phase");
  }, 60_000);

  it("[CO-5] is rolled back when it says nothing for 20 seconds", async () => {
    await consultsAnna();
    const { outcome } = await asks();
    expect(await outcome).toBe("transfer-declined");
    await isRolledBack();
  }, 90_000);

  it("[CO-5] [CO-4] is carried out at once for a number, which no desktop can be asked for", async () => {
    const carrier = await RtpCustomer.create({ name: "the number", tone: OUTSIDE, sipPort: CARRIER_PORT });
    expect(await eva.command({ type: "consult", target: { kind: "number", number: "22000101" } })).toBeNull();
    (await carrier.rings()).answer();
    await eva.consultIs("answered");
    expect(await eva.command({ type: "transfer" })).toBeNull();
    await hears(customer, { tones: [OUTSIDE], not: [OWNER] });
    carrier.hangUp();
    await customer.call.ended();
    carrier.close();
  }, 60_000);
});
