import { answeredNonces, challengeNonces } from "../proxy/forwarding.js";
import type { SipRequest, SipResponse } from "../sip/message.js";
import type { Clock } from "./ports.js";

/** How long the target that challenged a caller is remembered for the caller's second try. */
const CHALLENGE_MS = 2_000;

/** Who challenged whom: a caller's second try carries the nonce of the target that challenged it and must go there. */
export class Challengers {
  readonly #clock: Clock;
  readonly #targets = new Map<string, string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The target whose challenge this request answers, or null. */
  of(request: SipRequest): string | null {
    for (const nonce of answeredNonces(request)) {
      const target = this.#targets.get(nonce);
      if (target !== undefined) return target;
    }
    return null;
  }

  /** A 401 or 407 has come from this target. */
  remember(response: SipResponse, target: string): void {
    for (const nonce of challengeNonces(response)) {
      this.#targets.set(nonce, target);
      this.#clock.schedule(CHALLENGE_MS, () => this.#targets.delete(nonce));
    }
  }
}
