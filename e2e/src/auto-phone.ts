import { setTimeout as delay } from "node:timers/promises";
import { PhoneAgent } from "./phone-agent.js";
import type { Product } from "./product.js";
import type { SipCall } from "./sip-call.js";

/** What a telephone does by itself when it is called. */
export type Manner =
  | { readonly kind: "answers"; readonly afterMs: number }
  | { readonly kind: "declines"; readonly afterMs: number }
  | { readonly kind: "rings" };

/** Takes every call that comes to an agent's desk phone, in the manner that was last set. */
export class AutoPhone {
  manner: Manner = { kind: "rings" };
  /** The latest call. */
  call: SipCall | undefined;
  /** How many calls came. */
  calls = 0;
  #closed = false;
  readonly #taking: Promise<void>;

  private constructor(readonly agent: PhoneAgent) {
    this.#taking = this.#take();
  }

  static async open(product: Product, id: string, extension: string, tone: number): Promise<AutoPhone> {
    return new AutoPhone(await PhoneAgent.open(product, id, extension, tone));
  }

  async #take(): Promise<void> {
    while (!this.#closed) {
      const call = await this.agent.line.rings(300).catch(() => undefined);
      if (!call) continue;
      this.call = call;
      this.calls += 1;
      void this.#behave(call, this.manner);
    }
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

  async close(): Promise<void> {
    this.#closed = true;
    await this.#taking;
    this.agent.close();
  }
}
