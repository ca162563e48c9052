// Queues: whose turn it is, among those who wait and among those who answer.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { nowMs } from "../src/clock.js";
import { hears } from "../src/hearing.js";
import { hearsMusic } from "../src/music.js";
import { PhoneAgent } from "../src/phone-agent.js";
import { Product } from "../src/product.js";
import { RtpCustomer } from "../src/rtp-customer.js";
import { PASSWORD, PHONE_PASSWORD, PHONES_NUMBER, SECOND_NUMBER, TRUNK_PORT } from "../src/site.js";

const RING_S = 3;
const [FIRST, SECOND, EVA, FINN, GRO] = [440, 520, 700, 1000, 1300];
const TONES = [FIRST, SECOND, EVA, FINN, GRO];

const agent = (id: string, name: string, extension: string) => ({
  ...{ id, name, extension },
  ...{ password: PASSWORD, phonePassword: PHONE_PASSWORD },
});

let product: Product;
let eva: PhoneAgent;
let finn: PhoneAgent;
let gro: PhoneAgent;
const customers: RtpCustomer[] = [];

beforeAll(async () => {
  product = await Product.start(
    { "ring.seconds": RING_S, "consult.ring.seconds": RING_S },
    {
      agents: [agent("eva", "Eva", "2001"), agent("finn", "Finn", "2002"), agent("gro", "Gro", "2003")],
      queues: [
        { id: "phones", name: "Desk phones", agents: ["eva", "finn"] },
        { id: "second", name: "Second line", agents: ["finn", "gro"] },
      ],
      entryPoints: [
        { id: "phones-line", name: "Phones line", number: PHONES_NUMBER, queue: "phones" },
        { id: "second-line", name: "Second line", number: SECOND_NUMBER, queue: "second" },
      ],
      trunks: [TRUNK_PORT, TRUNK_PORT + 10].map((port) => ({ name: `trunk-${port}`, address: "127.0.0.1", port })),
    },
  );
  eva = await PhoneAgent.open(product, "eva", "2001", EVA);
  finn = await PhoneAgent.open(product, "finn", "2002", FINN);
  gro = await PhoneAgent.open(product, "gro", "2003", GRO);
}, 90_000);

afterAll(async () => {
  for (const each of [eva, finn, gro]) each?.close();
  await product?.stop();
}, 30_000);

afterEach(async () => {
  for (const customer of customers) customer.hangUp();
  await Promise.all([eva.settle(), finn.settle(), gro.settle()]);
  await product.isEmpty();
  for (const customer of customers.splice(0)) customer.close();
  expect(product.crashes).toEqual([]);
}, 30_000);

/** Calls in from a trunk and waits in the queue. */
async function waits(number: string, tone = FIRST): Promise<RtpCustomer> {
  const sipPort = TRUNK_PORT + 10 * customers.length;
  const customer = await RtpCustomer.create({ tone, sipPort, number: `+47220000${tone}` });
  customers.push(customer);
  await customer.dial(product.uri(number)).answered();
  return customer;
}

/** Whom the agent's telephone says it rings for. */
async function ringsFor(at: PhoneAgent, customer: RtpCustomer): Promise<void> {
  await at.line.rings();
  expect(at.line.caller).toContain(customer.number);
}

