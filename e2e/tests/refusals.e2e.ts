// What agent 2 and strangers may not do, asked in every way they could ask it.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Desk } from "../src/desk.js";
import { gapMs, hears } from "../src/hearing.js";
import { nowMs } from "../src/clock.js";
import { askOnce, Phone } from "../src/phone.js";
import { Product } from "../src/product.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { PASSWORD, SUPPORT_NUMBER, TRUNK_PORT } from "../src/site.js";
import { SipSocket } from "../src/sip-socket.js";
import { header, statusOf } from "../src/sip-text.js";

const DOMAIN = "legwork.test";
const OFFER = [
  "v=0",
  "o=- 1 1 IN IP4 127.0.0.1",
  "s=-",
  "c=IN IP4 127.0.0.1",
  "t=0 0",
  "m=audio 39000 RTP/AVP 0",
  "a=rtpmap:0 PCMU/8000",
  "",
].join("\r\n");

let product: Product;
let engine: { host: string; port: number };
let customer: RtpCustomer;
let one: Desk;
let phone: Phone;

beforeAll(async () => {
  product = await Product.start();
  engine = { host: "127.0.0.1", port: product.ports["sip"]! };
  customer = await RtpCustomer.create({ tone: 440, sipPort: TRUNK_PORT });
  phone = await Phone.create({ user: "2001", password: "phone-secret", domain: DOMAIN }, engine, 1000);
  one = await Desk.open(product, "anna", 700);
}, 90_000);

afterAll(async () => {
  phone?.close();
  customer?.close();
  await one?.close();
  await product?.stop();
}, 30_000);

