// Trunks: who is one, what passwords they have, and what they are limited to.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { hears } from "../src/hearing.js";
import { hearsMusic } from "../src/music.js";
import { PhoneAgent } from "../src/phone-agent.js";
import { Product } from "../src/product.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { CARRIER_PORT, PHONES_NUMBER, SITE_NUMBER, TRUNK_PORT } from "../src/site.js";

const [AGENT, OUTSIDE, CUSTOMER] = [700, 1000, 440];
const NUMBER = "+4722000101";
const CARRIERS = { user: "us-at-the-carrier", password: "the-carrier-knows", domain: "carrier.example" };
const TRUNKS = { user: "trunk-account", password: "what-we-agreed", domain: "legwork.test" };

let product: Product;
let carrier: RtpCustomer;
let eva: PhoneAgent;

beforeAll(async () => {
  product = await Product.start(
    {},
    {
      trunks: [
        {
          name: "carrier",
          address: "127.0.0.1",
          port: CARRIER_PORT,
          inbound: null,
          outbound: {
            credentials: { username: CARRIERS.user, password: CARRIERS.password },
            callerId: { number: SITE_NUMBER, agents: { eva: "+4780010007" } },
          },
          limits: { concurrent: 2, perMinute: 6 },
        },
        {
          name: "by-password",
          address: "127.0.0.1",
          port: 5199,
          inbound: { credentials: { username: TRUNKS.user, password: TRUNKS.password } },
        },
        { name: "test-trunk", address: "127.0.0.1", port: TRUNK_PORT },
      ],
      calling: { perAgent: { concurrent: 1, perMinute: 100 } },
    },
  );
  carrier = await RtpCustomer.create({ name: "carrier", tone: OUTSIDE, sipPort: CARRIER_PORT, demands: CARRIERS });
  eva = await PhoneAgent.open(product, "eva", "2001", AGENT);
}, 90_000);

afterAll(async () => {
  carrier?.close();
  eva?.close();
  await product?.stop();
}, 30_000);

describe("a trunk that calls go out through", () => {
  it("[TK-1] [OB-1] answers the carrier's challenge, shows the agent's direct number, and both talk", async () => {
    const call = eva.phone.dial(NUMBER);
    const outside = await carrier.rings();
    expect(carrier.caller).toContain("sip:+4780010007@");
    outside.answer();
    await call.answered();
    await Promise.all([hears(eva.line, { tones: [OUTSIDE] }), hears(carrier, { tones: [AGENT] })]);
    call.hangUp();
    await outside.ended();
    await eva.settle();
  }, 40_000);

  it("[TK-1] [SG-4] cancels the INVITE that was sent again with credentials", async () => {
    const call = eva.phone.dial(NUMBER);
    const outside = await carrier.rings();
    await call.ringing();
    call.cancel();
    expect(await outside.ended()).toMatchObject({ by: "peer", status: 487 });
    await eva.settle();
  }, 30_000);

  it("[TK-1] takes no more calls of one agent than the site allows", async () => {
    const customer = await RtpCustomer.create({ tone: CUSTOMER, sipPort: TRUNK_PORT });
    await eva.goAvailable();
    await customer.dial(product.uri(PHONES_NUMBER)).answered();
    (await eva.line.rings()).answer();
    await eva.isIn("connected");
    await eva.command({ type: "consult", target: { kind: "number", number: NUMBER } });
    (await carrier.rings()).answer();
    await eva.consultIs("answered");
    expect(await eva.command({ type: "transfer" })).toBeNull(); // and goes on, on eva's account
    await hears(customer, { tones: [OUTSIDE] });
    await eva.settle();
    expect(await eva.phone.dial(NUMBER).ended()).toMatchObject({ by: "refused", status: 503 });
    customer.hangUp();
    await carrier.call.ended();
    customer.close();
    await product.isEmpty();
  }, 60_000);

  it("[TK-1] takes no more calls a minute than the trunk allows, except for help", async () => {
    const refused = async (): Promise<number> => {
      const call = eva.phone.dial(NUMBER);
      const ended = call.ended();
      const rang = carrier.rings(2_000).then(
        (outside) => outside.refuse(486, "Busy Here"),
        () => undefined,
      );
      const [{ status }] = await Promise.all([ended, rang]);
      return status;
    };
    const statuses: number[] = [];
    while (statuses.at(-1) !== 503 && statuses.length < 8) statuses.push(await refused());
    expect(statuses.at(-1)).toBe(503);
    expect((await eva.call("POST", "/api/calls", { target: { kind: "number", number: NUMBER } })).code).toBe(
      "too-many-calls",
    );
    const help = eva.phone.dial("112");
    const outside = await carrier.rings();
    expect(outside.invite.start).toContain("sip:112@");
    outside.refuse(486, "Busy Here");
    await help.ended();
  }, 90_000);
});

describe("a trunk that authenticates itself", () => {
  it("[TK-1] calls in with its password from wherever it is, and nobody does with another", async () => {
    const caller = await RtpCustomer.create({ tone: CUSTOMER });
    const call = caller.dial(product.uri(PHONES_NUMBER), [], true, TRUNKS);
    await call.answered();
    await hearsMusic(caller, [CUSTOMER]);
    caller.hangUp();
    await product.isEmpty();
    const wrong = { ...TRUNKS, password: "a-guess-of-mine" };
    expect(await caller.dial(product.uri(PHONES_NUMBER), [], true, wrong).ended()).toMatchObject({ status: 403 });
    expect(await caller.dial(product.uri(PHONES_NUMBER)).ended()).toMatchObject({ status: 401 });
    expect(await caller.dial(product.uri(NUMBER), [], true, TRUNKS).ended()).toMatchObject({ status: 404 });
    caller.close();
  }, 40_000);
});
