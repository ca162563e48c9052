import { ApiDesk } from "./api-desk.js";
import { Phone } from "./phone.js";
import type { Product } from "./product.js";
import type { RtpCustomer } from "./rtp-customer.js";
import { PHONE_PASSWORD, SITE_DOMAIN } from "./site.js";

/** An agent at a desk phone: a telephone with a tone, and the desktop beside it. */
export class PhoneAgent extends ApiDesk {
  private constructor(
    product: Product,
    id: string,
    extension: string,
    readonly phone: Phone,
  ) {
    super(product, id, extension);
  }

  /** Registers the telephone and signs in with it. */
  static async open(product: Product, id: string, extension: string, tone: number): Promise<PhoneAgent> {
    const registrar = { host: "127.0.0.1", port: product.ports["sip"]! };
    const account = { user: extension, password: PHONE_PASSWORD, domain: SITE_DOMAIN };
    const phone = await Phone.create(account, registrar, tone);
    const agent = new PhoneAgent(product, id, extension, phone);
    await phone.register();
    await agent.signIn();
    return agent;
  }

  get line(): RtpCustomer {
    return this.phone.line;
  }

  close(): void {
    this.phone.close();
  }
}
