import type { LegId } from "@legwork/shared/ids";
import type { Clock } from "../ports/clock.js";

/** SE-1: legs whose media has gone without a BYE: kept for a while, then given up. */
export class LostLegs {
  readonly #timers = new Map<LegId, () => void>();

  constructor(
    private readonly clock: Clock,
    /** How long a seat is kept for somebody whose page, network or phone has gone without a word. */
    private readonly keptMs: number,
    private readonly giveUp: (leg: LegId) => void,
  ) {}

  lost(leg: LegId): void {
    if (this.#timers.has(leg)) return;
    const cancel = this.clock.after(this.keptMs, () => {
      this.#timers.delete(leg);
      this.giveUp(leg);
    });
    this.#timers.set(leg, cancel);
  }

  /** It is back, or nobody waits for it any more. */
  found(leg: LegId): void {
    this.#timers.get(leg)?.();
    this.#timers.delete(leg);
  }
}
