import type { LegId } from "@legwork/shared/ids";
import type { LegPlan, LegSource } from "@legwork/shared/media";

export const SILENCE: LegSource = { kind: "silence" };

/** True when both are the same sound; the order of the parties does not matter. */
export function sameSource(a: LegSource, b: LegSource): boolean {
  switch (a.kind) {
    case "silence":
      return b.kind === "silence";
    case "music":
      return b.kind === "music" && a.queue === b.queue;
    case "ringback":
      return b.kind === "ringback" && a.country === b.country;
    case "parties":
      return (
        b.kind === "parties" && a.parties.length === b.parties.length && a.parties.every((p) => b.parties.includes(p))
      );
  }
}

/**
 * The plans of one interaction: which revision was taken, which one is carried out, and for which legs its first packet is still owed
 * (`planInForce`). A revision that is overtaken before it was heard is never reported; what it owed, the next one owes.
 */
export class PlanLedger {
  #taken = 0;
  #waiting: { readonly revision: number; readonly plan: LegPlan } | null = null;
  #applied: LegPlan = new Map();
  #appliedRevision = 0;
  readonly #owed = new Set<LegId>();
  #reported = 0;

  /** The last revision that was taken; 0 for none. */
  get revision(): number {
    return this.#taken;
  }

  /** False when the revision is not above the last one. */
  take(revision: number, plan: LegPlan): boolean {
    if (revision <= this.#taken) return false;
    this.#taken = revision;
    this.#waiting = { revision, plan };
    return true;
  }

  /** Carries the waiting plan out for these legs; says for which of them the source is another one now. Null: nothing waits. */
  apply(legs: Iterable<LegId>): ReadonlySet<LegId> | null {
    if (this.#waiting === null) return null;
    const before = this.#applied;
    const after = this.#waiting.plan;
    const changed = new Set<LegId>();
    for (const leg of legs) {
      if (!sameSource(before.get(leg) ?? SILENCE, after.get(leg) ?? SILENCE)) changed.add(leg);
    }
    for (const leg of changed) this.#owed.add(leg);
    this.#applied = after;
    this.#appliedRevision = this.#waiting.revision;
    this.#waiting = null;
    return changed;
  }

  sourceOf(leg: LegId): LegSource {
    return this.#applied.get(leg) ?? SILENCE;
  }

  /** The first packet of its source has left on this leg, or the leg is gone. */
  heard(leg: LegId): void {
    this.#owed.delete(leg);
  }

  owes(leg: LegId): boolean {
    return this.#owed.has(leg);
  }

  /** The revision that came into force since the last call, or null. */
  takeInForce(): number | null {
    if (this.#owed.size > 0 || this.#appliedRevision === this.#reported) return null;
    this.#reported = this.#appliedRevision;
    return this.#reported;
  }
}
