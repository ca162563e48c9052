import type { InteractionId, LegId } from "@legwork/shared/ids";
import type { LegPlan } from "@legwork/shared/media";
import { plainKernel, type Kernel } from "../audio/kernel.js";
import { InteractionMedia, type EngineEvent } from "./interaction-media.js";
import type { SenderPorts } from "./leg-sender.js";
import { MediaLeg, type LegStart } from "./media-leg.js";
import type { Negotiated } from "./negotiated.js";

export type PlanOutcome = "applied" | "stale" | "unknown-leg" | "foreign-leg" | "hears-itself";

/**
 * Everything between the wires of one media thread: datagrams and ticks go in, packets and facts come out. It has no clock, no socket
 * and no timer of its own; the time is what the caller says (ms, monotonic).
 */
export class Engine {
  readonly #interactions = new Map<InteractionId, InteractionMedia>();
  readonly #legs = new Map<LegId, MediaLeg>();
  readonly #emit: (event: EngineEvent) => void;
  readonly #kernel: Kernel;

  constructor(emit: (event: EngineEvent) => void, kernel: Kernel = plainKernel) {
    this.#emit = emit;
    this.#kernel = kernel;
  }

  get legs(): ReadonlyMap<LegId, MediaLeg> {
    return this.#legs;
  }

  get interactions(): ReadonlyMap<InteractionId, InteractionMedia> {
    return this.#interactions;
  }

  openLeg(start: LegStart, ports: SenderPorts): MediaLeg {
    const leg = new MediaLeg(start, ports);
    this.#legs.set(leg.id, leg);
    this.#interaction(leg.interaction).add(leg);
    return leg;
  }

  /** Closes a leg; with the last one of an interaction that never had a plan goes the interaction: nobody will close that. */
  closeLeg(id: LegId): void {
    const leg = this.#legs.get(id);
    if (!leg) return;
    this.#legs.delete(id);
    const interaction = this.#interactions.get(leg.interaction);
    if (!interaction) return;
    interaction.remove(id);
    if (interaction.legs.size === 0 && interaction.ledger.revision === 0) this.#interactions.delete(interaction.id);
  }

  /** Closes what is left of an interaction and forgets its plan; says which legs it had. */
  closeInteraction(id: InteractionId): LegId[] {
    const interaction = this.#interactions.get(id);
    if (!interaction) return [];
    const legs = [...interaction.legs.keys()];
    interaction.close();
    for (const leg of legs) this.#legs.delete(leg);
    this.#interactions.delete(id);
    return legs;
  }

  agree(leg: MediaLeg, negotiated: Negotiated | null): void {
    leg.agree(negotiated);
    this.#interactions.get(leg.interaction)?.reroute();
  }

  /** All or nothing: a plan that names a leg it may not name changes nothing. */
  applyPlan(id: InteractionId, revision: number, plan: LegPlan): PlanOutcome {
    for (const [listener, source] of plan) {
      const parties = source.kind === "parties" ? source.parties : [];
      if (parties.includes(listener)) return "hears-itself";
      for (const leg of [listener, ...parties]) {
        const known = this.#legs.get(leg);
        if (!known) return "unknown-leg";
        if (known.interaction !== id) return "foreign-leg";
      }
    }
    return this.#interaction(id).take(revision, plan) ? "applied" : "stale";
  }

  receive(leg: MediaLeg, datagram: Uint8Array, origin: string, nowMs: number): "accepted" | "switched" | "ignored" {
    return this.#interactions.get(leg.interaction)?.receive(leg, datagram, origin, nowMs) ?? "ignored";
  }

  tick(nowMs: number): void {
    for (const interaction of this.#interactions.values()) interaction.tick(nowMs);
  }

  #interaction(id: InteractionId): InteractionMedia {
    let interaction = this.#interactions.get(id);
    if (!interaction) {
      interaction = new InteractionMedia(id, this.#emit, this.#kernel);
      this.#interactions.set(id, interaction);
    }
    return interaction;
  }
}
