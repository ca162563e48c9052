import { ApiDesk } from "./api-desk.js";
import { hears, type Listener } from "./hearing.js";
import { hearsMusic } from "./music.js";
import { PhoneAgent } from "./phone-agent.js";
import type { Habits } from "./phone-families.js";
import { FamilyPhone } from "./phone-families-station.js";
import { Product } from "./product.js";
import { RtpCustomer } from "./rtp-customer.js";
import { PHONE_PASSWORD, PHONES_NUMBER, SITE_DOMAIN, TRUNK_PORT } from "./site.js";

/** Everybody's tone, in Hz. */
export const [CUSTOMER, OWNER, COLLEAGUE] = [440, 700, 1000];
const TONES = [CUSTOMER, OWNER, COLLEAGUE];

/** Eva at a telephone of some make, with her desktop beside it; Finn, whom she consults, at a plain one; and a customer. */
export class FamilyScene {
  customer!: RtpCustomer;
  phone!: FamilyPhone;

  private constructor(
    readonly product: Product,
    readonly eva: ApiDesk,
    readonly finn: PhoneAgent,
  ) {}

  static async open(): Promise<FamilyScene> {
    const product = await Product.start();
    const finn = await PhoneAgent.open(product, "finn", "2002", COLLEAGUE);
    return new FamilyScene(product, new ApiDesk(product, "eva", "2001"), finn);
  }

  /** Gives Eva a telephone, which registers, and signs her in with it. */
  async takesSeat(habits: Habits): Promise<void> {
    const registrar = { host: "127.0.0.1", port: this.product.ports["sip"]! };
    const account = { user: "2001", password: PHONE_PASSWORD, domain: SITE_DOMAIN };
    this.phone = await FamilyPhone.create(habits, account, registrar, OWNER);
    const status = await this.phone.register();
    if (status !== 200) throw new Error(`the ${habits.make} was not registered: ${status}`);
    await this.eva.signIn();
  }

  /** Signs her out, and takes the telephone away. */
  async leavesSeat(): Promise<void> {
    await this.eva.call("DELETE", "/api/session");
    await this.phone.register(0);
    this.phone.close();
  }

  /** A customer calls, and Eva takes the call on line one. */
  async connect(): Promise<void> {
    this.customer = await RtpCustomer.create({ tone: CUSTOMER, sipPort: TRUNK_PORT });
    await this.eva.goAvailable();
    await this.customer.dial(this.product.uri(PHONES_NUMBER)).answered();
    await this.phone.takesCall();
    await this.eva.isIn("connected");
  }

  /** Eva holds the customer and dials Finn on line two, who answers. */
  async consult(): Promise<void> {
    await this.phone.consults("2002");
    (await this.finn.line.rings()).answer();
    await this.phone.two.call.answered();
    await this.eva.consultIs("answered");
  }

  /** Eva and the customer hear each other, and nobody else. */
  async ownerTalks(): Promise<void> {
    await this.#talking(this.phone.one, OWNER, this.customer, CUSTOMER);
  }

  /** Eva and Finn hear each other, and the customer music. */
  async agentsTalk(): Promise<void> {
    await Promise.all([this.#talking(this.phone.two, OWNER, this.finn.line, COLLEAGUE), this.customerHearsMusic()]);
  }

  customerHearsMusic(): Promise<void> {
    return hearsMusic(this.customer, TONES);
  }

  /** All three hear each other, Eva on this line. */
  async allTalk(owner: Listener): Promise<void> {
    const hear = (ear: Listener, own: number) =>
      hears(ear, { tones: TONES.filter((tone) => tone !== own), not: [own], withinMs: 8_000 });
    await Promise.all([hear(owner, OWNER), hear(this.customer, CUSTOMER), hear(this.finn.line, COLLEAGUE)]);
  }

  /** Finn has the customer, they hear each other, and Eva wraps up. */
  async isTransferred(): Promise<void> {
    await this.finn.isIn("connected");
    await this.#talking(this.finn.line, COLLEAGUE, this.customer, CUSTOMER);
    const { interaction } = await this.finn.desktop();
    if (interaction?.role !== "owner") throw new Error(`finn is ${interaction?.role}`);
    const { wrapUps } = await this.eva.desktop();
    if (wrapUps.length !== 1) throw new Error(`eva has ${wrapUps.length} wrap-ups`);
  }

  /** Ends whatever is up, lets both wrap up, and waits until nothing is left and nothing has crashed. */
  async settle(): Promise<void> {
    this.customer.hangUp();
    this.finn.line.hangUp();
    this.phone.hangUp();
    await Promise.all([this.eva.settle(), this.finn.settle()]);
    await this.product.isEmpty();
    this.customer.close();
    if (this.product.crashes.length > 0) throw new Error(`crashed: ${this.product.crashes.join(", ")}`);
  }

  async close(): Promise<void> {
    this.finn.close();
    await this.product.stop();
  }

  async #talking(a: Listener, toneOfA: number, b: Listener, toneOfB: number): Promise<void> {
    const only = (ear: Listener, tone: number) =>
      hears(ear, { tones: [tone], not: TONES.filter((other) => other !== tone) });
    await Promise.all([only(a, toneOfB), only(b, toneOfA)]);
  }
}
