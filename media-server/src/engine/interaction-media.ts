import type { InteractionId, LegId } from "@legwork/shared/ids";
import type { LegPlan } from "@legwork/shared/media";
import { FRAME_MS, type MixRate } from "../audio/codec.js";
import type { Kernel } from "../audio/kernel.js";
import type { Ear, MediaLeg } from "./media-leg.js";
import { PlanLedger } from "./plan-ledger.js";
import { routesOf, type RoutedLeg } from "./route.js";

/** What became known while a tick ran. */
export type EngineEvent =
  | { readonly event: "planInForce"; readonly interaction: InteractionId; readonly revision: number }
  | { readonly event: "legUp"; readonly leg: LegId; readonly by: "ice-dtls" | "rtp" }
  | { readonly event: "legLost"; readonly leg: LegId; readonly cause: "ice" | "dtls" | "rtp-timeout" }
  | { readonly event: "dtmf"; readonly leg: LegId; readonly digit: string; readonly durationMs: number };

/** Each mix is encoded before the next one is made, so one frame for each rate does for all. */
const mixed: Readonly<Record<MixRate, Int16Array>> = {
  8000: new Int16Array(8 * FRAME_MS),
  16000: new Int16Array(16 * FRAME_MS),
  48000: new Int16Array(48 * FRAME_MS),
};

/** The legs of one interaction, the plan that connects them, and the sound between them. */
export class InteractionMedia {
  readonly id: InteractionId;
  readonly legs = new Map<LegId, MediaLeg>();
  readonly ledger = new PlanLedger();
  readonly #emit: (event: EngineEvent) => void;
  readonly #kernel: Kernel;
  #stale = false;

  constructor(id: InteractionId, emit: (event: EngineEvent) => void, kernel: Kernel) {
    this.id = id;
    this.#emit = emit;
    this.#kernel = kernel;
  }

  add(leg: MediaLeg): void {
    this.legs.set(leg.id, leg);
    this.reroute();
  }

  remove(id: LegId): void {
    const leg = this.legs.get(id);
    if (!leg) return;
    this.legs.delete(id);
    this.ledger.heard(id);
    leg.close();
    // At once: nobody may hold on to a leg that is closed.
    this.#connect(new Set());
  }

  /** Something that routes depend on has changed; the next tick looks at it. */
  reroute(): void {
    this.#stale = true;
  }

  take(revision: number, plan: LegPlan): boolean {
    const taken = this.ledger.take(revision, plan);
    if (taken && this.legs.size === 0) this.#follow();
    return taken;
  }

  /** A datagram from the peer of a leg. */
  receive(leg: MediaLeg, datagram: Uint8Array, origin: string, nowMs: number): "accepted" | "switched" | "ignored" {
    const codecBefore = leg.receiver.codec;
    const { verdict, received } = leg.receiver.receive(datagram, origin, nowMs);
    if (verdict !== "accepted" && verdict !== "switched") return "ignored";
    if (leg.heard(nowMs)) this.#emit({ event: "legUp", leg: leg.id, by: "rtp" });
    if (leg.receiver.codec !== codecBefore) {
      this.reroute();
      return verdict;
    }
    if (received === null) return verdict;
    const source = `${leg.id} ${leg.receiver.generation}`;
    if (received.kind === "event") {
      for (const press of received.presses) this.#emit({ event: "dtmf", leg: leg.id, ...press });
      for (const listener of leg.eventsTo) if (listener.maySend) listener.sender.passEvent(received, source, nowMs);
    }
    if (received.kind !== "audio" || received.muted) {
      const isNumbered = leg.receiver.lock.ssrc === received.packet.ssrc;
      for (const listener of leg.relayTo) if (isNumbered) listener.sender.skip(received.packet, source);
    } else {
      for (const listener of leg.relayTo) {
        if (!listener.maySend) continue;
        if (listener.sender.relay(received.packet, source, received.durationMs, nowMs) === "late")
          leg.receiver.drop("late");
        this.#noteSent(listener);
      }
      this.#reportInForce();
    }
    return verdict;
  }

