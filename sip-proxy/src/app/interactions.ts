import type { ErrorCode, InteractionView } from "@legwork/shared/api";
import type { AgentId, EntryPointId, InteractionId, LegId, QueueId, SeatId } from "@legwork/shared/ids";
import type { DigitsAfterAnswer, Outside, Report } from "@legwork/shared/interaction";
import type { EntryPointRecord, Store } from "@legwork/shared/store";
import type { InteractionPolicy, InteractionState } from "../domain/interaction-state.js";
import { activeLeg, listenersOf } from "../domain/leg-plan.js";
import { loggedNumber } from "../domain/logged-number.js";
import { seatPlan } from "../domain/seat-plan.js";
import { seatsOf } from "../domain/seats.js";
import type { Media, MediaNews } from "../ports/media.js";
import type { Metrics } from "../ports/metrics.js";
import { CommandRunner, type CommandRunnerDeps, type Surroundings } from "./command-runner.js";
import { InteractionActor } from "./interaction-actor.js";
import { InteractionRegistry, type Part } from "./interaction-registry.js";
import { newLive, type Arrival, type LiveInteraction } from "./live-interaction.js";
import { liveView } from "./live-view.js";
import { LostSeats } from "./lost-seats.js";
import { Requests, type Asker } from "./requests.js";
import { onlyAtPhone, shownAtPhone, tellTelephones } from "./telephones.js";
import { completed, legsOf, unreachable, type Wanted, type WantedDeps } from "./wanted.js";

export interface InteractionsDeps extends Omit<CommandRunnerDeps, "requests" | "close">, WantedDeps {
  readonly store: Pick<Store, "appendEvent">;
  readonly media: Media;
  readonly metrics: Pick<Metrics, "interaction">;
  readonly policy: InteractionPolicy;
  readonly country: string;
  /** SE-1: how long a lost seat is kept, in milliseconds. */
  readonly seatKeptMs: number;
  /** The agents' desktops may show something else now. */
  changed(agents: readonly AgentId[]): void;
}

/** Asks on behalf of nobody who waits. */
const NOBODY: Asker = { accepted: () => undefined, refused: () => undefined };

/** A leg as its adapter reports on it. */
export type LegReport = Extract<Report, { leg: LegId }>;

/** All interactions of this process: what arrives for them, and what is asked about them. */
export class Interactions {
  readonly #registry = new InteractionRegistry();
  readonly #requests = new Requests();
  readonly #runner: CommandRunner;
  readonly #lost: LostSeats;
  #around: Surroundings | null = null;

