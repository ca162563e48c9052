// The makes of docs/phones.md once more, each played by a SIPp of its own, all at the same time: another SIP stack registers, holds and transfers.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { ApiDesk } from "../src/api-desk.js";
import { AutoPhone } from "../src/auto-phone.js";
import { hears } from "../src/hearing.js";
import { hearsMusic } from "../src/music.js";
import { FAMILIES, type Habits } from "../src/phone-families.js";
import { asSippKeys, leavingAsSipp } from "../src/phone-families-sipp.js";
import { placeOf, sitePartsFor, TONES } from "../src/phone-site.js";
import { Product } from "../src/product.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { SippCustomer } from "../src/sipp.js";
import { PHONE_PASSWORD } from "../src/site.js";
import { sine } from "../src/tones.js";
import { encodeUlaw } from "../src/ulaw.js";

const { customer: CUSTOMER, owner: OWNER, colleague: COLLEAGUE } = TONES;
const ALL = [CUSTOMER, OWNER, COLLEAGUE];
const FIRST_PORT = 5400;
const FIRST_MEDIA_PORT = 24_000;

let product: Product;

beforeAll(async () => {
  product = await Product.start({}, sitePartsFor(FAMILIES.length));
}, 90_000);
afterAll(() => product?.stop(), 30_000);

/** One SIPp that plays one part of the telephone. */
function plays(scenario: string, habits: Habits, n: number, more: readonly string[] = []): SippCustomer {
  const [extension, target] = placeOf(n).extensions;
  return SippCustomer.start({
    scenario: `phones/${scenario}.xml`,
    port: FIRST_PORT + n,
    mediaPort: FIRST_MEDIA_PORT + 100 * n,
    target: product.uri("x").slice("sip:x@".length),
    service: extension,
    sound: encodeUlaw(sine(OWNER, 1, 8000)),
    timeoutSeconds: 60,
    more: ["-au", extension, "-ap", PHONE_PASSWORD, ...asSippKeys(habits, target), ...more],
  });
}

/** Registers, takes a customer's call, holds and resumes, and transfers it to a colleague. */
async function doesItsJob(habits: Habits, n: number): Promise<void> {
  const place = placeOf(n);
  await plays("registers", habits, n).verdict();
  const colleague = await AutoPhone.open(product, place.colleague, place.extensions[1], COLLEAGUE);
  const customer = await RtpCustomer.create({
    name: `the customer of the ${habits.make}`,
    tone: CUSTOMER,
    sipPort: place.trunkPort,
  });
  const phone = plays("takes-a-call-holds-and-transfers", habits, n, leavingAsSipp(habits));
  try {
    const owner = new ApiDesk(product, place.owner, place.extensions[0]);
    colleague.manner = { kind: "answers", afterMs: 0 };
    await owner.signIn();
    await Promise.all([owner.goAvailable(), colleague.agent.goAvailable()]);
    await customer.dial(product.uri(place.number)).answered();
    await hears(customer, { tones: [OWNER], not: [COLLEAGUE], withinMs: 10_000 });
    await hearsMusic(customer, ALL, 10_000);
    await hears(customer, { tones: [OWNER], not: [COLLEAGUE], withinMs: 10_000 });
    await hears(customer, { tones: [COLLEAGUE], not: [OWNER], withinMs: 10_000 });
    await hears(colleague.agent.line, { tones: [CUSTOMER], not: [OWNER, COLLEAGUE] });
    await phone.verdict();
    expect((await owner.desktop()).wrapUps).toHaveLength(1);
    customer.hangUp();
    await Promise.all([owner.settle(), colleague.agent.settle()]);
  } catch (error) {
    throw new Error(`${habits.make}: ${(error as Error).message}`, { cause: error });
  } finally {
    await phone.stop();
    colleague.close();
    customer.close();
  }
}

describe("six makes of telephones that SIPp plays", () => {
  it("[SG-2] [HO-2] [BT-1] [SG-3] register, hold, talk again and transfer blindly, each in its way", async () => {
    await Promise.all(FAMILIES.map(doesItsJob));
    await product.isEmpty();
    expect(product.crashes).toEqual([]);
  }, 90_000);
});
