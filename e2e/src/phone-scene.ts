import { PhoneAgent } from "./phone-agent.js";
import { Product } from "./product.js";
import { RtpCustomer } from "./rtp-customer.js";
import { PHONES_NUMBER, TRUNK_PORT } from "./site.js";

/** Everybody's tone, in Hz. */
export const [CUSTOMER, OWNER, COLLEAGUE] = [440, 700, 1000];

/** A product with two agents at desk phones, Eva who takes the customer's call and Finn whom she consults. */
export class PhoneScene {
  /** Of the present call. */
  customer!: RtpCustomer;

  private constructor(
    readonly product: Product,
    readonly eva: PhoneAgent,
    readonly finn: PhoneAgent,
  ) {}

  static async open(
    policy: Readonly<Record<string, unknown>> = {},
    parts: Readonly<Record<string, unknown>> = {},
  ): Promise<PhoneScene> {
    const product = await Product.start(policy, parts);
    const eva = await PhoneAgent.open(product, "eva", "2001", OWNER);
    return new PhoneScene(product, eva, await PhoneAgent.open(product, "finn", "2002", COLLEAGUE));
  }

  /** A customer calls and Eva answers; `prepare` may change the customer's phone before. */
  async connect(prepare: (customer: RtpCustomer) => void = () => undefined): Promise<void> {
    this.customer = await RtpCustomer.create({ tone: CUSTOMER, sipPort: TRUNK_PORT });
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
    const { customer, eva, finn, product } = this;
    customer.hangUp();
    for (const { line } of [eva, finn]) {
      line.hangUp();
      line.rtp.silent = false;
      line.describes = (sdp) => sdp;
    }
    await Promise.all([eva.settle(), finn.settle()]);
    await product.isEmpty();
    customer.close();
    if (product.crashes.length > 0) throw new Error(`crashed: ${product.crashes.join(", ")}`);
  }

  async close(): Promise<void> {
    this.eva.close();
    this.finn.close();
    await this.product.stop();
  }
}
