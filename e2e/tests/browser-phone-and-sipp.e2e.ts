// One agent at a browser, one at a telephone with the page beside it, and a customer that SIPp plays, through the rules of consults and conferences:
// the buttons are those of the pages, and everybody's ear is listened to, SIPp's on the wire.
import dgram from "node:dgram";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { waitFor } from "../src/clock.js";
import { Desk } from "../src/desk.js";
import { hears, type Listener } from "../src/hearing.js";
import { hearsMusic } from "../src/music.js";
import { NetworkTap } from "../src/network-tap.js";
import { Phone } from "../src/phone.js";
import { Product } from "../src/product.js";
import { formatSip } from "../src/sip-text.js";
import { SippCustomer } from "../src/sipp.js";
import { PHONE_PASSWORD, PHONES_NUMBER, SITE_DOMAIN, SUPPORT_NUMBER, TRUNK_PORT } from "../src/site.js";
import { sine } from "../src/tones.js";
import { encodeUlaw } from "../src/ulaw.js";
import { WireEar } from "../src/wire-ear.js";

const [CUSTOMER, BROWSER, TELEPHONE] = [440, 700, 1000];
const TONES = [CUSTOMER, BROWSER, TELEPHONE];
const MEDIA_PORT = 24_000;
const CALL_ID = "the-call-of-sipp";

/** An agent at work: a page with its buttons, and whatever is spoken and listened on. */
interface Seat {
  readonly id: string;
  readonly tone: number;
  readonly desk: Desk;
  readonly ear: Listener;
  /** The number that leads here. */
  readonly number: string;
  /** It rings, and nothing is done about it. */
  rings(): Promise<void>;
  accept(): Promise<void>;
  decline(): Promise<void>;
}

let tap: NetworkTap;
let product: Product;
let phone: Phone;
let sipp: SippCustomer;
/** The customer's. */
let ear: WireEar;
const seats: Record<string, Seat> = {};

beforeAll(async () => {
  tap = await NetworkTap.start();
  product = await Product.start();
  const registrar = { host: "127.0.0.1", port: product.ports["sip"]! };
  phone = await Phone.create({ user: "2001", password: PHONE_PASSWORD, domain: SITE_DOMAIN }, registrar, TELEPHONE);
  expect(await phone.register()).toBe(200);
  const [anna, eva] = await Promise.all([
    Desk.open(product, "anna", BROWSER),
    Desk.open(product, "eva", TELEPHONE, "2001"),
  ]);
  seats["browser"] = {
    ...{ id: "anna", tone: BROWSER, desk: anna, ear: anna.agent, number: SUPPORT_NUMBER },
    rings: () => anna.see("accept"),
    accept: () => anna.accept(),
    decline: () => anna.decline(),
  };
  seats["telephone"] = {
    ...{ id: "eva", tone: TELEPHONE, desk: eva, ear: phone.line, number: PHONES_NUMBER },
    rings: async () => void (await phone.line.rings()),
    accept: async () => (await phone.line.rings()).answer(),
    decline: async () => (await phone.line.rings()).refuse(603, "Decline"),
  };
  ear = new WireEar("the customer", { sip: TRUNK_PORT, rtp: [MEDIA_PORT, MEDIA_PORT + 99] }, tap);
}, 120_000);

afterAll(async () => {
  ear?.close();
  phone?.close();
  await Promise.all(Object.values(seats).map(({ desk }) => desk.close()));
  await product?.stop();
  await tap?.stop();
}, 30_000);