describe("a queue", () => {
  it("[QU-1] [AG-1] offers a call to the longest available agent, after the ring time-out to the next, and the first is RONA", async () => {
    await eva.goAvailable();
    await finn.goAvailable();
    const offered = nowMs();
    const customer = await waits(PHONES_NUMBER);
    await ringsFor(eva, customer);
    await eva.isInState("reserved");
    await finn.isInState("available"); // not yet
    await ringsFor(finn, customer);
    expect(nowMs() - offered).toBeGreaterThan(RING_S * 1_000 - 100);
    expect(await eva.line.call.ended()).toMatchObject({ by: "peer", status: 487 });
    await eva.isInState("rona");
    await hearsMusic(customer, TONES);
    finn.line.call.answer();
    await finn.isInState("engaged");
    await Promise.all([hears(customer, { tones: [FINN] }), hears(finn.line, { tones: [FIRST] })]);

    const next = await waits(PHONES_NUMBER, SECOND);
    await hearsMusic(next, TONES);
    await eva.isInState("rona"); // is offered nothing until she says that she is there
    await eva.call("POST", "/api/agent/state", { state: "available" });
    await ringsFor(eva, next);
    eva.line.call.answer();
    await hears(next, { tones: [EVA], not: [FINN] });
  }, 60_000);

  it("[QU-1] keeps a contact's place before a later one when its agent did not answer, and when the agent declined", async () => {
    await eva.goAvailable();
    const first = await waits(PHONES_NUMBER, FIRST);
    await ringsFor(eva, first);
    const second = await waits(PHONES_NUMBER, SECOND);
    await eva.isInState("rona");
    await eva.call("POST", "/api/agent/state", { state: "available" });
    await ringsFor(eva, first);
    eva.line.call.refuse(603, "Decline");
    await eva.isInState("rona");
    await eva.call("POST", "/api/agent/state", { state: "available" });
    await ringsFor(eva, first);
    eva.line.call.answer();
    await hears(first, { tones: [EVA] });
    await hearsMusic(second, TONES);
  }, 60_000);

  it("[QU-1] offers an agent of two queues whoever has waited longest in either, one call at a time", async () => {
    const first = await waits(SECOND_NUMBER, FIRST);
    const second = await waits(PHONES_NUMBER, SECOND);
    await finn.call("POST", "/api/agent/state", { state: "available" });
    await ringsFor(finn, first);
    finn.line.call.answer();
    await hears(first, { tones: [FINN] });
    await hearsMusic(second, TONES);
    first.call.hangUp();
    await finn.isInState("wrap-up"); // is offered nothing yet (AG-1)
    await hearsMusic(second, TONES);
    await finn.wrapUp();
    await ringsFor(finn, second);
    finn.line.call.answer();
    await hears(second, { tones: [FINN] });
  }, 60_000);

  it("[QU-2] keeps nothing of a customer who hangs up while waiting", async () => {
    const customer = await waits(PHONES_NUMBER);
    await hearsMusic(customer, TONES);
    customer.call.hangUp();
    await product.isEmpty();
    await eva.goAvailable();
    expect((await product.dump()).wrapUps).toEqual([]);
  }, 40_000);

  it("[QU-2] [AG-1] stops ringing when the customer hangs up; the agent is Available again and the next is offered", async () => {
    await eva.goAvailable();
    const first = await waits(PHONES_NUMBER, FIRST);
    await ringsFor(eva, first);
    const second = await waits(PHONES_NUMBER, SECOND);
    const ringing = eva.line.call;
    first.call.hangUp();
    expect(await ringing.ended()).toMatchObject({ by: "peer", status: 487 });
    await ringsFor(eva, second);
    second.call.hangUp();
    await eva.isInState("available");
    expect((await eva.desktop()).wrapUps).toEqual([]);
  }, 40_000);
});

describe("a consult that is not answered", () => {
  it("[AG-3] [CO-9] gives no RONA when it was direct, and RONA when a queue offered it, which goes on to the next", async () => {
    await eva.goAvailable();
    const customer = await waits(PHONES_NUMBER);
    (await eva.line.rings()).answer();
    await eva.isIn("connected");
    await finn.goAvailable();
    const told = await eva.toldDuring("consult-no-answer", async () => {
      expect(await eva.command({ type: "consult", target: { kind: "agent", agent: "finn" } })).toBeNull();
      await finn.line.rings();
      await finn.isInState("reserved");
      expect(await finn.line.call.ended()).toMatchObject({ by: "peer", status: 487 });
    });
    expect(told).toEqual(["consult-no-answer"]);
    await finn.isInState("available");
    await hears(customer, { tones: [EVA] });

    expect(await eva.command({ type: "consult", target: { kind: "queue", queue: "second" } })).toBeNull();
    await finn.line.rings();
    await finn.isInState("rona");
    await eva.consultIs("queued");
    await gro.call("POST", "/api/agent/state", { state: "available" });
    (await gro.line.rings()).answer();
    await Promise.all([hears(eva.line, { tones: [GRO] }), hearsMusic(customer, TONES)]);
  }, 60_000);

  it("[AG-3] [QU-1] leaves an agent without a registered telephone out: not reachable, and offered nothing", async () => {
    await eva.goAvailable();
    await finn.goAvailable();
    expect(await finn.phone.unregister()).toBe(200);
    const customer = await waits(SECOND_NUMBER);
    await hearsMusic(customer, TONES);
    customer.call.hangUp();
    const other = await waits(PHONES_NUMBER, SECOND);
    (await eva.line.rings()).answer();
    await eva.isIn("connected");
    expect(await eva.command({ type: "consult", target: { kind: "agent", agent: "finn" } })).toBe(
      "target-not-reachable",
    );
    await hears(other, { tones: [EVA] }); // was never on hold
    expect(await finn.phone.register()).toBe(200);
  }, 60_000);
});
