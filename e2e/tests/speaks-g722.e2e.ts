// Two telephones as they are sold that speak G.722 and nothing else: with a customer's PCMU, and with each other.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import fs from "node:fs";
import { ApiDesk } from "../src/api-desk.js";
import { Baresip } from "../src/baresip.js";
import { waitFor } from "../src/clock.js";
import { hears } from "../src/hearing.js";
import { hearsMusic } from "../src/music.js";
import { NetworkTap } from "../src/network-tap.js";
import { openCustomer } from "../src/phone-scene.js";
import { Product } from "../src/product.js";
import { stationOptions } from "../src/real-phone.js";
import type { RtpCustomer } from "../src/rtp-customer.js";
import { PHONES_NUMBER } from "../src/site.js";
import { HEARD_DBFS, LEAKED_DBFS, toneLevel, UNHEARD_DBFS } from "../src/tones.js";
import { readWav } from "../src/wav.js";

const [CUSTOMER, EVA, FINN] = [440, 700, 1000];
const TONES = [CUSTOMER, EVA, FINN];

let tap: NetworkTap;
let product: Product;
let eva: ApiDesk;
let finn: ApiDesk;
let evasPhone: Baresip;
let finnsPhone: Baresip;
let customer: RtpCustomer | undefined;

beforeAll(async () => {
  tap = await NetworkTap.start();
  product = await Product.start();
  [eva, finn] = [new ApiDesk(product, "eva", "2001"), new ApiDesk(product, "finn", "2002")];
  const phone = (extension: string, tone: number): Promise<Baresip> =>
    Baresip.start({ ...stationOptions(product, tap, { extension, tone, transport: "udp" }), codec: "G722" });
  [evasPhone, finnsPhone] = await Promise.all([phone("2001", EVA), phone("2002", FINN)]);
  await Promise.all([evasPhone.isRegistered(), finnsPhone.isRegistered()]);
  await Promise.all([eva.signIn(), finn.signIn()]);
}, 90_000);

afterAll(async () => {
  await Promise.all([evasPhone?.stop(), finnsPhone?.stop()]);
  await product?.stop();
  await tap?.stop();
}, 30_000);

afterEach(async () => {
  customer?.hangUp();
  await Promise.all([eva.settle(), finn.settle()]);
  await product.isEmpty();
  customer?.close();
  customer = undefined;
  expect(product.crashes).toEqual([]);
}, 30_000);

interface Leg {
  readonly codec: string;
  readonly path: string;
  readonly packetsOut: number;
}

/** The legs that there are now, as the media server tells. */
async function legs(): Promise<readonly Leg[]> {
  return (await product.dump()).media.value.threads.flatMap((thread) => thread.legs as unknown as readonly Leg[]);
}

/** Waits until the legs are these, by codec and path, and each has sent for so long since. */
async function carries(wanted: readonly string[], forMs: number): Promise<void> {
  const carried = async (atLeast: number): Promise<number> => {
    let packets: readonly number[] = [];
    await waitFor(async () => {
      const now = await legs();
      packets = now.map(({ packetsOut }) => packetsOut);
      const text = now.map(({ codec, path }) => `${codec} ${path}`).sort();
      return text.join() === wanted.join() && Math.min(...packets) >= atLeast
        ? undefined
        : `${text.join()}, ${packets.join()}`;
    });
    return Math.max(...packets);
  };
  await carried((await carried(0)) + forMs / 20);
}

/** How many recordings of a telephone were looked at. */
const read = new Map<Baresip, number>();

/** What a telephone decoded of a call, by its own decoder and written down by itself: these tones together for half a second, never its own. */
async function heard(phone: Baresip, own: number, tones: readonly number[]): Promise<void> {
  const before = read.get(phone) ?? 0;
  await waitFor(() => (phone.recordings.length > before ? undefined : `${phone.name} has written nothing down`));
  read.set(phone, phone.recordings.length);
  const { rate, samples } = readWav(fs.readFileSync(phone.recordings.at(-1)!));
  expect(rate).toBe(16_000);
  const windows = Array.from({ length: Math.floor(samples.length / (rate / 4)) - 1 }, (_, i) => {
    const window = samples.subarray((i * rate) / 4, (i * rate) / 4 + rate / 2);
    return TONES.map((tone) => toneLevel(window, rate, tone));
  });
  const fits = (levels: readonly number[]): boolean =>
    TONES.every((tone, i) => (tones.includes(tone) ? levels[i]! > HEARD_DBFS : levels[i]! < UNHEARD_DBFS));
  expect(windows.some(fits) ? "heard" : windows).toBe("heard");
  expect(Math.max(...windows.map((levels) => levels[TONES.indexOf(own)]!))).toBeLessThan(LEAKED_DBFS);
}

describe("a telephone with G.722", () => {
  it("[MX-2] [HO-1] takes a customer's call, which has PCMU, and consults another one", async () => {
    customer = await openCustomer();
    await eva.goAvailable();
    await customer.dial(product.uri(PHONES_NUMBER)).answered();
    await evasPhone.accept();
    await eva.isIn("connected");
    await hears(customer, { tones: [EVA], not: [CUSTOMER, FINN] });
    await carries(["G722 transcode", "PCMU transcode"], 1000);

    expect(await eva.command({ type: "consult", target: { kind: "agent", agent: "finn" } })).toBeNull();
    await finnsPhone.accept();
    await eva.consultIs("answered");
    await hearsMusic(customer, TONES);
    expect(await eva.command({ type: "conference" })).toBeNull();
    await hears(customer, { tones: [EVA, FINN], not: [CUSTOMER] });
    await carries(["G722 mix", "G722 mix", "PCMU mix"], 1000);
    customer.call.hangUp();
    await Promise.all([evasPhone.hangUp(), finnsPhone.hangUp()]);
    await Promise.all([heard(evasPhone, EVA, [CUSTOMER, FINN]), heard(finnsPhone, FINN, [CUSTOMER, EVA])]);
  }, 60_000);

  it("[MX-2] [MX-3] [IN-1] speaks with a colleague's, forwarded and not transcoded", async () => {
    await evasPhone.dial("2002");
    await finnsPhone.accept();
    await carries(["G722 relay", "G722 relay"], 1500);
    await evasPhone.hangUp();
    await Promise.all([heard(evasPhone, EVA, [FINN]), heard(finnsPhone, FINN, [EVA])]);
  }, 60_000);
});
