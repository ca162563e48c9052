// A call of an agent's own to a number: dialled on the desk phone, or placed through the API, which calls the phone first.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { waitFor } from "../src/clock.js";
import { hears } from "../src/hearing.js";
import { hearsMusic } from "../src/music.js";
import { PhoneAgent } from "../src/phone-agent.js";
import { Product } from "../src/product.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { CARRIER_PORT, SITE_NUMBER, SUPPORT_NUMBER, TRUNK_PORT } from "../src/site.js";
import { header } from "../src/sip-text.js";

const [AGENT, OUTSIDE] = [700, 1000];
const NUMBER = "+4722000101";

let product: Product;
let carrier: RtpCustomer;
let eva: PhoneAgent;

beforeAll(async () => {
  product = await Product.start();
  eva = await PhoneAgent.open(product, "eva", "2001", AGENT);
}, 90_000);

afterAll(async () => {
  eva?.close();
  await product?.stop();
}, 30_000);

beforeEach(async () => {
  carrier = await RtpCustomer.create({ name: "the number", tone: OUTSIDE, sipPort: CARRIER_PORT });
});

afterEach(async () => {
  carrier.close();
  await product.isEmpty();
  expect(product.crashes).toEqual([]);
}, 30_000);

const place = (target: object = { kind: "number", number: NUMBER }) => eva.call("POST", "/api/calls", { target });

describe("a number dialled on the agent's phone", () => {
  it("[OB-1] [DN-3] rings with early media, is answered with the number's answer, and both talk", async () => {
    const call = eva.phone.dial("22000101");
    const outside = await carrier.rings();
    expect(outside.invite.start).toContain(`sip:${NUMBER}@`);
    expect(header(outside.invite, "from")).toContain(`"Legwork" <sip:${SITE_NUMBER}@`);
    await call.ringing();
    expect(call.statuses).toContain(183);
    expect((await eva.desktop()).interaction).toMatchObject({ phase: "dialling", customer: { number: NUMBER } });
    await eva.isInState("reserved");
    outside.answer();
    await call.answered();
    await Promise.all([
      hears(eva.line, { tones: [OUTSIDE], not: [AGENT] }),
      hears(carrier, { tones: [AGENT], not: [OUTSIDE] }),
    ]);
    await eva.isInState("engaged");
    expect(await eva.command({ type: "hold" })).toBeNull(); // an interaction like any other
    await hearsMusic(carrier, [AGENT, OUTSIDE]);
    expect(await eva.command({ type: "unhold" })).toBeNull();
    await hears(carrier, { tones: [AGENT] });
    call.hangUp();
    await outside.ended();
    expect((await eva.desktop()).wrapUps).toMatchObject([{ customer: { number: NUMBER } }]);
    await eva.wrapUp();
    await eva.isInState("idle");
  }, 60_000);

  it.each([
    [486, "Busy Here", 486],
    [603, "Decline", 603],
    [404, "Not Found", 480],
  ])(
    "[OB-1] says what the number says: %d %s is %d, and nobody wraps up",
    async (status, reason, told) => {
      const call = eva.phone.dial(NUMBER);
      (await carrier.rings()).refuse(status, reason);
      expect(await call.ended()).toMatchObject({ by: "refused", status: told });
      await eva.isInState("idle");
      expect((await eva.desktop()).wrapUps).toEqual([]);
    },
    40_000,
  );

  it("[OB-1] [SG-4] is hung up while it rings", async () => {
    const call = eva.phone.dial(NUMBER);
    const outside = await carrier.rings();
    await call.ringing();
    call.cancel();
    expect(await outside.ended()).toMatchObject({ by: "peer", status: 487 });
    await eva.isInState("idle");
  }, 40_000);

  it("[OB-1] is given up when nobody answers", async () => {
    const call = eva.phone.dial(NUMBER);
    const outside = await carrier.rings();
    expect(await outside.ended()).toMatchObject({ by: "peer", status: 487 });
    expect(await call.ended()).toMatchObject({ by: "refused", status: 480 });
  }, 40_000);

  it("[TK-1] is refused where the site does not let it go, and when it is no number", async () => {
    expect(await eva.phone.dial("004681234567").ended()).toMatchObject({ by: "refused", status: 403 });
    expect(await eva.phone.dial("+47123").ended()).toMatchObject({ by: "refused", status: 404 });
    expect(await eva.phone.dial("nobody").ended()).toMatchObject({ by: "refused", status: 404 });
    await eva.isInState("idle");
  }, 40_000);

  it("[TK-1] never passes a call from a trunk on to a number", async () => {
    const stranger = await RtpCustomer.create({ tone: 440, sipPort: TRUNK_PORT });
    expect(await stranger.dial(product.uri(NUMBER)).ended()).toMatchObject({ by: "refused", status: 404 });
    stranger.close();
  }, 30_000);

  it("[OB-1] [AG-3] is possible while a wrap-up is open, which stays", async () => {
    eva.phone.dial(NUMBER);
    (await carrier.rings()).answer();
    await eva.isIn("connected");
    eva.line.call.hangUp();
    await eva.isInState("wrap-up");
    await waitFor(() => (carrier.call.state.phase === "ended" ? undefined : "the first call is up"));
    eva.phone.dial(NUMBER);
    (await carrier.rings()).refuse(486, "Busy Here");
    await eva.line.call.ended();
    await eva.isInState("wrap-up");
    await eva.wrapUp();
    await eva.isInState("idle");
  }, 40_000);
});

