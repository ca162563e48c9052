// Telephones of the makes in docs/phones.md, imitated: each holds, consults and transfers in its own way, and everybody hears whom they should.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { ApiDesk } from "../src/api-desk.js";
import { hears } from "../src/hearing.js";
import { hearsMusic } from "../src/music.js";
import { PhoneAgent } from "../src/phone-agent.js";
import { FAMILIES } from "../src/phone-families.js";
import { FamilyPhone } from "../src/phone-families-station.js";
import { Product } from "../src/product.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { header, statusOf } from "../src/sip-text.js";
import { PHONE_PASSWORD, PHONES_NUMBER, SITE_DOMAIN, TRUNK_PORT } from "../src/site.js";

const [CUSTOMER, OWNER, COLLEAGUE] = [440, 700, 1000];
const TONES = [CUSTOMER, OWNER, COLLEAGUE];

let product: Product;
let customer: RtpCustomer;
let eva: ApiDesk;
let finn: PhoneAgent;
let phone: FamilyPhone;

beforeAll(async () => {
  product = await Product.start();
  finn = await PhoneAgent.open(product, "finn", "2002", COLLEAGUE);
  eva = new ApiDesk(product, "eva", "2001");
}, 90_000);
afterAll(async () => {
  finn?.close();
  await product?.stop();
}, 30_000);

type Ear = Parameters<typeof hears>[0];
const only = (ear: Ear, ...tones: number[]) =>
  hears(ear, { tones, not: TONES.filter((tone) => !tones.includes(tone)) });

/** Each hears the other, and nobody else. */
const talking = (a: Ear, toneOfA: number, b: Ear, toneOfB: number) => Promise.all([only(a, toneOfB), only(b, toneOfA)]);

describe.each(FAMILIES.map((habits) => [habits.make, habits] as const))("an agent at a %s", (_, habits) => {
  beforeAll(async () => {
    const registrar = { host: "127.0.0.1", port: product.ports["sip"]! };
    const account = { user: "2001", password: PHONE_PASSWORD, domain: SITE_DOMAIN };
    phone = await FamilyPhone.create(habits, account, registrar, OWNER);
    expect(await phone.register()).toBe(200);
    await eva.signIn();
  }, 30_000);
  afterAll(async () => {
    await eva.call("DELETE", "/api/session");
    expect(await phone.register(0)).toBe(200);
    phone.close();
  }, 30_000);

  beforeEach(async () => {
    customer = await RtpCustomer.create({ tone: CUSTOMER, sipPort: TRUNK_PORT });
    await eva.goAvailable();
    await customer.dial(product.uri(PHONES_NUMBER)).answered();
    await phone.takesCall();
    await eva.isIn("connected");
  }, 30_000);
  afterEach(async () => {
    customer.hangUp();
    finn.line.hangUp();
    phone.hangUp();
    await Promise.all([eva.settle(), finn.settle()]);
    await product.isEmpty();
    customer.close();
    expect(product.crashes).toEqual([]);
  }, 30_000);

  it("[SG-2] [HO-2] [CO-2] [CO-3] [CO-4] [SG-3] takes a call, holds it, consults on line two and transfers", async () => {
    const { one, two } = phone;
    await talking(customer, CUSTOMER, one, OWNER);
    await phone.holds(one);
    await hearsMusic(customer, TONES);
    await phone.resumes(one);
    await talking(customer, CUSTOMER, one, OWNER);

    await phone.consults("2002");
    (await finn.line.rings()).answer();
    await two.call.answered();
    expect(header(one.call.invite, "supported")).toContain("replaces"); // without it telephones transfer blindly
    await eva.consultIs("answered");
    await Promise.all([talking(two, OWNER, finn.line, COLLEAGUE), hearsMusic(customer, TONES)]);

    expect(statusOf(await phone.transfers("2002"))).toBe(202);
    await finn.isIn("connected");
    await talking(customer, CUSTOMER, finn.line, COLLEAGUE);
    if (habits.hangsUp !== "when accepted") {
      const carrier = habits.refersOn === "customer" ? one.call : two.call;
      expect(phone.notified(carrier)).toEqual(["100", "200"]);
      expect(phone.answeredBeforeBye(carrier)).toBe(true);
    }
    expect((await finn.desktop()).interaction).toMatchObject({ role: "owner" });
    expect((await eva.desktop()).wrapUps).toHaveLength(1);
    customer.call.hangUp();
    await finn.wrapUp();
  }, 60_000);
});