describe.each([
  ["browser", "telephone"],
  ["telephone", "browser"],
])("agent 1 at a %s, agent 2 at a %s, the customer at SIPp", (first, second) => {
  let one: Seat;
  let two: Seat;

  beforeEach(async () => {
    [one, two] = [seats[first]!, seats[second]!];
    await one.desk.goAvailable();
    sipp = SippCustomer.start({
      scenario: "calls-and-hangs-up-when-told.xml",
      port: TRUNK_PORT,
      mediaPort: MEDIA_PORT,
      target: product.uri("x").slice("sip:x@".length),
      service: one.number,
      sound: encodeUlaw(sine(CUSTOMER, 1, 8000)),
      timeoutSeconds: 60,
      more: ["-cid_str", CALL_ID],
    });
    await one.accept();
    await one.desk.isIn("connected");
  }, 30_000);

  afterEach(async () => {
    hangsUp();
    try {
      await Promise.all([one, two].map(({ desk }) => hasNoCall(desk)));
    } finally {
      await sipp.stop();
    }
    for (const { desk } of [one, two]) {
      if ((await desk.desktop()).wrapUps.length > 0) await desk.wrapUp();
      await desk.call("POST", "/api/agent/state", { state: "idle", reason: "break" });
    }
    await product.isEmpty();
    expect(product.crashes).toEqual([]);
  }, 30_000);

  const only = (listener: Listener, ...tones: number[]) =>
    hears(listener, { tones, not: TONES.filter((tone) => !tones.includes(tone)), withinMs: 8_000 });
  const talkAlone = () => Promise.all([only(ear, one.tone), only(one.ear, CUSTOMER)]);
  const agentsTalk = () => Promise.all([only(one.ear, two.tone), only(two.ear, one.tone), hearsMusic(ear, TONES)]);
  const press = async (seat: Seat, control: Parameters<Desk["press"]>[0]): Promise<void> => {
    await seat.desk.mayPress(control);
    await seat.desk.press(control);
  };
  const consult = async (): Promise<void> => {
    await one.desk.consult(two.id);
    await two.accept();
    await agentsTalk();
  };
  const conference = async (): Promise<void> => {
    await consult();
    await press(one, "conference");
    await Promise.all([
      only(ear, one.tone, two.tone),
      only(one.ear, CUSTOMER, two.tone),
      only(two.ear, CUSTOMER, one.tone),
    ]);
  };
  /** Agent 1 has the customer alone, and agent 2 has nothing to wrap up. */
  const isBack = async (): Promise<void> => {
    await Promise.all([one.desk.isIn("connected"), two.desk.isIn("none"), talkAlone()]);
    await two.desk.hasNoWrapUp();
  };
  /** The interaction is over for all, and agent 1 alone wraps up. */
  const isOver = async (): Promise<void> => {
    await Promise.all([one.desk.see("wrap-up-dialog"), two.desk.isIn("none")]);
    await two.desk.hasNoWrapUp();
  };

  it("[CO-2] [CO-8] [CO-9] [CO-10] holds the customer for a consult that is cancelled, declined, ended or left", async () => {
    await talkAlone();
    await one.desk.consult(two.id);
    await Promise.all([two.rings(), hearsMusic(ear, TONES)]);
    await press(one, "end-consult");
    await isBack();
    await one.desk.consult(two.id);
    await one.desk.isIn("consulting");
    await two.decline();
    await isBack();
    await consult();
    await press(one, "back-to-customer");
    await isBack();
    await consult();
    await press(two, "leave");
    await isBack();
  }, 90_000);

  it("[CO-1] [CO-3] [CO-11] changes sides, which only agent 1 may, and [CO-7] ends the consult for all", async () => {
    await consult();
    for (const type of ["resume", "transfer", "conference", "end-consult", "end"]) {
      const { id } = (await two.desk.desktop()).interaction!;
      expect(await two.desk.command(id, { type })).toEqual({ status: 403, code: "not-owner" });
    }
    await agentsTalk();
    await press(one, "resume");
    await Promise.all([talkAlone(), hearsMusic(two.ear, TONES)]);
    await press(one, "resume");
    await agentsTalk();
    await press(one, "end-consult");
    await isOver();
    await sipp.verdict();
  }, 90_000);

  it("[CO-6] [CF-1] [CF-3] [CF-5] makes conferences: agent 2 leaves one, agent 1 ends the other for all", async () => {
    await conference();
    await press(two, "leave");
    await isBack();
    await conference();
    await press(one, "end");
    await isOver();
    await sipp.verdict();
  }, 90_000);

  it("[CF-2] [CO-4] leaves a conference to agent 2, who has the customer then; and a consult by transferring it", async () => {
    await conference();
    await press(one, "leave");
    await Promise.all([two.desk.isIn("connected"), only(two.ear, CUSTOMER), only(ear, two.tone)]);
    await one.desk.wrapUp();
    await two.desk.consult(one.id);
    await one.accept();
    await Promise.all([only(one.ear, two.tone), hearsMusic(ear, TONES)]);
    await press(two, "transfer");
    await Promise.all([one.desk.isIn("connected"), talkAlone()]);
    await two.desk.wrapUp();
    await press(one, "end");
    await sipp.verdict();
  }, 90_000);

  it("[CO-12] ends for all when the customer hangs up in a consult", async () => {
    await consult();
    hangsUp();
    await isOver();
  }, 60_000);

  it("[CF-4] ends for all when the customer hangs up in a conference", async () => {
    await conference();
    hangsUp();
    await isOver();
  }, 60_000);
});

/** The page has no call, whatever dialog is open on it. */
const hasNoCall = (desk: Desk): Promise<void> =>
  waitFor(async () => ((await desk.desktop()).interaction === null ? undefined : "there is a call"));

/** SIPp is told to hang up: by an INFO in its call. */
function hangsUp(): void {
  const told = formatSip({
    start: `INFO sip:customer@127.0.0.1:${TRUNK_PORT} SIP/2.0`,
    headers: [
      ["Via", "SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKtold"],
      ["From", "<sip:test@127.0.0.1>;tag=test"],
      ["To", "<sip:customer@127.0.0.1>;tag=test"],
      ["Call-ID", CALL_ID],
      ["CSeq", "1 INFO"],
    ],
    body: "",
  });
  const socket = dgram.createSocket("udp4");
  socket.send(told, TRUNK_PORT, "127.0.0.1", () => socket.close());
}
