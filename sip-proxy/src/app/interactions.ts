import type { InteractionView } from "@legwork/shared/api";
import type { AgentId, EntryPointId, InteractionId, LegId, QueueId, SeatId } from "@legwork/shared/ids";
import type { Asked, ConsultTarget, Report, TimerName } from "@legwork/shared/interaction";
import type { EntryPointRecord, Store } from "@legwork/shared/store";
import type {
  InteractionCommand,
  InteractionPolicy,
  InteractionState,
  NoticeKind,
} from "../domain/interaction-state.js";
import { interactionView } from "../domain/interaction-view.js";
import { activeLeg, listenersOf } from "../domain/leg-plan.js";
import { seatPlan } from "../domain/seat-plan.js";
import { seatOf, seatOfLeg } from "../domain/seats.js";
import type { Clock } from "../ports/clock.js";
import type { Ids } from "../ports/ids.js";
import type { Log } from "../ports/log.js";
import type { Media, MediaNews } from "../ports/media.js";
import type { Signalling } from "../ports/signalling.js";
import type { Agents } from "./agents.js";
import { HearingLog } from "./hearing-log.js";
import { InteractionActor } from "./interaction-actor.js";
import { LostLegs } from "./lost-legs.js";
import type { Queues } from "./queues.js";
import { Requests, type Asker } from "./requests.js";
import type { WrapUps } from "./wrap-ups.js";

export interface InteractionsDeps {
  readonly store: Pick<Store, "appendEvent">;
  readonly media: Media;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly policy: InteractionPolicy;
  readonly country: string;
  /** Milliseconds until each timer fires. */
  readonly timers: Readonly<Record<TimerName, number>>;
  readonly agents: Agents;
  readonly wrapUps: WrapUps;
  notice(
    agent: AgentId,
    kind: NoticeKind | "hold-failed" | "call-not-answered",
    interaction: InteractionId,
    who: AgentId | null,
  ): void;
  /** The agents' desktops may show something else now. */
  changed(agents: readonly AgentId[]): void;
}

interface Entry {
  readonly actor: InteractionActor;
  readonly log: Log;
  readonly startedAt: number;
  readonly customer: { readonly name: string; readonly number: string };
  readonly entryPoint: EntryPointRecord;
  readonly timers: Map<TimerName, () => void>;
  /** Every agent who had a part in it: they hear of each change. */
  readonly agents: Set<AgentId>;
  readonly legs: Set<LegId>;
  readonly hearing: HearingLog;
}

/** A leg as its adapter reports on it. */
export type LegReport = Extract<Report, { leg: LegId }>;

/** All interactions of this process: finds the one a leg or an agent belongs to, and carries out what `decide` orders. */
export class Interactions {
  readonly #entries = new Map<InteractionId, Entry>();
  readonly #byLeg = new Map<LegId, InteractionId>();
  readonly #requests = new Requests();
  #signalling: Signalling | null = null;
  #queues: Queues | null = null;

  readonly #lost: LostLegs;

  constructor(private readonly deps: InteractionsDeps) {
    this.#lost = new LostLegs(deps.clock, (leg) => this.#giveUp(leg));
  }

