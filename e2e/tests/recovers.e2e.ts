// kill -9 of each process in the middle of a call, and hang-ups on the heels of an answer: nothing is stuck, and the next call works.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { waitFor } from "../src/clock.js";
import { connectAndHear, ONE } from "../src/desk-scene.js";
import { Desk } from "../src/desk.js";
import { hears } from "../src/hearing.js";
import { Phone } from "../src/phone.js";
import { openCustomer } from "../src/phone-scene.js";
import { Product } from "../src/product.js";
import type { RtpCustomer } from "../src/rtp-customer.js";
import { PASSWORD, SECOND_NUMBER } from "../src/site.js";

let product: Product;
let customer: RtpCustomer;
let one: Desk;
let phone: Phone | undefined;

beforeAll(async () => {
  product = await Product.start();
  customer = await openCustomer();
  one = await Desk.open(product, "anna", ONE);
}, 90_000);

afterAll(async () => {
  customer?.close();
  phone?.close();
  await one?.close();
  await product?.stop();
}, 30_000);

const connected = () => connectAndHear(product, customer, one);

/** kill -9, and wait until another process has taken its place and the product is well. */
async function killed(name: string): Promise<void> {
  const before = product.pids()[name];
  process.kill(before!, "SIGKILL");
  await waitFor(async () => {
    const now = product.pids()[name];
    if (now === undefined || now === before) return `${name} is not back`;
    const well = await fetch(new URL("/health", product.page)).then(
      (answer) => answer.ok,
      () => false,
    );
    return well ? undefined : "the product is not well";
  }, 30_000);
}

describe("kill -9 in the middle of a call", () => {
  it("of the media-server: the call ends with BYE, the owner wraps up, and the next call has audio", async () => {
    await connected();
    await killed("media-server");
    expect(await customer.call.ended(20_000)).toMatchObject({ by: "peer" });
    await one.wrapUp();
    await product.isEmpty();
    await connected();
    customer.call.hangUp();
    await one.wrapUp();
  }, 90_000);

  it("of the SIP engine: the call ends, the owner wraps up, the page registers again, and the next call has audio", async () => {
    await connected();
    await killed("sip-engine");
    await one.wrapUp();
    await product.isEmpty();
    await waitFor(async () => ((await one.desktop()).station.registered ? undefined : "not registered"), 30_000);
    await connected();
    customer.call.hangUp();
    await one.wrapUp();
  }, 90_000);

  it("of sip-proxy: the engine ends its calls, nothing is left, and after signing in again the next call has audio", async () => {
    await connected();
    await killed("sip-proxy");
    expect(await customer.call.ended(20_000)).toMatchObject({ by: "peer" });
    await product.isEmpty(20_000);
    await one.see("sign-in-agent");
    await one.signIn(PASSWORD);
    await one.see("agent-state");
    await waitFor(async () => ((await one.desktop()).station.registered ? undefined : "not registered"), 30_000);
    await connected();
    customer.call.hangUp();
    await one.wrapUp();
    await product.isEmpty();
  }, 90_000);
});

describe("a BYE on the heels of the answer", () => {
  it("[SG-4] [QU-2] from the customer leaves nothing in the queue", async () => {
    for (let round = 0; round < 10; round++) {
      const call = customer.dial(product.uri(SECOND_NUMBER));
      await call.answered();
      call.hangUp();
    }
    await product.isEmpty();
  }, 60_000);

  it("[SG-4] [CO-9] from the consulted agent's phone brings the customer back", async () => {
    const engine = { host: "127.0.0.1", port: product.ports["sip"]! };
    phone = await Phone.create({ user: "2001", password: "phone-secret", domain: "legwork.test" }, engine, 1000);
    expect(await phone.register()).toBe(200);
    const signedIn = await fetch(new URL("/api/session", product.page), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ agent: "eva", password: PASSWORD, station: { kind: "extension", extension: "2001" } }),
    });
    expect(signedIn.status).toBe(201);
    await connected();
    const interaction = (await one.desktop()).interaction!.id;
    for (let round = 0; round < 3; round++) {
      // Through the API: the page's dialog would stay open to say that the consult was over before it had begun.
      await one.command(interaction, { type: "consult", target: { kind: "agent", agent: "eva" } });
      const ringing = await phone.line.rings();
      ringing.answer();
      ringing.hangUp();
      await one.isIn("connected");
      await waitFor(async () => {
        const { body } = await one.call("GET", "/api/directory/agents");
        const eva = (body as { agents: { id: string; reachable: boolean }[] }).agents.find((a) => a.id === "eva");
        return eva?.reachable ? undefined : "eva is not free again";
      });
    }
    await hears(customer, { tones: [ONE] });
    customer.call.hangUp();
    await one.wrapUp();
    await product.isEmpty();
  }, 90_000);
});
