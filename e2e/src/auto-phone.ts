import { setTimeout as delay } from "node:timers/promises";
import { Changes } from "./changes.js";
import { PhoneAgent } from "./phone-agent.js";
import type { Product } from "./product.js";
import type { RtpCustomer } from "./rtp-customer.js";
import type { SipCall } from "./sip-call.js";

/** What a telephone does by itself when it is called. */
export type Manner =
  | { readonly kind: "answers"; readonly afterMs: number }
  | { readonly kind: "declines"; readonly afterMs: number }
  | { readonly kind: "rings" };

/** Takes every call that comes to a telephone, in the manner that was last set. */
export class AutoLine {
  manner: Manner = { kind: "rings" };
  /** The latest call. */
  call: SipCall | undefined;
  /** How many calls came. */
  calls = 0;
  /** Of `calls`. */
  readonly changes = new Changes();

  constructor(readonly line: RtpCustomer) {
    line.handTo((call) => {
      this.call = call;
      this.calls += 1;
      this.changes.happened();
      void this.#behave(call, this.manner);
    });
  }

  async #behave(call: SipCall, manner: Manner): Promise<void> {
    if (manner.kind === "rings") return;
    await delay(manner.afterMs);
    if (call.state.phase !== "ringing") return;
    if (manner.kind === "answers") call.answer();
    else call.refuse(603, "Decline");
  }

  /** Puts the receiver down, whatever there is: hangs up, or declines. */
  hangUp(): void {
    if (this.call?.state.phase === "up") this.call.hangUp();
    else if (this.call?.state.phase === "ringing") this.call.refuse(603, "Decline");
  }

  close(): void {
    this.line.close();
  }
}

/** An agent's desk phone that takes its calls so, and the desktop beside it. */
export class AutoPhone extends AutoLine {
  private constructor(readonly agent: PhoneAgent) {
    super(agent.line);
  }

  static async open(product: Product, id: string, extension: string, tone: number): Promise<AutoPhone> {
    return new AutoPhone(await PhoneAgent.open(product, id, extension, tone));
  }

  override close(): void {
    this.agent.close();
  }
}