  /** One step of 20 ms: a new plan on all legs at once, then a frame for each of them. */
  tick(nowMs: number): void {
    if (this.#stale || this.ledger.revision > 0) this.#follow();
    const frames = new Map<LegId, Int16Array>();
    for (const [id, leg] of this.legs) {
      for (const press of leg.receiver.tick(nowMs)) this.#emit({ event: "dtmf", leg: id, ...press });
      const frame = leg.receiver.pull(nowMs);
      if (frame) frames.set(id, frame);
    }
    for (const leg of this.legs.values()) {
      if (leg.maySend) this.#send(leg, frames, nowMs);
      this.#noteSent(leg);
      const talking = this.ledger.sourceOf(leg.id).kind === "parties";
      if (leg.watch(talking, nowMs)) this.#emit({ event: "legLost", leg: leg.id, cause: "rtp-timeout" });
    }
    this.#reportInForce();
  }

  close(): void {
    for (const leg of this.legs.values()) leg.close();
    this.legs.clear();
  }

  #send(leg: MediaLeg, frames: ReadonlyMap<LegId, Int16Array>, nowMs: number): void {
    const route = leg.sender.route;
    if (route.kind === "mix") {
      const frame = mixed[route.rate];
      this.#kernel.mix(
        route.from.flatMap(
          (party) => (this.legs.get(party)!.mayBeHeardBy(earOf(this.ledger, leg.id)) && frames.get(party)) || [],
        ),
        frame,
      );
      return leg.sender.tick(nowMs, frame, nowMs);
    }
    const relayed = route.kind === "relay" ? this.legs.get(route.from) : undefined;
    leg.sender.tick(nowMs, null, relayed?.receiver.lastAudioMs ?? -Infinity);
  }

  #follow(): void {
    const changed = this.ledger.apply(this.legs.keys());
    if (changed === null && !this.#stale) return;
    this.#connect(changed ?? new Set());
    this.#reportInForce();
  }

  /** Gives every leg its route, and every party its listeners. */
  #connect(changed: ReadonlySet<LegId>): void {
    this.#stale = false;
    const view = new Map<LegId, RoutedLeg>();
    for (const [id, leg] of this.legs) {
      view.set(id, { source: this.ledger.sourceOf(id), sends: leg.sender.codec, receives: leg.receiver.codec });
    }
    const routes = routesOf(view);
    const rates = new Map<LegId, MixRate>();
    for (const [id, leg] of this.legs) {
      const route = routes.get(id)!;
      leg.sender.follow(route, changed.has(id));
      if (route.kind === "mix") for (const party of route.from) rates.set(party, route.rate);
    }
    for (const [id, leg] of this.legs) {
      leg.receiver.listenAt(rates.get(id) ?? null);
      leg.relayTo = [...this.legs.values()].filter(
        (l) => l.sender.route.kind === "relay" && l.sender.route.from === id,
      );
      leg.eventsTo = [...this.legs.values()].filter((l) => l !== leg && hears(this.ledger, l.id, id));
      leg.hearBy(new Set(leg.eventsTo.map((l) => earOf(this.ledger, l.id))));
    }
  }

  #noteSent(leg: MediaLeg): void {
    if (this.ledger.owes(leg.id) && (leg.sender.sentOfRoute || leg.doesNotListen)) this.ledger.heard(leg.id);
  }

  #reportInForce(): void {
    const revision = this.ledger.takeInForce();
    if (revision !== null) this.#emit({ event: "planInForce", interaction: this.id, revision });
  }
}

/** Whose ear a leg leads to: the legs of one seat are one. */
function earOf(ledger: PlanLedger, listener: LegId): Ear {
  const source = ledger.sourceOf(listener);
  return (source.kind === "parties" && source.seat) || listener;
}

function hears(ledger: PlanLedger, listener: LegId, party: LegId): boolean {
  const source = ledger.sourceOf(listener);
  return source.kind === "parties" && source.parties.includes(party);
}
