// SE-1: an agent's page that goes without a word takes nobody's call along: it is kept, given back, or given to somebody else.
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { waitFor } from "../src/clock.js";
import { connectAndHear, ONE, TWO } from "../src/desk-scene.js";
import { Desk } from "../src/desk.js";
import { hears } from "../src/hearing.js";
import { hearsMusic } from "../src/music.js";
import { CUSTOMER, openCustomer } from "../src/phone-scene.js";
import { Product } from "../src/product.js";
import type { RtpCustomer } from "../src/rtp-customer.js";

let product: Product;
let customer: RtpCustomer;
let one: Desk;
let two: Desk;

beforeAll(async () => {
  product = await Product.start({ "seat.lost.seconds": 15, "ring.seconds": 30, "wrap-up.auto.seconds": 0 });
  customer = await openCustomer();
  one = await Desk.open(product, "anna", ONE);
  two = await Desk.open(product, "bo", TWO);
}, 90_000);

afterAll(async () => {
  customer?.close();
  await one?.close();
  await two?.close();
  await product?.stop();
}, 30_000);

const connected = () => connectAndHear(product, customer, one);

describe("an agent whose page goes without a word", () => {
  it("[SE-1] gets the call back in the page that is loaded again, and the customer never hears a hang-up", async () => {
    await connected();
    await one.agent.page.reload();
    await one.isIn("connected");
    await Promise.all([
      hears(customer, { tones: [ONE], withinMs: 20_000 }),
      hears(one.agent, { tones: [CUSTOMER], withinMs: 20_000 }),
    ]);
    expect(customer.call.state.phase).toBe("up");
    customer.call.hangUp();
    await one.wrapUp();
    await product.isEmpty();
  }, 90_000);

  it("[SE-1] in a consult gets both back on one leg: the customer on hold, the colleague on the line", async () => {
    await connected();
    await two.call("POST", "/api/agent/state", { state: "idle", reason: "not-ready" });
    await one.consult("bo");
    await two.accept();
    await one.isTalkingWith("consult");
    await hears(two.agent, { tones: [ONE] });
    await one.agent.page.reload();
    await hears(two.agent, { tones: [ONE], not: [CUSTOMER], withinMs: 20_000 });
    await one.mayPress("transfer");
    await one.press("transfer");
    await Promise.all([
      hears(customer, { tones: [TWO], not: [ONE], withinMs: 20_000 }),
      hears(two.agent, { tones: [CUSTOMER], withinMs: 20_000 }),
    ]);
    await one.wrapUp();
    customer.call.hangUp();
    await two.wrapUp();
    await product.isEmpty();
  }, 90_000);

  it("[SE-1] [QU-1] and does not come back leaves the customer music, then the head of the queue, and the next agent", async () => {
    await connected();
    await two.call("POST", "/api/agent/state", { state: "available" });
    await one.close();
    await hearsMusic(customer, [ONE, TWO], 20_000); // while the seat is kept and while it waits: until somebody answers
    await two.isInState("reserved", 40_000);
    await two.accept();
    await Promise.all([
      hears(customer, { tones: [TWO], withinMs: 20_000 }),
      hears(two.agent, { tones: [CUSTOMER], withinMs: 20_000 }),
    ]);
    expect(customer.call.state.phase).toBe("up");
    customer.call.hangUp();
    await two.wrapUp();
    await waitFor(async () => {
      const dump = await product.dump();
      return dump.interactions.interactions.length === 0 ? undefined : "an interaction is left";
    });
  }, 90_000);
});
