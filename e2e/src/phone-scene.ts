import { afterAll, afterEach, beforeAll } from "@jest/globals";
import { PhoneAgent } from "./phone-agent.js";
import { Product } from "./product.js";
import { RtpCustomer } from "./rtp-customer.js";
import { CARRIER_PORT, PHONES_NUMBER, TRUNK_PORT } from "./site.js";

/** Everybody's tone, in Hz. */
export const [CUSTOMER, OWNER, COLLEAGUE, OUTSIDE] = [440, 700, 1000, 1300];

/** A number that the carrier answers for, and that number as somebody to consult or to transfer to. */
export const OUTSIDE_NUMBER = "+4722000101";
export const TO_OUTSIDE = { kind: "number", number: OUTSIDE_NUMBER };

/** Who calls in from the test site's trunk. */
export const openCustomer = (): Promise<RtpCustomer> => RtpCustomer.create({ tone: CUSTOMER, sipPort: TRUNK_PORT });

/** Who answers for every number outside. */
export const openCarrier = (): Promise<RtpCustomer> =>
  RtpCustomer.create({ name: "the number", tone: OUTSIDE, sipPort: CARRIER_PORT });

type Policy = Readonly<Record<string, unknown>>;
/** What takes the place of the test site's own. */
type SiteParts = Readonly<Record<string, unknown>>;

/** A product with two agents at desk phones, Eva who takes the customer's call and Finn whom she consults. */
export class PhoneScene {
  /** The numbers outside, from `openCarrier` until `settle`. */
  carrier!: RtpCustomer;
  #customer!: RtpCustomer;
  readonly #outsiders: RtpCustomer[] = [];

  product!: Product;
  eva!: PhoneAgent;
  finn!: PhoneAgent;

  private constructor() {}

  /** Opens a scene; who calls this closes it. */
  static async open(policy: Policy = {}, parts: SiteParts = {}): Promise<PhoneScene> {
    const scene = new PhoneScene();
    await scene.#start(policy, parts);
    return scene;
  }

  /** A scene for the tests of a file or `describe`: opened before them, settled after each, closed after the last. */
  static forTests(policy: Policy = {}, parts: SiteParts = {}): PhoneScene {
    const scene = new PhoneScene();
    beforeAll(() => scene.#start(policy, parts), 90_000);
    afterEach(() => scene.settle(), 30_000);
    afterAll(() => scene.close(), 30_000);
    return scene;
  }

  async #start(policy: Policy, parts: SiteParts): Promise<void> {
    this.product = await Product.start(policy, parts);
    this.eva = await PhoneAgent.open(this.product, "eva", "2001", OWNER);
    this.finn = await PhoneAgent.open(this.product, "finn", "2002", COLLEAGUE);
  }

  /** Of the present call: `settle` closes it, whoever opened it. */
  get customer(): RtpCustomer {
    return this.#customer;
  }

  set customer(customer: RtpCustomer) {
    this.#customer = customer;
    this.#outsiders.push(customer);
  }

  async openCarrier(): Promise<void> {
    this.carrier = await openCarrier();
    this.#outsiders.push(this.carrier);
  }

  /** A customer calls and Eva answers; `prepare` may change the customer's phone before. */
  async connect(prepare: (customer: RtpCustomer) => void = () => undefined): Promise<void> {
    this.customer = await openCustomer();
    prepare(this.customer);
    await this.eva.goAvailable();
    await this.customer.dial(this.product.uri(PHONES_NUMBER)).answered();
    (await this.eva.line.rings()).answer();
    await this.eva.isIn("connected");
  }

  /** Eva asks to consult Finn; resolves with the code of the refusal, or null. */
  asksForFinn(): Promise<string | null> {
    return this.eva.command({ type: "consult", target: { kind: "agent", agent: "finn" } });
  }

  /** Eva consults Finn, who answers. */
  async consult(): Promise<void> {
    const refused = await this.asksForFinn();
    if (refused) throw new Error(`the consult was refused: ${refused}`);
    (await this.finn.line.rings()).answer();
    await this.eva.consultIs("answered");
  }

  /** Ends whatever is up, lets the agents wrap up, and waits until nothing is left and nothing has crashed. */
  async settle(): Promise<void> {
    const { eva, finn, product } = this;
    const outsiders = this.#outsiders.splice(0);
    for (const line of [...outsiders, eva.line, finn.line]) line.hangUp();
    for (const { line } of [eva, finn]) {
      line.rtp.silent = false;
      line.describes = (sdp) => sdp;
    }
    try {
      await Promise.all([eva.settle(), finn.settle()]);
      await product.isEmpty();
    } finally {
      for (const each of outsiders) each.close(); // the next test opens the same ports
    }
    if (product.crashes.length > 0) throw new Error(`crashed: ${product.crashes.join(", ")}`);
  }

  async close(): Promise<void> {
    for (const agent of [this.eva, this.finn] as readonly (PhoneAgent | undefined)[]) agent?.close();
    await (this.product as Product | undefined)?.stop();
  }
}
