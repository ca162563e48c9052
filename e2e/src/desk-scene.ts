import { afterAll, beforeAll } from "@jest/globals";
import { Desk } from "./desk.js";
import { hears } from "./hearing.js";
import { CUSTOMER, openCarrier, openCustomer } from "./phone-scene.js";
import { Product } from "./product.js";
import type { RtpCustomer } from "./rtp-customer.js";
import { SUPPORT_NUMBER } from "./site.js";

/** Tones of the two browsers, in Hz; those of the others are `CUSTOMER` and `OUTSIDE`. */
export const [ONE, TWO] = [700, 1000];

/** The customer calls and the agent, whose tone is `ONE`, becomes Available and answers; both hear each other. */
export async function connectAndHear(product: Product, customer: RtpCustomer, one: Desk): Promise<void> {
  await one.call("POST", "/api/agent/state", { state: "available" });
  await customer.dial(product.uri(SUPPORT_NUMBER)).answered();
  await one.accept();
  await one.isIn("connected");
  await Promise.all([hears(customer, { tones: [ONE] }), hears(one.agent, { tones: [CUSTOMER] })]);
}

/** A product with two agents at browsers, Anna who takes the customer's call and Bo whom she consults. */
export class DeskScene {
  /** Of the present test. */
  customer!: RtpCustomer;
  /** The numbers outside. */
  carrier!: RtpCustomer;

  product!: Product;
  one!: Desk;
  two!: Desk;

  private constructor() {}

  /** A scene for the tests of a file or `describe`: opened before them, closed after the last. */
  static forTests(policy: Readonly<Record<string, unknown>> = {}): DeskScene {
    const scene = new DeskScene();
    beforeAll(() => scene.#start(policy), 90_000);
    afterAll(() => scene.#close(), 30_000);
    return scene;
  }

  async #start(policy: Readonly<Record<string, unknown>>): Promise<void> {
    this.product = await Product.start(policy);
    const open = (id: string, tone: number): Promise<Desk> => Desk.open(this.product, id, tone);
    [this.one, this.two] = await Promise.all([open("anna", ONE), open("bo", TWO)]);
  }

  /** The telephones outside of one test. */
  async openOutsiders(): Promise<void> {
    this.customer = await openCustomer();
    this.carrier = await openCarrier();
  }

  /** The customer calls and Anna answers. */
  async connect(): Promise<void> {
    await this.one.goAvailable();
    await this.customer.dial(this.product.uri(SUPPORT_NUMBER)).answered();
    await this.one.accept();
    await this.one.isIn("connected");
  }

  /** Anna consults Bo, who answers, and her page knows of it. */
  async consult(): Promise<void> {
    await this.one.consult("bo");
    await this.two.accept();
    await Promise.all([this.one.isTalkingWith("consult"), this.two.isIn("consulting")]);
    await this.one.mayPress("transfer"); // from here on ending the consult is no cancelling
  }

  /** Bo has the customer, with nobody else; the customer hangs up and Bo wraps up. */
  async isHandedOver(): Promise<void> {
    await Promise.all([
      hears(this.customer, { tones: [TWO], not: [ONE] }),
      hears(this.two.agent, { tones: [CUSTOMER], not: [ONE, TWO] }),
    ]);
    this.customer.call.hangUp();
    await this.two.wrapUp();
    await this.two.goIdle();
  }

  /** The customer hangs up if nobody has, Anna wraps up, and nothing may be left. */
  async settle(): Promise<void> {
    this.customer.hangUp();
    await this.one.wrapUp();
    await this.one.goIdle();
    await this.isEmpty();
  }

  /** Closes the telephones outside and waits until nothing is left and nothing has crashed. */
  async isEmpty(): Promise<void> {
    try {
      await this.product.isEmpty();
    } finally {
      this.customer.close();
      this.carrier.close();
    }
    if (this.product.crashes.length > 0) throw new Error(`crashed: ${this.product.crashes.join(", ")}`);
  }

  async #close(): Promise<void> {
    for (const desk of [this.one, this.two] as readonly (Desk | undefined)[]) await desk?.close();
    await (this.product as Product | undefined)?.stop();
  }
}
