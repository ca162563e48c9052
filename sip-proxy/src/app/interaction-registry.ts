import type { AgentId, InteractionId, LegId, SeatId } from "@legwork/shared/ids";
import type { InteractionState } from "../domain/interaction-state.js";
import { seatOf, seatOfLeg } from "../domain/seats.js";
import type { LiveInteraction } from "./live-interaction.js";

/** An agent's part in an interaction. */
export interface Part {
  readonly interaction: InteractionId;
  readonly seat: SeatId;
  readonly leg: LegId;
}

/** The interactions that live now, found by their id, a leg, or an agent. */
export class InteractionRegistry {
  readonly #live = new Map<InteractionId, LiveInteraction>();
  readonly #byLeg = new Map<LegId, InteractionId>();

  get size(): number {
    return this.#live.size;
  }

  get legs(): number {
    return this.#byLeg.size;
  }

  add(live: LiveInteraction): void {
    this.#live.set(live.id, live);
  }

  /** From now on what is said of this leg is said to this interaction. */
  own(interaction: InteractionId, leg: LegId): void {
    this.#byLeg.set(leg, interaction);
    this.#live.get(interaction)?.legs.add(leg);
  }

  remove(live: LiveInteraction): void {
    for (const leg of live.legs) this.#byLeg.delete(leg);
    this.#live.delete(live.id);
  }

  all(): Iterable<LiveInteraction> {
    return this.#live.values();
  }

  get(interaction: InteractionId): LiveInteraction | undefined {
    return this.#live.get(interaction);
  }

  ofLeg(leg: LegId): LiveInteraction | undefined {
    const id = this.#byLeg.get(leg);
    return id && this.#live.get(id);
  }

  state(interaction: InteractionId): InteractionState | null {
    return this.#live.get(interaction)?.actor.state ?? null;
  }

  /** The interaction an agent has a seat in. */
  of(agent: AgentId): Part | null {
    for (const { id, actor } of this.#live.values()) {
      const seat = actor.state && seatOf(actor.state, agent);
      if (seat) return { interaction: id, seat: seat.seat, leg: seat.wire.leg };
    }
    return null;
  }

  /** Whose leg it is: the seat that speaks on it. */
  seatOfLeg(leg: LegId): SeatId | null {
    const state = this.ofLeg(leg)?.actor.state;
    return state ? seatOfLeg(state, leg) : null;
  }
}
