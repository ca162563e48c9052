// Who hears whom when an agent sits at a browser or at a real telephone: the pairings of agent 1 and agent 2 beside the one of
// tone-matrix.e2e.ts, where both are browsers. The desktop's buttons do it all: a telephone has one line here, and it is the server that
// puts others on it.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { ApiDesk } from "../src/api-desk.js";
import { Baresip } from "../src/baresip.js";
import { Desk } from "../src/desk.js";
import { hears, type Listener } from "../src/hearing.js";
import { Linphone } from "../src/linphone.js";
import { hearsMusic, hearsSilence } from "../src/music.js";
import { NetworkTap } from "../src/network-tap.js";
import { Product } from "../src/product.js";
import { type RealPhone, stationOptions } from "../src/real-phone.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { PHONES_NUMBER, SUPPORT_NUMBER, TRUNK_PORT } from "../src/site.js";

const CUSTOMER = 440;

/** An agent at work, whatever the station. */
interface Seat {
  readonly id: string;
  readonly tone: number;
  readonly ear: Listener;
  /** The number that rings here. */
  readonly number: string;
  goAvailable(): Promise<void>;
  accept(): Promise<void>;
  consult(colleague: string): Promise<void>;
  press(control: "hold" | "unhold" | "resume" | "conference" | "leave" | "transfer"): Promise<void>;
  isIn(phase: string): Promise<void>;
  settle(): Promise<void>;
}

let tap: NetworkTap;
let product: Product;
let page: Desk;
const phones: RealPhone[] = [];
const seats: Record<string, Seat> = {};

beforeAll(async () => {
  tap = await NetworkTap.start();
  product = await Product.start();
  page = await Desk.open(product, "anna", 700);
  seats["anna"] = pageSeat("anna", page, 700);
  const eva = await Baresip.start(stationOptions(product, tap, { extension: "2001", tone: 1000, transport: "udp" }));
  const finn = await Linphone.start(stationOptions(product, tap, { extension: "2002", tone: 1300, transport: "udp" }));
  phones.push(eva, finn);
  seats["eva"] = await phoneSeat("eva", "2001", eva, 1000);
  seats["finn"] = await phoneSeat("finn", "2002", finn, 1300);
}, 90_000);

afterAll(async () => {
  await Promise.all([page?.close(), ...phones.map((phone) => phone.stop())]);
  await product?.stop();
  await tap?.stop();
}, 30_000);

describe.each([
  ["browser", "telephone", "anna", "finn"],
  ["telephone", "browser", "eva", "anna"],
  ["telephone", "telephone", "finn", "eva"],
])("agent 1 at a %s, agent 2 at a %s", (_first, _second, first, second) => {
  let customer: RtpCustomer;

  afterEach(async () => {
    customer.hangUp();
    await Promise.all([seats[first]!.settle(), seats[second]!.settle()]);
    await product.isEmpty();
    customer.close();
    expect(product.crashes).toEqual([]);
  }, 30_000);

  it("[MX-1] [MX-2] [HO-1] [CO-3] [CF-1] [CF-3] [CO-4] each hears just what the phase allows", async () => {
    const [one, two] = [seats[first]!, seats[second]!];
    const tones = [CUSTOMER, one.tone, two.tone];
    const only = (ear: Listener, ...heard: number[]) =>
      hears(ear, { tones: heard, not: tones.filter((tone) => !heard.includes(tone)), withinMs: 8_000 });

    customer = await RtpCustomer.create({ tone: CUSTOMER, sipPort: TRUNK_PORT });
    await one.goAvailable();
    await customer.dial(product.uri(one.number)).answered();
    await one.accept();
    await one.isIn("connected");
    await Promise.all([only(customer, one.tone), only(one.ear, CUSTOMER)]);

    await one.press("hold");
    await Promise.all([hearsMusic(customer, tones), hearsSilence(one.ear)]);
    await one.press("unhold");
    await only(customer, one.tone);

    await one.consult(two.id);
    await two.accept();
    await Promise.all([only(one.ear, two.tone), only(two.ear, one.tone), hearsMusic(customer, tones)]);
    await one.press("resume");
    await Promise.all([only(one.ear, CUSTOMER), only(customer, one.tone), hearsMusic(two.ear, tones)]);
    await one.press("resume");
    await Promise.all([only(one.ear, two.tone), only(two.ear, one.tone), hearsMusic(customer, tones)]);

    await one.press("conference");
    await Promise.all([
      only(customer, one.tone, two.tone),
      only(one.ear, CUSTOMER, two.tone),
      only(two.ear, CUSTOMER, one.tone),
    ]);
    await two.press("leave");
    await Promise.all([only(customer, one.tone), only(one.ear, CUSTOMER), hearsSilence(two.ear)]);

    await one.consult(two.id);
    await two.accept();
    await only(two.ear, one.tone);
    await one.press("transfer");
    await two.isIn("connected");
    await Promise.all([only(customer, two.tone), only(two.ear, CUSTOMER), hearsSilence(one.ear)]);
    expect(customer.continuity()).toMatchObject({ ssrcs: 1, lost: 0, disordered: 0 });
    customer.call.hangUp();
  }, 90_000);
});

function pageSeat(id: string, desk: Desk, tone: number): Seat {
  return {
    id,
    tone,
    ear: desk.agent,
    number: SUPPORT_NUMBER,
    goAvailable: () => desk.goAvailable(),
    accept: () => desk.accept(),
    consult: (colleague) => desk.consult(colleague),
    press: async (control) => {
      await desk.mayPress(control);
      await desk.press(control);
    },
    isIn: (phase) => desk.isIn(phase),
    settle: async () => {
      await desk.wrapUp();
      await desk.call("POST", "/api/agent/state", { state: "idle", reason: "break" });
    },
  };
}

/** A telephone, with its buttons on the desktop beside it. */
async function phoneSeat(id: string, extension: string, phone: RealPhone, tone: number): Promise<Seat> {
  const desk = new ApiDesk(product, id, extension);
  await phone.isRegistered();
  await desk.signIn();
  const command = async (asked: object): Promise<void> => expect(await desk.command(asked)).toBeNull();
  return {
    id,
    tone,
    ear: phone,
    number: PHONES_NUMBER,
    goAvailable: () => desk.goAvailable(),
    accept: () => phone.accept(),
    consult: (agent) => command({ type: "consult", target: { kind: "agent", agent } }),
    press: (type) => command({ type }),
    isIn: (phase) => desk.isIn(phase),
    settle: () => desk.settle(),
  };
}
