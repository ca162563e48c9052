// Telephones as they are sold (two programs that are widely used), at agents' desks: what their own keys do, measured at every ear.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { ApiDesk } from "../src/api-desk.js";
import { Baresip } from "../src/baresip.js";
import { nowMs, waitFor } from "../src/clock.js";
import { hears } from "../src/hearing.js";
import { Linphone } from "../src/linphone.js";
import { hearsMusic, hearsSilence } from "../src/music.js";
import { NetworkTap } from "../src/network-tap.js";
import { Product } from "../src/product.js";
import { type RealPhone, stationOptions } from "../src/real-phone.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { header, methodOf, statusOf } from "../src/sip-text.js";
import { PHONES_NUMBER, TRUNK_PORT } from "../src/site.js";

const [CUSTOMER, ONE, TWO] = [440, 700, 1000];
const TONES = [CUSTOMER, ONE, TWO];

let tap: NetworkTap;
let product: Product;
let customer: RtpCustomer;
let eva: ApiDesk;
let finn: ApiDesk;
let one: RealPhone;
let two: RealPhone;

beforeAll(async () => {
  tap = await NetworkTap.start();
  product = await Product.start();
  [eva, finn] = [new ApiDesk(product, "eva", "2001"), new ApiDesk(product, "finn", "2002")];
}, 60_000);

afterAll(async () => {
  await product?.stop();
  await tap?.stop();
}, 30_000);

describe.each([
  ["baresip over UDP", "linphone over TCP", Baresip, Linphone],
  ["linphone over UDP", "baresip over TCP", Linphone, Baresip],
])("agent 1 on %s, agent 2 on %s", (_one, _two, One, Two) => {
  beforeAll(async () => {
    [one, two] = await Promise.all([
      One.start(stationOptions(product, tap, { extension: "2001", tone: ONE, transport: "udp" })),
      Two.start(stationOptions(product, tap, { extension: "2002", tone: TWO, transport: "tcp" })),
    ]);
    await Promise.all([one.isRegistered(), two.isRegistered()]);
    await Promise.all([eva.signIn(), finn.signIn()]);
  }, 120_000);

  afterAll(async () => {
    await Promise.all([eva, finn].map((desk) => desk.call("DELETE", "/api/session")));
    await Promise.all([one?.stop(), two?.stop()]);
  }, 30_000);

  beforeEach(async () => {
    customer = await RtpCustomer.create({ tone: CUSTOMER, sipPort: TRUNK_PORT });
    await eva.goAvailable();
    await customer.dial(product.uri(PHONES_NUMBER)).answered();
    await one.accept();
    await eva.isIn("connected");
  }, 30_000);

  afterEach(async () => {
    customer.hangUp();
    await Promise.all([eva.settle(), finn.settle()]);
    await product.isEmpty();
    customer.close();
    expect(product.crashes).toEqual([]);
  }, 30_000);

  it("[SG-2] [HO-2] [HO-3] [AG-2] takes a call, holds and resumes it by its own key, and the desktop shows it", async () => {
    await talking(customer, CUSTOMER, one, ONE);
    await one.hold();
    await eva.isIn("held");
    await Promise.all([hearsMusic(customer, TONES), hearsSilence(one)]);
    await one.resume();
    await eva.isIn("connected");
    await talking(customer, CUSTOMER, one, ONE);
  }, 40_000);

  it("[AG-2] is held and resumed by the desktop's buttons as well, on its one line", async () => {
    expect(await eva.command({ type: "hold" })).toBeNull();
    await Promise.all([hearsMusic(customer, TONES), hearsSilence(one)]);
    expect(await eva.command({ type: "unhold" })).toBeNull();
    await talking(customer, CUSTOMER, one, ONE);
  }, 40_000);

  it("[MX-4] sends and gets digits", async () => {
    await talking(customer, CUSTOMER, one, ONE);
    await Promise.all([one.sendDigits("19#"), customer.rtp.sendDigits("27*")]);
    await waitFor(() => (customer.digits() === "19#" ? undefined : `the customer got "${customer.digits()}"`));
    await waitFor(() => (one.wire.digits() === "27*" ? undefined : `the telephone got "${one.wire.digits()}"`));
  }, 40_000);

  it("[SG-2] [CO-2] [CO-3] [HO-5] consults on its second line, changes between the lines, and transfers by REFER with Replaces", async () => {
    await consult();
    await toldOfConsult("consult");
    await one.hold(2);
    await one.resume(1);
    await toldOfConsult("customer");
    await Promise.all([talking(customer, CUSTOMER, one, ONE), hearsMusic(two, TONES)]);
    await one.hold(1);
    await one.resume(2);
    await toldOfConsult("consult");
    await Promise.all([talking(one, ONE, two, TWO), hearsMusic(customer, TONES)]);

    await two.hold(); // takes only its own voice out, whatever it plays
    await Promise.all([hearsSilence(one), hearsMusic(customer, TONES)]);
    await two.resume();
    await talking(one, ONE, two, TWO);

    const before = nowMs();
    await one.transferLines();
    await finn.isIn("connected");
    await Promise.all([talking(customer, CUSTOMER, two, TWO), hearsSilence(one)]);
    await saw(before, ["100", "200"]);
    expect((await eva.desktop()).wrapUps).toHaveLength(1);
    await two.hangUp();
    expect(await customer.call.ended()).toMatchObject({ by: "peer" });
    await finn.wrapUp();
  }, 60_000);

  const consultIsOver = () =>
    waitFor(async () => ((await eva.desktop()).interaction?.consult === null ? undefined : "the consult goes on"));

  /**
   * Presses the key of line 1. Where that was not heeded, holds the line and presses again: baresip 1.0 lets its re-INVITE be when it has met another
   * request, and once in a while it holds the line again within 10 ms, and takes it for resumed.
   */
  const takeUp = async (): Promise<void> => {
    await one.resume(1);
    await eva.isIn("connected", 3_000).catch(async () => {
      const from = nowMs();
      await one.hold(1);
      const held = one.wire.message(
        "answer to the hold",
        ({ sent, atMs, message }) =>
          !sent && atMs >= from && statusOf(message) === 200 && / INVITE$/.test(header(message, "cseq")),
        2_000,
      );
      await held.catch(() => undefined); // it was held already
      await one.resume(1);
      await eva.isIn("connected");
    });
  };

  it("[CO-9] [CO-7] puts one line down and has the customer back; puts all down and ends the call", async () => {
    await consult();
    await one.hangUp(2);
    await finn.isIn("none");
    expect((await finn.desktop()).wrapUps).toEqual([]);
    await takeUp();
    await talking(customer, CUSTOMER, one, ONE);
    await consult();
    await one.hangUp();
    expect(await customer.call.ended()).toMatchObject({ by: "peer" });
    await Promise.all([eva.isIn("none"), finn.isIn("none")]);
    expect((await finn.desktop()).wrapUps).toEqual([]);
  }, 60_000);

  it("[CO-9] has the customer back when the colleague's telephone is refused or put down", async () => {
    await one.hold();
    await eva.isIn("held");
    await one.dial("2002");
    await two.reject();
    await consultIsOver(); // one of the two telephones still holds its line then, the other takes it up by itself
    await takeUp();
    await talking(customer, CUSTOMER, one, ONE);
    await consult();
    await two.hangUp();
    await consultIsOver();
    await takeUp();
    await talking(customer, CUSTOMER, one, ONE);
  }, 60_000);

  it("[BT-1] [SG-3] transfers blindly by its own key", async () => {
    await finn.goAvailable();
    const before = nowMs();
    await one.transfer("2002");
    await two.accept();
    await finn.isIn("connected");
    await Promise.all([talking(customer, CUSTOMER, two, TWO), hearsSilence(one)]);
    await saw(before, ["100", "200"]);
    customer.call.hangUp();
    await finn.wrapUp();
  }, 40_000);
});

