import type { AgentId, InteractionId, LegId, SeatId } from "@legwork/shared/ids";
import type { InteractionState, Wire } from "../domain/interaction-state.js";
import { wireOf } from "../domain/phases/steps.js";
import { seatOf, seatOfLeg, seatsOf } from "../domain/seats.js";
import type { LiveInteraction } from "./live-interaction.js";
import type { KeptSeat } from "./lost-seats.js";

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

  /** SE-1: an agent's seat with the legs of it that are up. */
  keptSeatOf(agent: AgentId): KeptSeat | null {
    const part = this.of(agent);
    const state = part && this.state(part.interaction);
    if (!part || !state) return null;
    const line = "consult" in state && state.owner.seat === part.seat ? state.consult.line : null;
    return { seat: part.seat, agent, legs: line ? [part.leg, line.leg] : [part.leg] };
  }

  keptSeatOfLeg(leg: LegId): KeptSeat | null {
    const state = this.ofLeg(leg)?.actor.state;
    const seat = state ? seatOfLeg(state, leg) : null;
    const owner = state && seat ? seatsOf(state).find((one) => one.seat === seat) : undefined;
    return owner && "agent" in owner ? this.keptSeatOf(owner.agent) : null;
  }

  wireOf(leg: LegId): Wire | null {
    const state = this.ofLeg(leg)?.actor.state;
    return state && state.phase !== "ended" ? wireOf(state, leg) : null;
  }

  /** Whose leg it is: the seat that speaks on it. */
  seatOfLeg(leg: LegId): SeatId | null {
    const state = this.ofLeg(leg)?.actor.state;
    return state ? seatOfLeg(state, leg) : null;
  }
}
