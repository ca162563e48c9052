import type { ControlError, ControlRequestBody } from "@legwork/shared/control";
import type { InteractionId, LegId } from "@legwork/shared/ids";

interface KnownLeg {
  readonly interaction: InteractionId;
  readonly thread: number;
}

type OpenLeg = ControlRequestBody & { type: "openLeg" };
type ApplyPlan = ControlRequestBody & { type: "applyPlan" };

/** Which leg and which interaction live on which media thread: all legs of an interaction on one. */
export class LegRegistry {
  readonly #threads: number;
  readonly #legs = new Map<LegId, KnownLeg>();
  readonly #interactions = new Map<InteractionId, number>();

  constructor(threads: number) {
    this.#threads = threads;
  }

  get legCount(): number {
    return this.#legs.size;
  }

  get interactions(): readonly InteractionId[] {
    return [...this.#interactions.keys()];
  }

  /** The thread for a leg: that of its interaction, the one asked for, or the one with the fewest legs. */
  place(request: OpenLeg): number {
    const known = this.#legs.get(request.leg);
    if (known) return known.thread;
    const asked = request.thread !== null && request.thread < this.#threads ? request.thread : this.#emptiest();
    const thread = this.#interactions.get(request.interaction) ?? asked;
    this.#legs.set(request.leg, { interaction: request.interaction, thread });
    this.#interactions.set(request.interaction, thread);
    return thread;
  }

  threadOfLeg(leg: LegId): number | undefined {
    return this.#legs.get(leg)?.thread;
  }

  threadOfInteraction(interaction: InteractionId): number | undefined {
    return this.#interactions.get(interaction);
  }

  /** Why a plan is refused before any thread sees it: its thread would not know the foreign leg, and call it unknown. */
  refusalOf(plan: ApplyPlan): ControlError | null {
    const named = Object.entries(plan.legs).flatMap(([leg, source]) => [
      leg as LegId,
      ...(source.kind === "parties" ? source.parties : []),
    ]);
    for (const leg of named) {
      const known = this.#legs.get(leg);
      if (known && known.interaction !== plan.interaction)
        return { code: "foreign-leg", message: `${leg} belongs to another interaction` };
    }
    return null;
  }

  forgetLeg(leg: LegId): void {
    this.#legs.delete(leg);
  }

  forgetInteraction(interaction: InteractionId): void {
    this.#interactions.delete(interaction);
    for (const [leg, known] of this.#legs) if (known.interaction === interaction) this.#legs.delete(leg);
  }

  /** Forgets all that lived on a thread; says which legs. */
  forgetThread(thread: number): LegId[] {
    const lost = [...this.#legs].filter(([, known]) => known.thread === thread).map(([leg]) => leg);
    for (const leg of lost) this.#legs.delete(leg);
    for (const [interaction, at] of this.#interactions) if (at === thread) this.#interactions.delete(interaction);
    return lost;
  }

  #emptiest(): number {
    const legs = Array.from({ length: this.#threads }, () => 0);
    for (const { thread } of this.#legs.values()) legs[thread]! += 1;
    return legs.indexOf(Math.min(...legs));
  }
}