/** The owner's second line: hold, dial, talk. */
async function consult(): Promise<void> {
  await one.hold();
  await eva.isIn("held");
  await one.dial("2002");
  await two.accept();
  await eva.consultIs("answered");
  await Promise.all([talking(one, ONE, two, TWO), hearsMusic(customer, TONES)]);
}

type Ear = Parameters<typeof hears>[0];

/** Each hears the other, and nobody else. */
async function talking(a: Ear, toneOfA: number, b: Ear, toneOfB: number): Promise<void> {
  await Promise.all([
    hears(a, { tones: [toneOfB], not: TONES.filter((tone) => tone !== toneOfB) }),
    hears(b, { tones: [toneOfA], not: TONES.filter((tone) => tone !== toneOfA) }),
  ]);
}

async function toldOfConsult(active: string): Promise<void> {
  await waitFor(async () => {
    const shown = (await eva.desktop()).interaction?.consult?.active;
    return shown === active ? undefined : `the desktop shows ${shown} instead of ${active}`;
  });
}

/** The telephone was told the outcome of its REFER: these statuses, each once, and all before any BYE. */
async function saw(fromMs: number, statuses: readonly string[]): Promise<void> {
  await waitFor(() => {
    const came = one.wire.requests({ sent: false, fromMs });
    return came.includes("BYE") || one.wire.requests({ sent: true, fromMs }).includes("BYE")
      ? undefined
      : `only ${came.join()}`;
  });
  const since = one.wire.sip.filter(({ atMs }) => atMs >= fromMs);
  const notifies = since.filter(({ message, sent }) => !sent && methodOf(message) === "NOTIFY");
  const bye = since.find(({ message }) => methodOf(message) === "BYE")!;
  expect(notifies.map(({ message }) => message.body.split(" ")[1])).toEqual(statuses);
  expect(notifies.every(({ atMs }) => atMs <= bye.atMs)).toBe(true);
}
