import type { AgentId, InteractionId, LegId } from "@legwork/shared/ids";
import type { TimerName } from "@legwork/shared/interaction";
import type { InteractionCommand, NoticeKind, Who } from "../domain/interaction-state.js";
import { agentInCharge } from "../domain/seats.js";
import type { Clock } from "../ports/clock.js";
import type { Log } from "../ports/log.js";
import type { Media } from "../ports/media.js";
import type { Signalling } from "../ports/signalling.js";
import type { Agents } from "./agents.js";
import type { LiveInteraction } from "./live-interaction.js";
import type { OutboundCalls } from "./outbound-calls.js";
import type { Queues } from "./queues.js";
import type { Requests } from "./requests.js";
import type { WrapUps } from "./wrap-ups.js";

export interface CommandRunnerDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly media: Pick<Media, "sendDtmf">;
  readonly agents: Agents;
  readonly wrapUps: WrapUps;
  readonly outbound: OutboundCalls;
  readonly requests: Requests;
  /** Milliseconds until each timer fires. */
  readonly timers: Readonly<Record<TimerName, number>>;
  notice(
    agent: AgentId,
    kind: NoticeKind | "hold-failed" | "call-not-answered",
    interaction: InteractionId,
    who: Who | null,
  ): void;
  /** Nothing is left to do for it. */
  close(live: LiveInteraction): void;
}

/** The parts that commands go to and that need the interactions themselves. */
export interface Surroundings {
  readonly signalling: Signalling;
  readonly queues: Queues;
}

/** What one `sendDtmf` may carry. */
const DIGITS_AT_ONCE = 64;

/** Carries out what `decide` orders, in order. Nothing here throws or blocks; outcomes come back as events. */
export class CommandRunner {
  constructor(
    private readonly deps: CommandRunnerDeps,
    private readonly around: () => Surroundings,
  ) {}

  /** What is owed whether or not the interaction still lives: answers, and agents. Everything else is left. */
  settle(id: InteractionId, command: InteractionCommand): void {
    switch (command.type) {
      case "acceptRequest":
        return this.deps.requests.accept(command.request);
      case "refuseRequest":
        this.deps.log.info({ interaction: id, why: command.why }, "request refused");
        return this.deps.requests.refuse(command.request, command.why);
      case "releaseAgent":
        return this.#release(id, command);
      default:
        return;
    }
  }

  run(live: LiveInteraction, command: InteractionCommand): void {
    const { agents, wrapUps } = this.deps;
    const { signalling, queues } = this.around();
    switch (command.type) {
      case "acceptRequest":
      case "refuseRequest":
      case "releaseAgent":
        return this.settle(live.id, command);
      case "originateLeg":
        return this.#originate(live, command);
      case "sendDigits":
        return this.#sendDigits(command);
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
        return this.#startTimer(live, command.timer);
      case "stopTimer":
        return stopTimer(live, command.timer);
      case "enqueue":
        return queues.enqueue(command.queue, live.id, command.front);
      case "leaveQueue":
        return queues.leave(command.queue, live.id);
      case "engageAgent":
        return agents.engage(command.agent, live.id);
      case "ownershipBegan":
        return wrapUps.ownershipBegan(command.agent, live.id);
      case "ownershipEnded":
        return wrapUps.ownershipEnded(command.agent, live.id, live.customer);
      case "notifyAgent":
        return this.deps.notice(command.agent, command.kind, live.id, command.who);
      case "closeInteraction":
        for (const cancel of live.timers.values()) cancel();
        signalling.closeInteraction(live.id);
        return this.deps.close(live);
    }
  }

  #release(interaction: InteractionId, { agent, how }: Extract<InteractionCommand, { type: "releaseAgent" }>): void {
    const released = this.deps.agents.release(agent, interaction, how);
    if (released && how === "not-answered") this.deps.notice(agent, "call-not-answered", interaction, null);
  }

  #originate(live: LiveInteraction, c: Extract<InteractionCommand, { type: "originateLeg" }>): void {
    const { leg, to, reserve, wanted } = c;
    if ("outside" in to) return this.#callOut(live, leg, to.outside.number);
    live.agents.add(to.agent);
    // A queue has reserved its agent before it offers; a consult with an agent reserves at the moment of the call (AG-3).
    if (reserve && !this.deps.agents.reserve(to.agent, "consult", live.id)) {
      const failure = { kind: "unreachable", why: "agent-state" } as const;
      return live.actor.post({ type: "legFailed", leg, failure });
    }
    this.around().signalling.originate({ leg, interaction: live.id, to, caller: live.customer, wanted });
  }

  /** TK-1: what was possible when it was asked for may not be any more. */
  #callOut(live: LiveInteraction, leg: LegId, number: string): void {
    const { state } = live.actor;
    const agent = state && agentInCharge(state);
    const customer = state?.phase === "dialling" ? null : live.customer;
    const route = agent ? this.deps.outbound.take(leg, { agent, number, customer }) : null;
    if (!route) {
      const failure = { kind: "unreachable", why: "transport" } as const;
      return live.actor.post({ type: "legFailed", leg, failure });
    }
    this.around().signalling.originate({
      leg,
      interaction: live.id,
      to: { route },
      caller: live.customer,
      wanted: false,
    });
  }

  /** DN-5: the media-server makes the pauses. */
  #sendDigits({ leg, digits }: Extract<InteractionCommand, { type: "sendDigits" }>): void {
    for (let i = 0; i < digits.length; i += DIGITS_AT_ONCE) {
      void this.deps.media.sendDtmf(leg, digits.slice(i, i + DIGITS_AT_ONCE));
    }
  }

  #startTimer(live: LiveInteraction, timer: TimerName): void {
    stopTimer(live, timer);
    const cancel = this.deps.clock.after(this.deps.timers[timer], () => {
      // While it waits for its turn it may be stopped, or started anew: then it is not this one that fires.
      const stillRuns = (): boolean => live.timers.get(timer) === cancel && live.timers.delete(timer);
      live.actor.post({ type: "timerFired", timer }, stillRuns);
    });
    live.timers.set(timer, cancel);
  }
}

function stopTimer(live: LiveInteraction, timer: TimerName): void {
  live.timers.get(timer)?.();
  live.timers.delete(timer);
}