  /** The two that also need the interactions; once, before the first call. */
  attach(signalling: Signalling, queues: Queues): void {
    this.#signalling = signalling;
    this.#queues = queues;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** A customer's call with its media leg open: from here on it is an interaction. */
  arrive(call: {
    interaction: InteractionId;
    leg: LegId;
    name: string;
    number: string;
    entryPoint: EntryPointRecord;
  }): void {
    const { interaction, leg, name, number, entryPoint } = call;
    const log = this.deps.log.child({ interaction });
    const actor = new InteractionActor(
      interaction,
      { ...this.deps, log },
      {
        run: (command) => this.#run(interaction, command),
        accept: (request) => this.#requests.accept(request),
        changed: () => this.#changed(interaction),
      },
    );
    this.#entries.set(interaction, {
      actor,
      log,
      startedAt: this.deps.clock.now(),
      customer: { name, number },
      entryPoint,
      timers: new Map(),
      agents: new Set(),
      legs: new Set(),
      hearing: new HearingLog(),
    });
    this.#own(interaction, leg);
    log.info({ number, entryPoint: entryPoint.id }, "interaction began");
    actor.post({
      type: "callArrived",
      seat: this.deps.ids.seat(),
      leg,
      number,
      name,
      entryPoint: entryPoint.id as EntryPointId,
      queue: entryPoint.queue as QueueId,
    });
  }

  /** QU-1: the queue has reserved this agent for this contact. */
  offer(interaction: InteractionId, agent: AgentId): void {
    const entry = this.#entries.get(interaction);
    if (!entry) return void this.deps.agents.release(agent, interaction, "caller-gone");
    const leg = this.deps.ids.leg();
    this.#own(interaction, leg);
    entry.agents.add(agent);
    entry.actor.post({ type: "offerStarted", seat: this.deps.ids.seat(), agent, leg });
  }

  report(report: LegReport): void {
    const id = this.#byLeg.get(report.leg);
    if (id) this.#entries.get(id)?.actor.post(report);
  }

  mediaNews(news: MediaNews): void {
    switch (news.event) {
      case "planInForce":
        this.#entries.get(news.interaction)?.actor.planInForce(news.revision);
        break;
      case "legUp":
        this.#lost.found(news.leg);
        this.report({ type: "legUp", leg: news.leg });
        break;
      case "reconnected":
        for (const { actor } of this.#entries.values()) actor.sendPlan();
        break;
      case "legLost":
        // A phone may be silent for as long as it likes (MX-5); a browser whose ICE or DTLS is gone has gone (SE-1).
        if (news.cause !== "rtp-timeout") this.#lost.lost(news.leg);
        break;
      case "dtmf":
        break; // the media-server passes keys on by itself (MX-4)
    }
  }

  /** Someone with a seat, or who thinks so, asks for something. Answered exactly once. */
  ask(interaction: InteractionId, by: SeatId | null, asked: Asked, asker: Asker): void {
    const entry = this.#entries.get(interaction);
    if (!entry) return asker.refused("not-found");
    const request = this.deps.ids.request();
    this.#requests.add(request, asker);
    entry.actor.post({ ...asked, request, by });
  }

  /** CO-1: a consult; `line` is the asker's own INVITE for it, its media leg open. */
  askConsult(
    interaction: InteractionId,
    by: SeatId | null,
    target: ConsultTarget,
    line: LegId | null,
    asker: Asker,
  ): void {
    const state = this.state(interaction);
    if (!state) return asker.refused("not-found");
    // Known beforehand, so that nobody is put on hold for nothing (AG-3). Whether the asker may consult is decided first.
    const unreachable = target.kind === "agent" && !this.deps.agents.mayBeCalled(target.agent, "consult");
    if (unreachable && "owner" in state && state.owner.seat === by) return asker.refused("target-not-reachable");
    const leg = this.deps.ids.leg();
    this.#own(interaction, leg);
    if (line) this.#own(interaction, line);
    const asked = {
      type: "consultRequested",
      target,
      seat: this.deps.ids.seat(),
      leg,
      line,
    } as const;
    this.ask(interaction, by, asked, asker);
  }

  /** MX-4: keys pressed on a leg go to whoever hears that leg, as telephone-events. */
  digits(leg: LegId, digits: string): void {
    const id = this.#byLeg.get(leg);
    const state = id ? this.state(id) : null;
    if (!state) return;
    for (const listener of listenersOf(state, leg)) void this.deps.media.sendDtmf(listener, digits);
  }

  /** The same for keys pressed in the page: on the leg that the agent talks on. */
  digitsOf(interaction: InteractionId, seat: SeatId, digits: string): void {
    const state = this.state(interaction);
    const leg = state && activeLeg(state, seat);
    if (leg) this.digits(leg, digits);
  }

  state(interaction: InteractionId): InteractionState | null {
    return this.#entries.get(interaction)?.actor.state ?? null;
  }

  /** The interaction an agent has a seat in, and the seat. */
  of(agent: AgentId): { readonly interaction: InteractionId; readonly seat: SeatId; readonly leg: LegId } | null {
    for (const [interaction, { actor }] of this.#entries) {
      const seat = actor.state && seatOf(actor.state, agent);
      if (seat) return { interaction, seat: seat.seat, leg: seat.wire.leg };
    }
    return null;
  }

  interactionOf(leg: LegId): InteractionId | null {
    return this.#byLeg.get(leg) ?? null;
  }

  /** Whose leg it is: the seat that speaks on it. */
  seatOfLeg(leg: LegId): SeatId | null {
    const id = this.#byLeg.get(leg);
    const state = id ? this.state(id) : null;
    return state && seatOfLeg(state, leg);
  }

  viewFor(agent: AgentId): InteractionView | null {
    for (const [id, entry] of this.#entries) {
      const view =
        entry.actor.state &&
        interactionView(entry.actor.state, agent, {
          id,
          startedAt: entry.startedAt,
          customer: entry.customer,
          queue: this.#queues?.nameOf(entry.entryPoint.queue) ?? null,
          entryPoint: entry.entryPoint.name,
          focusUri: this.#signalling?.focusUri(id) ?? "",
          country: this.deps.country,
          nameOf: (a) => this.deps.agents.nameOf(a),
          queueName: (q) => this.#queues?.nameOf(q) ?? q,
          callIdOf: (leg) => this.#signalling?.callIdOf(leg) ?? null,
          hearingSince: (seat) => entry.hearing.since(seat) ?? null,
          iso: (ms) => new Date(ms).toISOString(),
        });
      if (view) return view;
    }
    return null;
  }

  dump(): object {
    return {
      interactions: [...this.#entries.values()].map((e) => ({ ...e.actor.dump(), timers: [...e.timers.keys()] })),
      legs: this.#byLeg.size,
      requests: this.#requests.size,
    };
  }

  #own(interaction: InteractionId, leg: LegId): void {
    this.#byLeg.set(leg, interaction);
    this.#entries.get(interaction)?.legs.add(leg);
  }

  #changed(id: InteractionId): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    const state = entry.actor.state;
    if (state && "owner" in state) entry.agents.add(state.owner.agent);
    if (state && "consult" in state && state.consult.consulted) entry.agents.add(state.consult.consulted.agent);
    if (state) entry.hearing.note(seatPlan(state, this.deps.country), this.deps.clock.now());
    this.deps.changed([...entry.agents]);
  }

  #run(id: InteractionId, command: InteractionCommand): void {
    // Whoever asked is answered, also when the interaction ended before their turn came.
    if (command.type === "acceptRequest") return this.#requests.accept(command.request);
    if (command.type === "refuseRequest") return this.#refuse(id, command);
    if (command.type === "releaseAgent") return this.#release(id, command);
    const entry = this.#entries.get(id);
    const signalling = this.#signalling;
    const queues = this.#queues;
    if (!entry || !signalling || !queues) return;
    const { agents, wrapUps } = this.deps;
    switch (command.type) {
      case "originateLeg":
        return this.#originate(id, entry, command);
      case "progressLeg":
        return signalling.progress(command.leg);
      case "answerLeg":
        return signalling.answer(command.leg);
      case "endLeg":
        return signalling.end(command.leg, command.cause);
      case "acceptReferral":
        return signalling.acceptReferral(command.referral);
      case "notifyReferrer":
        return signalling.notifyReferrer(command.referral, command.status);
      case "startTimer":
        return this.#startTimer(entry, command.timer);
      case "stopTimer":
        return stopTimer(entry, command.timer);
      case "enqueue":
        return queues.enqueue(command.queue, id);
      case "leaveQueue":
        return queues.leave(command.queue, id);
      case "engageAgent":
        return agents.engage(command.agent, id);
      case "ownershipBegan":
        return wrapUps.ownershipBegan(command.agent, id);
      case "ownershipEnded":
        return wrapUps.ownershipEnded(command.agent, id, entry.customer);
      case "notifyAgent":
        return this.deps.notice(command.agent, command.kind, id, command.who);
      case "closeInteraction":
        return this.#close(id, entry);
    }
  }

  #refuse(interaction: InteractionId, c: Extract<InteractionCommand, { type: "refuseRequest" }>): void {
    this.deps.log.info({ interaction, why: c.why }, "request refused");
    this.#requests.refuse(c.request, c.why);
  }

  #release(interaction: InteractionId, { agent, how }: Extract<InteractionCommand, { type: "releaseAgent" }>): void {
    const released = this.deps.agents.release(agent, interaction, how);
    if (released && how === "not-answered") this.deps.notice(agent, "call-not-answered", interaction, null);
  }

  #originate(id: InteractionId, entry: Entry, c: Extract<InteractionCommand, { type: "originateLeg" }>): void {
    entry.agents.add(c.agent);
    // A queue has reserved its agent before it offers; a consult with an agent reserves at the moment of the call (AG-3).
    if (c.reserve && !this.deps.agents.reserve(c.agent, "consult", id)) {
      const failure = { kind: "unreachable", why: "agent-state" } as const;
      entry.actor.post({ type: "legFailed", leg: c.leg, failure });
      return;
    }
    this.#signalling?.originate({ leg: c.leg, interaction: id, agent: c.agent, caller: entry.customer });
  }

  #giveUp(leg: LegId): void {
    this.deps.log.warn({ leg }, "a lost leg did not come back");
    this.#signalling?.end(leg, "normal");
    this.report({ type: "legEnded", leg });
  }

  #startTimer(entry: Entry, timer: TimerName): void {
    stopTimer(entry, timer);
    const cancel = this.deps.clock.after(this.deps.timers[timer], () => {
      entry.timers.delete(timer);
      entry.actor.post({ type: "timerFired", timer });
    });
    entry.timers.set(timer, cancel);
  }

  #close(id: InteractionId, entry: Entry): void {
    for (const cancel of entry.timers.values()) cancel();
    for (const leg of entry.legs) {
      this.#byLeg.delete(leg);
      this.#lost.found(leg);
    }
    this.#entries.delete(id);
    entry.actor.close();
    this.deps.media.closeInteraction(id);
    entry.log.info({ durationMs: this.deps.clock.now() - entry.startedAt, legs: entry.legs.size }, "interaction ended");
    this.deps.changed([...entry.agents]);
  }
}

function stopTimer(entry: Entry, timer: TimerName): void {
  entry.timers.get(timer)?.();
  entry.timers.delete(timer);
}