  constructor(private readonly deps: InteractionsDeps) {
    this.#lost = new LostSeats({
      clock: deps.clock,
      keptMs: deps.seatKeptMs,
      seats: this.#registry,
      signalling: () => this.#surroundings().signalling,
      lost: (leg) => this.report({ type: "legLost", leg }),
      givenUp: (leg) => this.#giveUp(leg),
      callBack: (seat, leg) => this.#callBack(seat, leg),
    });
    const close = (live: LiveInteraction): void => this.#close(live);
    this.#runner = new CommandRunner({ ...deps, requests: this.#requests, close }, () => this.#surroundings());
  }

  /** The parts that also need the interactions; once, before the first call. */
  attach(around: Surroundings): void {
    this.#around = around;
  }

  get size(): number {
    return this.#registry.size;
  }

  /** A customer's call with its media leg open: from here on it is an interaction. */
  arrive({ interaction, leg, name, number, entryPoint, caller }: Arrival): void {
    const { actor, log } = this.#begin(interaction, { name, number }, entryPoint, caller);
    this.#registry.own(interaction, leg);
    log.info({ number: loggedNumber(number), entryPoint: entryPoint.id }, "interaction began");
    actor.post({
      type: "callArrived",
      seat: this.deps.ids.seat(),
      leg,
      number,
      name,
      entryPoint: entryPoint.id as EntryPointId,
      queue: entryPoint.queue as QueueId,
      policy: this.deps.policy,
    });
  }

  /**
   * OB-1: an agent without a call calls a number. `invited`: their own INVITE, its media leg open; otherwise their telephone is called first.
   * Null, or why not.
   */
  place(call: {
    interaction: InteractionId;
    agent: AgentId;
    station: LegId;
    invited: boolean;
    outside: Outside;
    digits: DigitsAfterAnswer;
  }): ErrorCode | null {
    const { agent, digits, interaction, invited, outside, station } = call;
    const { agents, ids, outbound, policy } = this.deps;
    const refused = outbound.check({ agent, number: outside.number, customer: null });
    if (refused) return refused;
    if (!agents.reserve(agent, "outbound", interaction)) return agents.inACall(agent) ? "in-a-call" : "no-station";
    const customer = { name: outside.name ?? "", number: outside.number };
    const { actor, agents: theirs, log } = this.#begin(interaction, customer, null, null);
    const leg = ids.leg();
    this.#registry.own(interaction, station);
    this.#registry.own(interaction, leg);
    theirs.add(agent);
    log.info({ agent, number: loggedNumber(outside.number) }, "interaction began with a call out");
    const seats = { seat: ids.seat(), customerSeat: ids.seat() };
    actor.post({ type: "callPlaced", ...seats, agent, station, invited, leg, outside, digits, policy });
    return null;
  }

  /** QU-1: the queue has reserved this agent for this contact. */
  offer(interaction: InteractionId, agent: AgentId): void {
    const live = this.#registry.get(interaction);
    if (!live) return void this.deps.agents.release(agent, interaction, "caller-gone");
    const leg = this.deps.ids.leg();
    this.#registry.own(interaction, leg);
    live.agents.add(agent);
    live.actor.post({ type: "offerStarted", seat: this.deps.ids.seat(), agent, leg });
  }

  report(report: LegReport): void {
    this.#registry.ofLeg(report.leg)?.actor.post(report);
  }

  /** SE-1: an agent's telephone has lost the call, and keeps the seat; whoever else has is gone. */
  dialogGone(leg: LegId): void {
    if (this.#lost.gone(leg)) return;
    this.#surroundings().signalling.end(leg, "normal");
    this.report({ type: "legEnded", leg });
  }

  mediaNews(news: MediaNews): void {
    switch (news.event) {
      case "planInForce":
        this.#registry.get(news.interaction)?.actor.planInForce(news.revision);
        break;
      case "legUp":
        this.#lost.found(news.leg);
        this.report({ type: "legUp", leg: news.leg });
        break;
      case "reconnected":
        for (const { actor } of this.#registry.all()) actor.sendPlan();
        break;
      case "legLost":
        if (news.cause === "rtp-timeout") void this.#lost.silent(news.leg);
        else this.#lost.legLost(news.leg);
        break;
      case "dtmf":
        break; // the media-server passes keys on by itself (MX-4)
    }
  }

  /**
   * Someone with a seat, or who thinks so, asks for something. Answered exactly once. A consult's `line` is the asker's own INVITE, its media
   * leg open.
   */
  ask(interaction: InteractionId, by: SeatId | null, wanted: Wanted, asker: Asker): void {
    const live = this.#registry.get(interaction);
    const state = live?.actor.state;
    const refuse = (why: ErrorCode): void => {
      this.deps.log.info({ interaction, by, asked: wanted.type, why }, "request refused"); // CO-11
      asker.refused(why);
    };
    if (!live || !state) return refuse("not-found");
    // Known beforehand, so that nobody is put on hold for nothing (AG-3). Whether the asker may ask at all is decided first.
    const owner = "owner" in state && state.owner.seat === by ? state.owner.agent : null;
    const { signalling } = this.#surroundings();
    const refused =
      owner && (unreachable(wanted, owner, live.customer, this.deps) ?? onlyAtPhone(wanted, state, signalling));
    if (refused) return refuse(refused);
    const asked = completed(wanted, state, this.deps);
    for (const leg of legsOf(asked)) this.#registry.own(interaction, leg);
    const request = this.deps.ids.request();
    this.#requests.add(request, asker);
    live.actor.post({ ...asked, request, by }, asker.stillAsks);
  }

  /** MX-4: keys pressed on a leg go to whoever hears that leg, as telephone-events. */
  digits(leg: LegId, digits: string): void {
    const state = this.#registry.ofLeg(leg)?.actor.state;
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
    return this.#registry.state(interaction);
  }

  of(agent: AgentId): Part | null {
    return this.#registry.of(agent);
  }

  seatOfLeg(leg: LegId): SeatId | null {
    return this.#registry.seatOfLeg(leg);
  }

  viewFor(agent: AgentId): InteractionView | null {
    for (const live of this.#registry.all()) {
      const view = liveView(live, agent, this.deps, this.#surroundings());
      if (view) return shownAtPhone(view, live.actor.state, this.#surroundings().signalling);
    }
    return null;
  }

  dump(): object {
    const interactions = [...this.#registry.all()];
    return {
      interactions: interactions.map(({ actor, timers }) => ({ ...actor.dump(), timers: [...timers.keys()] })),
      legs: this.#registry.legs,
      requests: this.#requests.size,
    };
  }

  #begin(
    id: InteractionId,
    customer: LiveInteraction["customer"],
    entryPoint: EntryPointRecord | null,
    caller: AgentId | null,
  ): LiveInteraction {
    const log = this.deps.log.child({ interaction: id });
    const actor = new InteractionActor(
      id,
      { ...this.deps, log },
      {
        run: (command) => {
          const live = this.#registry.get(id);
          // Whoever asked is answered, also when the interaction ended before their turn came.
          if (live) this.#runner.run(live, command);
          else this.#runner.settle(id, command);
        },
        accept: (request) => this.#requests.accept(request),
        changed: () => this.#changed(id),
      },
    );
    const live = newLive({ id, actor, log, startedAt: this.deps.clock.now(), customer, entryPoint, caller });
    this.#registry.add(live);
    this.deps.metrics.interaction("began");
    return live;
  }

  #changed(id: InteractionId): void {
    const live = this.#registry.get(id);
    if (!live) return;
    const { state } = live.actor;
    if (state) {
      for (const seat of seatsOf(state)) if ("agent" in seat) live.agents.add(seat.agent);
      live.hearing.note(seatPlan(state, this.deps.country), this.deps.clock.now());
    }
    this.deps.changed([...live.agents]);
    const held = state && tellTelephones(live, state, this.deps.agents, this.#surroundings());
    if (held) this.ask(id, held.seat, { type: "legHeld", leg: held.leg }, NOBODY);
  }

  /** SE-1: the agent's browser registered from another page. */
  pageReplaced(agent: AgentId): void {
    this.#lost.pageReplaced(agent);
  }

  #callBack(seat: SeatId, lost: LegId): void {
    const live = this.#registry.ofLeg(lost);
    if (!live) return;
    const leg = this.deps.ids.leg();
    this.#registry.own(live.id, leg);
    live.log.info({ seat, leg }, "a lost station is called back");
    live.actor.post({ type: "stationReturned", seat, leg });
  }

  #giveUp(leg: LegId): void {
    this.deps.log.warn({ leg }, "a lost leg did not come back");
    this.#surroundings().signalling.end(leg, "normal");
    this.report({ type: "legGivenUp", leg });
  }

  #close(live: LiveInteraction): void {
    for (const leg of live.legs) this.#lost.found(leg);
    this.#registry.remove(live);
    this.deps.metrics.interaction("ended");
    live.actor.close();
    if (live.caller) this.deps.agents.release(live.caller, live.id, "caller-gone");
    this.deps.media.closeInteraction(live.id);
    live.log.info({ durationMs: this.deps.clock.now() - live.startedAt, legs: live.legs.size }, "interaction ended");
    this.deps.changed([...live.agents]);
  }

  #surroundings(): Surroundings {
    if (!this.#around) throw new Error("the interactions were not attached");
    return this.#around;
  }
}
