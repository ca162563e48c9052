// The desktop's buttons beside a telephone with two lines, one of which the telephone itself holds, and keys pressed faster than a hold can begin.
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { hears } from "../src/hearing.js";
import { hearsMusic } from "../src/music.js";
import { COLLEAGUE, CUSTOMER, OWNER, PhoneScene } from "../src/phone-scene.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { PHONE_PASSWORD, SITE_DOMAIN } from "../src/site.js";

const ACCOUNT = { user: "2001", password: PHONE_PASSWORD, domain: SITE_DOMAIN };
const ALL = [CUSTOMER, OWNER, COLLEAGUE];
const scene = PhoneScene.forTests();
/** The owner's second line. */
let second: RtpCustomer;

beforeEach(async () => {
  second = await RtpCustomer.create({ name: "line two of phone 2001", tone: OWNER, number: "2001" });
  await scene.connect();
});
afterEach(() => second.close());

const resume = () => scene.eva.command({ type: "resume" });

async function customerTalksOn(line: RtpCustomer): Promise<void> {
  const { customer, finn } = scene;
  await Promise.all([
    hears(line, { tones: [CUSTOMER], not: [OWNER, COLLEAGUE] }),
    hears(customer, { tones: [OWNER], not: [CUSTOMER, COLLEAGUE] }),
    hearsMusic(finn.line, ALL),
  ]);
}

async function agentsTalkOn(line: RtpCustomer): Promise<void> {
  const { customer, finn } = scene;
  await Promise.all([
    hears(line, { tones: [COLLEAGUE], not: [CUSTOMER, OWNER] }),
    hears(finn.line, { tones: [OWNER], not: [CUSTOMER, COLLEAGUE] }),
    hearsMusic(customer, ALL),
  ]);
}

const dialsFinn = () => second.dial(scene.product.uri("2002"), [], true, ACCOUNT);

describe("a telephone that holds the customer's line and talks with agent 2 on the other", () => {
  it("[CO-3] [AG-2] [HO-2] carries both sides on the line that is off hold when the desktop says Resume, and the keys still work", async () => {
    const { eva } = scene;
    await eva.line.call.hold(true);
    dialsFinn();
    (await scene.finn.line.rings()).answer();
    await second.call.answered();
    await eva.consultIs("answered");
    await agentsTalkOn(second);
    expect(await resume()).toBeNull();
    await customerTalksOn(second);
    expect(await resume()).toBeNull();
    await agentsTalkOn(second);
    expect(await resume()).toBeNull();
    await second.call.hold(true);
    await eva.line.call.hold(false);
    await customerTalksOn(eva.line);
  }, 60_000);
});

describe("a speed-dial key, which holds and dials at once", () => {
  it("[CO-2] [SG-4] is a consult whose hold is that of the key: both are answered, and no 491 comes", async () => {
    const { eva, finn } = scene;
    const held = eva.line.call.hold(true);
    dialsFinn();
    const ringing = await finn.line.rings();
    await held;
    await hearsMusic(scene.customer, ALL);
    ringing.answer();
    await second.call.answered();
    expect(second.call.statuses).not.toContain(491);
    await agentsTalkOn(second);
  }, 60_000);
});
