import type { Command, ErrorCode, InteractionView } from "@legwork/shared/api";
import type { AgentId, InteractionId, LegId } from "@legwork/shared/ids";
import { internalView } from "../domain/internal-view.js";
import {
  decideInternal,
  internalPlan,
  type InternalCall,
  type InternalCommand,
  type InternalEvent,
  type InternalStep,
} from "../domain/internal-call.js";
import type { InternalEnds } from "../domain/internal-parts.js";
import type { Clock } from "../ports/clock.js";
import type { Ids } from "../ports/ids.js";
import type { Log } from "../ports/log.js";
import type { Media } from "../ports/media.js";
import type { Signalling } from "../ports/signalling.js";
import type { Agents } from "./agents.js";
import type { LegReport } from "./interactions.js";
import type { Asker } from "./requests.js";
import type { Wanted } from "./wanted.js";

/** A station as the registrar knows it, and who is signed in with it. */
export interface Party {
  readonly user: string;
  /** Null: a telephone nobody is signed in at. */
  readonly agent: AgentId | null;
  readonly name: string;
}

export interface InternalCallsDeps {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly media: Media;
  readonly agents: Agents;
  readonly country: string;
  /** How long a station rings, in milliseconds. */
  readonly ringMs: number;
  signalling(): Signalling;
  registered(user: string): boolean;
  changed(agents: readonly AgentId[]): void;
  /** For the call history: each step of a call. */
  noted(ends: InternalEnds, before: InternalCall | null, event: InternalEvent, step: InternalStep): void;
}

interface Live {
  readonly id: InteractionId;
  readonly caller: Party & { readonly leg: LegId };
  readonly callee: Party & { readonly leg: LegId };
  readonly startedAt: number; // milliseconds since 1970
  state: InternalCall | null;
  since: number;
  revision: number;
  stopTimer: () => void;
}

/** IN-1: calls between the site's own telephones and agents. Each has an interaction id, for its media alone. */
export class InternalCalls {
  readonly #calls = new Map<InteractionId, Live>();
  readonly #byLeg = new Map<LegId, Live>();

  constructor(private readonly deps: InternalCallsDeps) {}

  /** `leg` is the caller's own INVITE, its media open, when `invited`; otherwise the caller's station is called on it first. */
  place(call: { id: InteractionId; leg: LegId; invited: boolean; caller: Party; callee: Party }): ErrorCode | null {
    const { callee, caller, id, invited, leg } = call;
    const refused = this.#take(id, caller, callee);
    if (refused) return refused;
    const { clock, ids, log } = this.deps;
    const now = clock.now();
    const live: Live = {
      id,
      caller: { ...caller, leg },
      callee: { ...callee, leg: ids.leg() },
      startedAt: now,
      state: null,
      since: now,
      revision: 0,
      stopTimer: () => undefined,
    };
    this.#calls.set(id, live);
    for (const end of [live.caller, live.callee]) this.#byLeg.set(end.leg, live);
    log.info({ call: id, caller: caller.user, callee: callee.user }, "internal call began");
    this.#post(live, { type: "placed", caller: leg, callee: live.callee.leg, invited });
    return null;
  }

  has(id: InteractionId): boolean {
    return this.#calls.has(id);
  }

  /** False when the leg is none of ours. */
  report(report: LegReport): boolean {
    const live = this.#byLeg.get(report.leg);
    if (!live) return false;
    switch (report.type) {
      case "legAnswered":
      case "legEnded":
        this.#post(live, { type: report.type, leg: report.leg });
        break;
      case "legFailed":
        this.#post(live, { type: "legFailed", leg: report.leg, failure: report.failure });
        break;
      default:
        break; // nobody waits for a sign of life
    }
    return true;
  }

  /** Hold keys are taken; there is nothing to consult, transfer or join. */
  ask(wanted: Wanted, asker: Asker, leg: LegId): void {
    const live = this.#byLeg.get(leg);
    if (!live || (wanted.type !== "legHeld" && wanted.type !== "legUnheld")) return asker.refused("not-in-this-phase");
    this.#post(live, { type: wanted.type, leg });
    asker.accepted();
  }

  /** The desktop's buttons: hang up, and keys. */
  command(agent: AgentId, id: InteractionId, command: Command): ErrorCode | null {
    const live = this.#calls.get(id);
    const own = live && [live.caller, live.callee].find((end) => end.agent === agent);
    if (!live || !own) return "not-yours";
    switch (command.type) {
      case "end":
      case "leave":
        this.#post(live, { type: "hungUp", leg: own.leg });
        return null;
      case "dtmf":
        this.digits(own.leg, command.digits);
        return null;
      default:
        return "not-in-this-phase";
    }
  }

