// SE-1: an agent's page that goes without a word takes nobody's call along: it is kept, given back, or given to somebody else.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { waitFor } from "../src/clock.js";
import { Desk } from "../src/desk.js";
import { hears } from "../src/hearing.js";
import { hearsMusic } from "../src/music.js";
import { Product } from "../src/product.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { SUPPORT_NUMBER, TRUNK_PORT } from "../src/site.js";

let product: Product;
let customer: RtpCustomer;
let one: Desk;
let two: Desk;

beforeAll(async () => {
  product = await Product.start({ "seat.lost.seconds": 8, "wrap-up.auto.seconds": 0 });
  customer = await RtpCustomer.create({ tone: 440, sipPort: TRUNK_PORT });
  one = await Desk.open(product, "anna", 700);
  two = await Desk.open(product, "bo", 1100);
}, 90_000);

afterAll(async () => {
  customer?.close();
  await one?.close();
  await two?.close();
  await product?.stop();
}, 30_000);

async function connected(): Promise<void> {
  await one.call("POST", "/api/agent/state", { state: "available" });
  await customer.dial(product.uri(SUPPORT_NUMBER)).answered();
  await one.accept();
  await one.isIn("connected");
  await Promise.all([hears(customer, { tones: [700] }), hears(one.agent, { tones: [440] })]);
}

describe("an agent whose page goes without a word", () => {
  it("[SE-1] gets the call back in the page that is loaded again, and the customer never hears a hang-up", async () => {
    await connected();
    await one.agent.page.reload();
    await one.isIn("connected");
    await Promise.all([
      hears(customer, { tones: [700], withinMs: 20_000 }),
      hears(one.agent, { tones: [440], withinMs: 20_000 }),
    ]);
    expect(customer.call.state.phase).toBe("up");
    customer.call.hangUp();
    await one.wrapUp();
    await product.isEmpty();
  }, 60_000);

  it("[SE-1] in a consult gets both back on one leg: the customer on hold, the colleague on the line", async () => {
    await connected();
    await two.call("POST", "/api/agent/state", { state: "idle", reason: "not-ready" });
    await one.consult("bo");
    await two.accept();
    await one.isTalkingWith("consult");
    await hears(two.agent, { tones: [700] });
    await one.agent.page.reload();
    await hears(two.agent, { tones: [700], not: [440], withinMs: 20_000 });
    await one.mayPress("transfer");
    await one.press("transfer");
    await Promise.all([
      hears(customer, { tones: [1100], not: [700], withinMs: 10_000 }),
      hears(two.agent, { tones: [440], withinMs: 10_000 }),
    ]);
    await one.wrapUp();
    customer.call.hangUp();
    await two.wrapUp();
    await product.isEmpty();
  }, 60_000);

  it("[SE-1] [QU-1] and does not come back leaves the customer music, then the head of the queue, and the next agent", async () => {
    await connected();
    await two.call("POST", "/api/agent/state", { state: "available" });
    await one.close();
    await hearsMusic(customer, [700, 1100]);
    await two.see("accept");
    await two.accept();
    await Promise.all([
      hears(customer, { tones: [1100], withinMs: 10_000 }),
      hears(two.agent, { tones: [440], withinMs: 10_000 }),
    ]);
    expect(customer.call.state.phase).toBe("up");
    customer.call.hangUp();
    await two.wrapUp();
    await waitFor(async () => {
      const dump = await product.dump();
      return dump.interactions.interactions.length === 0 ? undefined : "an interaction is left";
    });
  }, 60_000);
});
