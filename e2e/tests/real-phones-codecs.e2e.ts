// Telephones as they are sold, with other codecs than PCMU, on calls that they place themselves, to a colleague and to a number outside; and a
// conference that one of them makes by its own key.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { ApiDesk } from "../src/api-desk.js";
import { Baresip } from "../src/baresip.js";
import { hears, type Listener } from "../src/hearing.js";
import { Linphone } from "../src/linphone.js";
import { hearsMusic } from "../src/music.js";
import { NetworkTap } from "../src/network-tap.js";
import { OpusEar } from "../src/phone-families-opus-ear.js";
import { openCarrier, openCustomer } from "../src/phone-scene.js";
import { Product } from "../src/product.js";
import { stationOptions } from "../src/real-phone.js";
import type { RtpCustomer } from "../src/rtp-customer.js";
import { PHONES_NUMBER } from "../src/site.js";

const [CUSTOMER, LINPHONE, BARESIP, OUTSIDE] = [440, 700, 1000, 1300];
const TONES = [CUSTOMER, LINPHONE, BARESIP, OUTSIDE];

let tap: NetworkTap;
let product: Product;
let eva: ApiDesk;
let finn: ApiDesk;
let linphone: Linphone;
let baresip: Baresip;
/** What Linphone hears while it speaks Opus. */
let ear: OpusEar;
let outside: RtpCustomer | undefined;

beforeAll(async () => {
  tap = await NetworkTap.start();
  product = await Product.start();
  [eva, finn] = [new ApiDesk(product, "eva", "2001"), new ApiDesk(product, "finn", "2002")];
  const first = stationOptions(product, tap, { extension: "2001", tone: LINPHONE, transport: "udp" });
  const second = stationOptions(product, tap, { extension: "2002", tone: BARESIP, transport: "udp" });
  [linphone, baresip] = await Promise.all([
    Linphone.start({ ...first, codec: "opus" }),
    Baresip.start({ ...second, codec: "PCMA" }),
  ]);
  ear = new OpusEar("Linphone", first.ports, tap);
  await Promise.all([linphone.isRegistered(), baresip.isRegistered()]);
  await Promise.all([eva.signIn(), finn.signIn()]);
}, 90_000);

afterAll(async () => {
  ear?.close();
  await Promise.all([linphone?.stop(), baresip?.stop()]);
  await product?.stop();
  await tap?.stop();
}, 30_000);

afterEach(async () => {
  outside?.hangUp();
  await Promise.all([eva.settle(), finn.settle()]);
  await product.isEmpty();
  outside?.close();
  outside = undefined;
  expect(product.crashes).toEqual([]);
}, 30_000);

/** Each hears the other, and nobody else. */
async function talking(a: Listener, toneOfA: number, b: Listener, toneOfB: number): Promise<void> {
  const only = (listener: Listener, tone: number) =>
    hears(listener, { tones: [tone], not: TONES.filter((other) => other !== tone), withinMs: 8_000 });
  await Promise.all([only(a, toneOfB), only(b, toneOfA)]);
}

describe("a call to a colleague", () => {
  it("[IN-1] [MX-2] from Linphone with Opus to baresip with PCMA, and back", async () => {
    await linphone.dial("2002");
    await baresip.accept();
    await talking(ear, LINPHONE, baresip, BARESIP);
    await linphone.hangUp();
    await Promise.all([eva.isIn("none"), finn.isIn("none")]);

    await baresip.dial("2001");
    await linphone.accept();
    await talking(ear, LINPHONE, baresip, BARESIP);
    await baresip.hangUp();
    await Promise.all([eva.isIn("none"), finn.isIn("none")]);
    expect([(await eva.desktop()).wrapUps, (await finn.desktop()).wrapUps]).toEqual([[], []]);
  }, 60_000);
});

describe("a call to a number outside", () => {
  it("[OB-1] [MX-2] [HO-1] from Linphone with Opus, with its own hold key", async () => {
    outside = await openCarrier();
    await linphone.dial("22000101");
    (await outside.rings()).answer();
    await eva.isIn("connected");
    await talking(ear, LINPHONE, outside, OUTSIDE);
    await linphone.hold();
    await hearsMusic(outside, TONES);
    await linphone.resume();
    await talking(ear, LINPHONE, outside, OUTSIDE);
    await linphone.hangUp();
    expect(await outside.call.ended()).toMatchObject({ by: "peer" });
    await eva.wrapUp();
  }, 60_000);

  it("[OB-1] [MX-2] from baresip with PCMA", async () => {
    outside = await openCarrier();
    await baresip.dial("22000101");
    (await outside.rings()).answer();
    await finn.isIn("connected");
    await talking(baresip, BARESIP, outside, OUTSIDE);
    outside.call.hangUp();
    await finn.wrapUp();
  }, 60_000);
});

describe("a customer's call", () => {
  it("[MX-2] [MX-1] to Linphone with Opus, consulted about with baresip with PCMA", async () => {
    outside = await openCustomer();
    await eva.goAvailable();
    await outside.dial(product.uri(PHONES_NUMBER)).answered();
    await linphone.accept();
    await eva.isIn("connected");
    await talking(ear, LINPHONE, outside, CUSTOMER);
    expect(await eva.command({ type: "consult", target: { kind: "agent", agent: "finn" } })).toBeNull();
    await baresip.accept();
    await Promise.all([talking(ear, LINPHONE, baresip, BARESIP), hearsMusic(outside, TONES)]);
    expect(await eva.command({ type: "conference" })).toBeNull();
    await Promise.all([
      hears(ear, { tones: [CUSTOMER, BARESIP], not: [LINPHONE] }),
      hears(baresip, { tones: [CUSTOMER, LINPHONE], not: [BARESIP] }),
      hears(outside, { tones: [LINPHONE, BARESIP], not: [CUSTOMER] }),
    ]);
    outside.call.hangUp();
  }, 60_000);

  it("[SG-2] [CO-2] [CO-6] [CF-1] [CF-2] at Linphone, made a conference by its own conference key", async () => {
    outside = await openCustomer();
    await eva.goAvailable();
    await outside.dial(product.uri(PHONES_NUMBER)).answered();
    await linphone.accept();
    await eva.isIn("connected");
    await linphone.hold();
    await eva.isIn("held");
    await linphone.dial("2002");
    await baresip.accept();
    await eva.consultIs("answered");
    await Promise.all([talking(ear, LINPHONE, baresip, BARESIP), hearsMusic(outside, TONES)]);
    await linphone.conference();
    await eva.isIn("conference");
    await Promise.all([
      hears(ear, { tones: [CUSTOMER, BARESIP], not: [LINPHONE], withinMs: 10_000 }),
      hears(baresip, { tones: [CUSTOMER, LINPHONE], not: [BARESIP], withinMs: 10_000 }),
      hears(outside, { tones: [LINPHONE, BARESIP], not: [CUSTOMER], withinMs: 10_000 }),
    ]);
    await linphone.hangUp();
    await finn.isIn("connected");
    await talking(baresip, BARESIP, outside, CUSTOMER);
    outside.call.hangUp();
  }, 60_000);
});