  /** MX-4: keys go to the other end. */
  digits(leg: LegId, digits: string): void {
    const live = this.#byLeg.get(leg);
    if (live?.state?.phase !== "talking") return;
    const other = live.caller.leg === leg ? live.callee.leg : live.caller.leg;
    void this.deps.media.sendDtmf(other, digits);
  }

  /** A browser that has gone without a word: nobody keeps a seat in an internal call. */
  legLost(leg: LegId): void {
    const live = this.#byLeg.get(leg);
    if (live) this.#post(live, { type: "hungUp", leg });
  }

  /** The media-server has come back. */
  sendPlans(): void {
    for (const live of this.#calls.values()) this.#sendPlan(live);
  }

  viewFor(agent: AgentId): InteractionView | null {
    for (const live of this.#calls.values()) {
      const side = live.caller.agent === agent ? "caller" : live.callee.agent === agent ? "callee" : null;
      if (!side || !live.state || live.state.phase === "ended") continue;
      const signalling = this.deps.signalling();
      return internalView(live.state, side, {
        id: live.id,
        caller: live.caller,
        callee: live.callee,
        startedAt: live.startedAt,
        since: live.since,
        country: this.deps.country,
        focusUri: signalling.focusUri(live.id),
        callId: signalling.callIdOf(live[side].leg),
        iso: (ms) => new Date(ms).toISOString(),
      });
    }
    return null;
  }

  dump(): object {
    return [...this.#calls.values()].map(({ id, state }) => ({ id, phase: state?.phase ?? null }));
  }

  /** Both ends, or neither: an agent is Reserved, a bare telephone is free while it is in no other of these calls. */
  #take(id: InteractionId, caller: Party, callee: Party): ErrorCode | null {
    if (caller.user === callee.user) return "target-not-reachable";
    if (this.#isBusy(caller)) return "in-a-call";
    if (this.#isBusy(callee) || !this.deps.registered(callee.user)) return "target-not-reachable";
    const { agents } = this.deps;
    if (caller.agent && !agents.reserve(caller.agent, "internal", id)) return "in-a-call";
    if (!callee.agent || agents.reserve(callee.agent, "internal", id)) return null;
    if (caller.agent) agents.release(caller.agent, id, "caller-gone");
    return "target-not-reachable";
  }

  #isBusy({ user }: Party): boolean {
    return [...this.#calls.values()].some(({ callee, caller }) => caller.user === user || callee.user === user);
  }

  #post(live: Live, event: InternalEvent): void {
    const before = live.state;
    const step = decideInternal(before, event);
    const { state, commands } = step;
    this.deps.noted({ call: live.id, caller: live.caller, callee: live.callee }, before, event, step);
    live.state = state;
    if (state.phase !== before?.phase) live.since = this.deps.clock.now();
    if (state !== before) this.#sendPlan(live);
    for (const command of commands) this.#run(live, command);
    this.deps.changed(agentsOf(live));
  }

  #run(live: Live, command: InternalCommand): void {
    const { agents, clock, ringMs } = this.deps;
    const signalling = this.deps.signalling();
    switch (command.type) {
      case "call": {
        const [end, other] = command.leg === live.caller.leg ? [live.caller, live.callee] : [live.callee, live.caller];
        const caller = { name: other.name, number: other.user };
        return signalling.originate({
          leg: end.leg,
          interaction: live.id,
          to: { station: end.user },
          caller,
          wanted: end === live.caller, // IN-1: it is called for who asked for the call
        });
      }
      case "progress":
        return signalling.progress(command.leg);
      case "answer":
        return signalling.answer(command.leg);
      case "end":
        return signalling.end(command.leg, command.cause);
      case "startTimer":
        live.stopTimer();
        live.stopTimer = clock.after(ringMs, () => this.#post(live, { type: "noAnswer" }));
        return;
      case "stopTimer":
        return live.stopTimer();
      case "engage":
        for (const agent of agentsOf(live)) agents.engage(agent, live.id);
        return;
      case "close":
        return this.#close(live);
    }
  }

  #sendPlan(live: Live): void {
    if (!live.state || live.state.phase === "ended") return;
    const plan = new Map(
      [...internalPlan(live.state, this.deps.country)].filter(([leg]) => this.deps.media.isOpen(leg)),
    );
    void this.deps.media.applyPlan(live.id, ++live.revision, plan);
  }

  #close(live: Live): void {
    this.#calls.delete(live.id);
    for (const { leg } of [live.caller, live.callee]) this.#byLeg.delete(leg);
    for (const agent of agentsOf(live)) this.deps.agents.release(agent, live.id, "caller-gone");
    this.deps.media.closeInteraction(live.id);
    this.deps.log.info({ call: live.id, durationMs: this.deps.clock.now() - live.startedAt }, "internal call ended");
  }
}

const agentsOf = ({ callee, caller }: Live): AgentId[] => [caller, callee].flatMap(({ agent }) => agent ?? []);