/** Signs in through the API alone, as a desk-phone agent's page would. */
async function signIn(body: object): Promise<{ status: number; code: string | null; cookie: string; csrf: string }> {
  const answer = await fetch(new URL("/api/session", product.page), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const json = (await answer.json()) as { csrf?: string; error?: { code: string } };
  return {
    status: answer.status,
    code: json.error?.code ?? null,
    cookie: answer.headers.get("set-cookie")?.split(";")[0] ?? "",
    csrf: json.csrf ?? "",
  };
}

describe("signing in", () => {
  it("tells nobody whether the agent or the password was wrong", async () => {
    const wrong = await signIn({ agent: "anna", password: "guess" });
    const unknown = await signIn({ agent: "nobody", password: "guess" });
    expect([wrong.status, wrong.code]).toEqual([401, "bad-credentials"]);
    expect([unknown.status, unknown.code]).toEqual([401, "bad-credentials"]);
  });

  it("lets an agent be signed in once, and moves the desktop when asked to", async () => {
    expect(await signIn({ agent: "bo", password: PASSWORD })).toMatchObject({ status: 201 });
    expect(await signIn({ agent: "bo", password: PASSWORD })).toMatchObject({ status: 409, code: "already-signed-in" });
    expect(await signIn({ agent: "bo", password: PASSWORD, takeOver: true })).toMatchObject({ status: 201 });
  });

  it("refuses a change without the session's CSRF token, and anything without a session", async () => {
    const { cookie } = await signIn({ agent: "bo", password: PASSWORD, takeOver: true });
    const url = new URL("/api/agent/state", product.page);
    const body = JSON.stringify({ state: "idle", reason: "break" });
    const json = { "Content-Type": "application/json" };
    expect((await fetch(url, { method: "POST", headers: { ...json, cookie }, body })).status).toBe(403);
    expect((await fetch(url, { method: "POST", headers: json, body })).status).toBe(401);
  });
});

describe("SIP from strangers", () => {
  it("[TK-1] refuses a caller from nowhere with 403, and challenges a known extension with 401", async () => {
    const socket = await SipSocket.open("127.0.0.1");
    const invite = { method: "INVITE", uri: product.uri(SUPPORT_NUMBER), body: OFFER };
    expect(statusOf(await askOnce(socket, engine, { ...invite, from: `stranger@${DOMAIN}` }))).toBe(403);
    const challenged = await askOnce(socket, engine, { ...invite, from: `2001@${DOMAIN}` });
    expect(statusOf(challenged)).toBe(401);
    expect(header(challenged, "www-authenticate")).toContain(`realm="${DOMAIN}"`);
    socket.close();
  });

  it("[SG-5] answers 404 to a customer's call to an unknown number", async () => {
    const call = customer.dial(product.uri("+4780099999"));
    expect(await call.ended()).toMatchObject({ by: "refused", status: 404 });
  });

  it("[SG-2] refuses a telephone with a wrong password, and registers it with the right one", async () => {
    expect(await phone.register("guess")).toBe(403);
    expect(await phone.register()).toBe(200);
  });
});

describe("[CO-11] agent 2, on a desk phone", () => {
  let interaction: string;
  let eva: { cookie: string; csrf: string };
  const command = async (body: object): Promise<{ status: number; code: string }> => {
    const answer = await fetch(new URL(`/api/interactions/${interaction}/commands`, product.page), {
      method: "POST",
      headers: { "Content-Type": "application/json", cookie: eva.cookie, "X-CSRF-Token": eva.csrf },
      body: JSON.stringify(body),
    });
    const { error } = (await answer.json()) as { error: { code: string } };
    return { status: answer.status, code: error.code };
  };

  it("[AG-2] is consulted by an agent in a browser", async () => {
    eva = await signIn({ agent: "eva", password: PASSWORD, station: { kind: "extension", extension: "2001" } });
    await one.goAvailable();
    await customer.dial(product.uri(SUPPORT_NUMBER)).answered();
    await one.accept();
    await one.isIn("connected");
    await one.consult("eva");
    (await phone.line.rings()).answer();
    await one.isIn("consulting");
    await Promise.all([
      hears(one.agent, { tones: [1000], not: [440, 700] }),
      hears(phone.line, { tones: [700], not: [440, 1000] }),
    ]);
    interaction = (await one.desktop()).interaction!.id;
  }, 40_000);

  it.each([["resume"], ["hold"], ["transfer"], ["conference"], ["end-consult"], ["back-to-customer"], ["end"]])(
    "gets 403 not-owner from the API for %s",
    async (type) => {
      expect(await command({ type })).toEqual({ status: 403, code: "not-owner" });
    },
  );

  it("gets 403 not-owner from the API for a consult of its own", async () => {
    const target = { kind: "agent", agent: "bo" };
    expect(await command({ type: "consult", target })).toEqual({ status: 403, code: "not-owner" });
  });

  it("gets 403 with a Warning for a REFER, wherever it points", async () => {
    const { focusUri } = (await one.desktop()).interaction!;
    for (const target of [focusUri, `sip:bo@${DOMAIN}`]) {
      const answer = await phone.line.call.exchange("REFER", "", "", [["Refer-To", `<${target}>`]]);
      expect([statusOf(answer), header(answer, "warning").slice(0, 4)]).toEqual([403, "399 "]);
    }
  });

  it("gets 403 with a Warning for a second INVITE", async () => {
    const answer = await phone.dialBeside("bo", OFFER);
    expect([statusOf(answer), header(answer, "warning").slice(0, 4)]).toEqual([403, "399 "]);
  });

  it("changed nothing by all this: the consult and its audio went on without a gap", async () => {
    const from = nowMs();
    expect((await one.desktop()).interaction).toMatchObject({
      phase: "consulting",
      consult: { stage: "answered", active: "consult" },
    });
    await hears(one.agent, { tones: [1000], not: [440, 700] });
    expect(await gapMs(phone.line, 700, from, from + 1000)).toBeLessThan(100);
  }, 20_000);

  it("[HO-5] may take its own audio out with its hold key", async () => {
    await phone.line.call.hold(true);
    await hears(one.agent, { not: [1000, 440], forMs: 1000 });
    await phone.line.call.hold(false);
    await hears(one.agent, { tones: [1000], not: [440] });
  }, 20_000);

  it("[CO-10] may leave, by hanging up; and a stranger to the interaction gets not-yours", async () => {
    phone.line.call.hangUp();
    await one.isIn("connected");
    expect(await command({ type: "hold" })).toEqual({ status: 403, code: "not-yours" });
    await hears(customer, { tones: [700], not: [1000, 440] });
    customer.call.hangUp();
    await one.wrapUp();
    await product.isEmpty();
  }, 30_000);
});