describe("a call placed through the API", () => {
  it("[OB-1] calls the agent's phone first, then the number", async () => {
    expect(await place()).toMatchObject({ status: 200, code: null });
    const own = await eva.line.rings();
    expect(header(own.invite, "from")).toContain(NUMBER);
    own.answer();
    const outside = await carrier.rings();
    outside.answer();
    await Promise.all([
      hears(eva.line, { tones: [OUTSIDE], not: [AGENT] }),
      hears(carrier, { tones: [AGENT], not: [OUTSIDE] }),
    ]);
    expect((await place()).code).toBe("in-a-call");
    outside.hangUp();
    await own.ended();
    await eva.wrapUp();
  }, 60_000);

  it("[OB-1] is over when the agent does not pick up the phone, or hangs up while the number rings", async () => {
    await place();
    (await eva.line.rings()).refuse(486, "Busy Here");
    await eva.isInState("idle");
    await place();
    const own = await eva.line.rings();
    own.answer();
    const outside = await carrier.rings();
    own.hangUp();
    await outside.ended();
    await eva.isInState("idle");
    expect((await eva.desktop()).wrapUps).toEqual([]);
  }, 40_000);

  it("[DN-5] sends the digits after the answer", async () => {
    await place({ kind: "number", number: `${NUMBER}:42#` });
    (await eva.line.rings()).answer();
    (await carrier.rings()).answer();
    await waitFor(() => (carrier.digits() === "42#" ? undefined : `heard ${carrier.digits()}`));
    expect(await eva.command({ type: "end" })).toBeNull();
    await carrier.call.ended();
    await eva.wrapUp();
  }, 40_000);

  it("[TK-1] [DN-4] is refused with a code", async () => {
    expect(await place({ kind: "number", number: "1" })).toMatchObject({ status: 400, code: "number-not-possible" });
    expect(await place({ kind: "number", number: "+46 8 123 45 67" })).toMatchObject({
      status: 403,
      code: "calling-not-allowed",
    });
    expect(await place({ kind: "expert", expert: "lars" })).toMatchObject({ code: "target-not-reachable" });
  });
});

describe("who may call out", () => {
  it("[TK-1] nobody at a phone that no agent is signed in at", async () => {
    expect((await eva.call("DELETE", "/api/session")).status).toBe(200);
    expect(await eva.phone.dial(NUMBER).ended()).toMatchObject({ by: "refused", status: 403 });
    await eva.signIn();
    const call = eva.phone.dial(SUPPORT_NUMBER);
    expect(await call.ended()).toMatchObject({ by: "refused", status: 403 }); // an entry point is for customers
  }, 30_000);
});
