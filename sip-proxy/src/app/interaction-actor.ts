import type { InteractionId, RequestId } from "@legwork/shared/ids";
import type { InteractionEvent } from "@legwork/shared/interaction";
import type { LegPlan } from "@legwork/shared/media";
import type { Store } from "@legwork/shared/store";
import { decide } from "../domain/decide.js";
import type { InteractionCommand, InteractionPolicy, InteractionState } from "../domain/interaction-state.js";
import { legPlan, restrictPlan, samePlan } from "../domain/leg-plan.js";
import { isRequest } from "../domain/phases/steps.js";
import { seatPlan } from "../domain/seat-plan.js";
import type { Clock } from "../ports/clock.js";
import type { Log } from "../ports/log.js";
import type { Media } from "../ports/media.js";
import { InteractionLog } from "./interaction-log.js";

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** An event before the actor has given it its time. */
export type Posted = DistributiveOmit<InteractionEvent, "at">;

/** The world of one interaction. Nothing here throws or blocks; outcomes come back as events. */
export interface Effects {
  run(command: InteractionCommand): void;
  accept(request: RequestId): void;
  changed(): void;
}

export interface ActorDeps {
  readonly store: Pick<Store, "appendEvent">;
  readonly media: Media;
  readonly clock: Clock;
  readonly policy: InteractionPolicy;
  readonly country: string;
  readonly log: Log;
}

/** Longer than any plan takes; after it who waited for it to be heard is answered all the same. */
const HEARD_WAIT_MS = 2_000;

/**
 * The shell of one interaction: a mailbox around `decide`. One event at a time: logged first, then the state, then the plan, then the
 * commands. What is acknowledged is in the log before the answer.
 */
export class InteractionActor {
  readonly #mailbox: {
    readonly posted: Posted;
    readonly revision: number | null;
    readonly stands: (() => boolean) | undefined;
  }[] = [];
  readonly #log: InteractionLog;
  #draining = false;
  #state: InteractionState | null = null;
  #revision = 0;
  #inForce = 0;
  #plan: LegPlan = new Map();
  readonly #awaitingHeard = new Map<RequestId, { revision: number; cancel: () => void }>();

  constructor(
    readonly id: InteractionId,
    private readonly deps: ActorDeps,
    private readonly effects: Effects,
  ) {
    this.#log = new InteractionLog(id, deps);
  }

  get state(): InteractionState | null {
    return this.#state;
  }

  /** `stands`: false when its turn comes: a request is refused, a report is no news any more. */
  readonly post = (event: Posted, stands?: () => boolean): void => this.#deliver(event, null, stands);

  /** News of a plan carries its revision: when its turn comes the plan may be an older one, and that is no news. */
  #deliver(posted: Posted, revision: number | null, stands?: () => boolean): void {
    this.#mailbox.push({ posted, revision, stands });
    if (!this.#draining) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    for (let next = this.#mailbox.shift(); next; next = this.#mailbox.shift()) {
      const { posted, revision, stands } = next;
      if (stands?.() === false) {
        if ("by" in posted)
          this.effects.run({ type: "refuseRequest", request: posted.request, why: "not-in-this-phase" });
      } else if (revision === null || revision === this.#revision) await this.#step(posted);
      // The state is as it was before: whoever waited for that plan is refused.
      if (posted.type === "mediaFailed" && revision !== null) this.#refuseAwaiting(revision);
    }
    this.#draining = false;
  }

  async #step(posted: Posted): Promise<void> {
    const event = { ...posted, at: this.deps.clock.now() } as InteractionEvent;
    const before = this.#state;
    const { state, commands } = decide(before, event, this.deps.policy);
    if (state === before && commands.length === 0) return; // a late report: nothing to remember
    if (!(await this.#logged(event))) return;
    this.deps.log.debug(
      { event: event.type, from: before?.phase ?? null, to: state.phase, state, commands: commands.map((c) => c.type) },
      "interaction step",
    );
    this.#state = state; // before any effect: one that posts at once must see the new state
    const sent = this.#sendPlanIfChanged();
    for (const command of commands) this.#run(command);
    this.effects.changed();
    // A plan that is already in force is not sent again, but who waits for it must hear of it.
    if (!sent && this.#inForce === this.#revision && state !== before)
      this.#deliver({ type: "mediaInForce" }, this.#revision);
  }

  /** A request that cannot be logged is refused and changes nothing; a report happened, log or no log. */
  async #logged(event: InteractionEvent): Promise<boolean> {
    if ((await this.#log.add(event)) || !isRequest(event)) return true;
    this.effects.run({ type: "refuseRequest", request: event.request, why: "unavailable" });
    return false;
  }

  #run(command: InteractionCommand): void {
    if (command.type !== "acceptRequest") return this.effects.run(command);
    if (command.when === "now" || this.#inForce === this.#revision) return this.effects.accept(command.request);
    const { request } = command;
    const cancel = this.deps.clock.after(HEARD_WAIT_MS, () => {
      this.deps.log.warn({ request }, "a plan was not heard in time");
      this.#heard(request);
    });
    this.#awaitingHeard.set(request, { revision: this.#revision, cancel });
  }

  #heard(request: RequestId): void {
    this.#awaitingHeard.get(request)?.cancel();
    this.#awaitingHeard.delete(request);
    this.effects.accept(request);
  }

  /** Legs without media yet are left out: they get silence anyway, and the plan is sent again once they matter. */
  #sendPlanIfChanged(): boolean {
    if (!this.#state || this.#state.phase === "ended") return false;
    const { media, country } = this.deps;
    const whole = legPlan(this.#state, seatPlan(this.#state, country));
    const plan = restrictPlan(whole, (leg) => media.isOpen(leg));
    if (samePlan(plan, this.#plan)) return false;
    this.#plan = plan;
    this.sendPlan();
    return true;
  }

  /** After each change, and whenever the media-server has come back. */
  sendPlan(): void {
    const revision = ++this.#revision;
    void this.deps.media.applyPlan(this.id, revision, this.#plan).then((outcome) => {
      if (outcome.ok || revision !== this.#revision) return; // news of an older plan is no news
      this.deps.log.warn({ revision, code: outcome.code, message: outcome.message }, "a plan was refused");
      this.#deliver({ type: "mediaFailed" }, revision);
    });
  }

  planInForce(revision: number): void {
    this.#inForce = Math.max(this.#inForce, revision);
    for (const [request, waiting] of this.#awaitingHeard) if (waiting.revision <= revision) this.#heard(request);
    this.#deliver({ type: "mediaInForce" }, revision);
  }

  /** What waited for this plan to be heard will not be heard. */
  #refuseAwaiting(revision: number): void {
    for (const [request, waiting] of this.#awaitingHeard) {
      if (waiting.revision !== revision) continue;
      waiting.cancel();
      this.#awaitingHeard.delete(request);
      this.effects.run({ type: "refuseRequest", request, why: "media-failed" });
    }
  }

  /** What still runs for this interaction, for the debug dump. */
  dump(): object {
    return {
      id: this.id,
      phase: this.#state?.phase ?? null,
      revision: this.#revision,
      awaiting: this.#awaitingHeard.size,
    };
  }

  close(): void {
    for (const request of [...this.#awaitingHeard.keys()]) this.#heard(request);
  }
}
