// Opus in a browser, PCMA at the customer's telephone and PCMU at a desk phone, in one call: sound and keys go everywhere they should.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { nowMs, waitFor } from "../src/clock.js";
import { Desk } from "../src/desk.js";
import { gapMs, hears, heardNothingOf, levels } from "../src/hearing.js";
import { hearsMusic } from "../src/music.js";
import { PhoneAgent } from "../src/phone-agent.js";
import { Product } from "../src/product.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { SUPPORT_NUMBER, TRUNK_PORT } from "../src/site.js";
import { HEARD_DBFS } from "../src/tones.js";

const [CUSTOMER, BROWSER, PHONE] = [440, 700, 1000];
const forMs = 1000;

let product: Product;
let customer: RtpCustomer;
let anna: Desk;
let eva: PhoneAgent;

beforeAll(async () => {
  product = await Product.start();
  customer = await RtpCustomer.create({ tone: CUSTOMER, sipPort: TRUNK_PORT });
  customer.rtp.codec = "PCMA";
  customer.describes = (sdp) => sdp.replace("AVP 0 101", "AVP 8 101").replace("rtpmap:0 PCMU", "rtpmap:8 PCMA");
  anna = await Desk.open(product, "anna", BROWSER);
  eva = await PhoneAgent.open(product, "eva", "2001", PHONE);
}, 90_000);

afterAll(async () => {
  customer?.close();
  eva?.close();
  await anna?.close();
  await product?.stop();
}, 30_000);

const payloadTypesHeard = (line: RtpCustomer): number[] => [
  ...new Set(line.rtp.recording.arrivals.map(({ payloadType }) => payloadType)),
];

/** One test after the other goes on in the same call. */
describe("three codecs in one call", () => {
  it("[MX-2] a customer with PCMA and an agent with Opus hear each other", async () => {
    await anna.goAvailable();
    await customer.dial(product.uri(SUPPORT_NUMBER)).answered();
    await anna.accept();
    await anna.isIn("connected");
    await Promise.all([
      hears(customer, { tones: [BROWSER], not: [CUSTOMER, PHONE], forMs }),
      hears(anna.agent, { tones: [CUSTOMER], not: [BROWSER, PHONE], forMs }),
    ]);
    expect(payloadTypesHeard(customer)).toEqual([8]);
  }, 40_000);

  it("[MX-2] [MX-1] so does a colleague with PCMU in a consult, and the customer hears nothing of it", async () => {
    await anna.consult("eva");
    (await eva.line.rings()).answer();
    const from = await hears(eva.line, { tones: [BROWSER], not: [CUSTOMER, PHONE], forMs });
    await hears(anna.agent, { tones: [PHONE], not: [CUSTOMER, BROWSER], forMs });
    await hearsMusic(customer, [CUSTOMER, BROWSER, PHONE]);
    await heardNothingOf(customer, [BROWSER, PHONE], from, nowMs());
    expect(payloadTypesHeard(eva.line)).toEqual([0]);
  }, 40_000);

  it("[CF-1] [MX-3] in the conference each hears the sum of the two others, and nobody themself", async () => {
    await anna.press("conference");
    await anna.isIn("conference");
    const ears = [
      { ear: customer, others: [BROWSER, PHONE], own: CUSTOMER },
      { ear: anna.agent, others: [CUSTOMER, PHONE], own: BROWSER },
      { ear: eva.line, others: [CUSTOMER, BROWSER], own: PHONE },
    ];
    await Promise.all(ears.map(({ ear, others, own }) => hears(ear, { tones: others, not: [own], forMs })));
    const now = nowMs();
    for (const { ear, others } of ears) {
      for (const level of (await levels(ear, others, now, now + forMs)).values()) {
        expect(level).toBeGreaterThan(HEARD_DBFS);
        expect(level).toBeLessThan(-6);
      }
    }
  }, 40_000);

  it("[MX-4] keys go to the others as telephone events, pressed in RTP or sent by INFO, and nobody hears tones", async () => {
    const from = nowMs();
    await customer.rtp.sendDigits("17");
    await waitFor(() => (eva.line.digits(from) === "17" ? undefined : `heard ${eva.line.digits(from)}`));
    for (const [type, body] of [
      ["application/dtmf-relay", "Signal=5\r\nDuration=160\r\n"],
      ["application/dtmf", "9"],
    ] as const) {
      expect(await eva.line.call.request("INFO", body, type)).toBe(200);
    }
    await waitFor(() => (customer.digits(from) === "59" ? undefined : `heard ${customer.digits(from)}`));
    expect(customer.digits(from)).toBe("59"); // and not its own
    expect(eva.line.digits(from)).toBe("17");
    for (const ear of [customer, eva.line]) await heardNothingOf(ear, [852, 1209, 1336, 1477], from, nowMs());
  }, 40_000);

  it("[MX-5] a leg that stops sending is silent and takes nobody else's sound away", async () => {
    await hears(customer, { tones: [BROWSER, PHONE] });
    eva.line.rtp.silent = true;
    const from = await hears(customer, { tones: [BROWSER], not: [PHONE], forMs });
    await hears(anna.agent, { tones: [CUSTOMER], not: [PHONE] });
    expect(await gapMs(customer, BROWSER, from, from + 1_500)).toBeLessThan(100);
    await hears(eva.line, { tones: [CUSTOMER, BROWSER] });
    eva.line.rtp.silent = false;
    await hears(customer, { tones: [BROWSER, PHONE], not: [CUSTOMER] });
  }, 40_000);

  it("[CF-2] [MX-3] without the browser, PCMA and PCMU go on, and nothing is left at the end", async () => {
    await anna.press("leave");
    await eva.isIn("connected");
    await Promise.all([
      hears(customer, { tones: [PHONE], not: [CUSTOMER, BROWSER], forMs }),
      hears(eva.line, { tones: [CUSTOMER], not: [PHONE, BROWSER], forMs }),
    ]);
    expect(customer.continuity()).toMatchObject({ ssrcs: 1, lost: 0, disordered: 0 });
    customer.call.hangUp();
    await eva.wrapUp();
    await anna.wrapUp();
    await product.isEmpty();
    expect(product.crashes).toEqual([]);
  }, 40_000);
});
