import type { ControlError, ControlRequestBody } from "@legwork/shared/control";
import type { InteractionId, LegId } from "@legwork/shared/ids";

interface KnownLeg {
  readonly interaction: InteractionId;
  readonly thread: number;
}

interface KnownInteraction {
  readonly thread: number;
  readonly legs: Set<LegId>;
  /** A plan was sent for it: it began, and will be closed as a whole. */
  planned: boolean;
}

type OpenLeg = ControlRequestBody & { type: "openLeg" };
type ApplyPlan = ControlRequestBody & { type: "applyPlan" };

/** Which leg and which interaction live on which media thread: all legs of an interaction on one. */
export class LegRegistry {
  readonly #threads: number;
  readonly #legs = new Map<LegId, KnownLeg>();
  readonly #interactions = new Map<InteractionId, KnownInteraction>();

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
    const interaction = this.#interactions.get(request.interaction) ?? {
      thread: asked,
      legs: new Set(),
      planned: false,
    };
    interaction.legs.add(request.leg);
    this.#legs.set(request.leg, { interaction: request.interaction, thread: interaction.thread });
    this.#interactions.set(request.interaction, interaction);
    return interaction.thread;
  }

  threadOfLeg(leg: LegId): number | undefined {
    return this.#legs.get(leg)?.thread;
  }

  threadOfInteraction(interaction: InteractionId): number | undefined {
    return this.#interactions.get(interaction)?.thread;
  }

  /** A plan goes to the interaction's thread: from now on it is forgotten as a whole only. */
  plan(interaction: InteractionId): void {
    const known = this.#interactions.get(interaction);
    if (known) known.planned = true;
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

  /** Forgets a leg, and with the last one an interaction that never had a plan: nobody will close that. */
  forgetLeg(leg: LegId): void {
    const known = this.#legs.get(leg);
    if (!known) return;
    this.#legs.delete(leg);
    const interaction = this.#interactions.get(known.interaction)!;
    interaction.legs.delete(leg);
    if (interaction.legs.size === 0 && !interaction.planned) this.#interactions.delete(known.interaction);
  }

  forgetInteraction(interaction: InteractionId): void {
    for (const leg of this.#interactions.get(interaction)?.legs ?? []) this.#legs.delete(leg);
    this.#interactions.delete(interaction);
  }

  /** Forgets all that lived on a thread; says which legs. */
  forgetThread(thread: number): LegId[] {
    const lost = [...this.#legs].filter(([, known]) => known.thread === thread).map(([leg]) => leg);
    for (const leg of lost) this.#legs.delete(leg);
    for (const [id, interaction] of this.#interactions)
      if (interaction.thread === thread) this.#interactions.delete(id);
    return lost;
  }

  #emptiest(): number {
    const legs = Array.from({ length: this.#threads }, () => 0);
    for (const { thread } of this.#legs.values()) legs[thread]! += 1;
    return legs.indexOf(Math.min(...legs));
  }
}
