import type { History, HistoryQuery } from "@legwork/shared/api";
import type { AgentId, InteractionId } from "@legwork/shared/ids";
import type { CallPart, LoggedEvent, SiteData, Store, WrapUpRecord } from "@legwork/shared/store";
import { newCallLog, noted, type CallLog, type CallNames } from "../domain/call-parts.js";
import { decide } from "../domain/decide.js";
import { historyEntries } from "../domain/history-view.js";
import type { InternalCall, InternalEvent, InternalStep } from "../domain/internal-call.js";
import { notedInternal, type InternalEnds } from "../domain/internal-parts.js";
import type { InteractionPolicy } from "../domain/interaction-state.js";
import { startOfDay } from "../domain/site-day.js";
import type { Clock } from "../ports/clock.js";
import type { Log } from "../ports/log.js";

/** After a part that could not be stored. */
const RETRY_MS = 5_000;

/** More parts than an agent can have in one millisecond. */
const MAX_AT_ONCE = 100;

export interface CallHistoryDeps {
  readonly store: Pick<
    Store,
    | "appendEvent"
    | "saveWrapUp"
    | "openWrapUps"
    | "events"
    | "wrapUpsBy"
    | "saveCallPart"
    | "openCallParts"
    | "callParts"
    | "callPartsIn"
  >;
  readonly policy: InteractionPolicy;
  readonly names: CallNames;
  readonly site: Pick<SiteData, "wrapUpReasons">;
  /** IANA name. */
  readonly timeZone: string;
  readonly clock: Clock;
  readonly log: Log;
  /** The agent's history is another. */
  changed(agent: AgentId): void;
}

/**
 * Each agent's own calls. It reads along what is appended to the event log and saved as wrap-ups (it is the store that the interactions and
 * the wrap-ups write to), and keeps what it read in a table of its own. Nothing here holds up a call.
 */
export class CallHistory implements Pick<Store, "appendEvent" | "saveWrapUp" | "openWrapUps"> {
  readonly #logs = new Map<InteractionId, CallLog>();
  readonly #internal = new Map<InteractionId, readonly CallPart[]>();
  readonly #revisions = new Map<AgentId, number>();
  /** Not stored yet, by id; only the newest of each is. */
  readonly #unsaved = new Map<string, CallPart>();
  #saving = false;

  constructor(private readonly deps: CallHistoryDeps) {}

  /** What ran when the process ended came to its end with the last that is known of it. */
  async restore(): Promise<void> {
    const { log, store } = this.deps;
    const open = await store.openCallParts();
    for (const part of open) {
      const last = (await store.events(part.call)).at(-1)?.event.at;
      const at = Math.max(part.began, part.answered ?? 0, last ?? 0);
      const consults = part.consults.map((c) => (c.ended === null ? { ...c, ended: at } : c));
      await store.saveCallPart({ ...part, consults, end: { at, outcome: "interrupted", transferredTo: null } });
    }
    if (open.length > 0) log.info({ parts: open.length }, "calls that ran when the process ended");
  }

  async appendEvent(interaction: InteractionId, logged: LoggedEvent): Promise<void> {
    await this.deps.store.appendEvent(interaction, logged); // what happened and cannot be written comes again
    this.#read(interaction, logged);
  }

  async saveWrapUp(wrapUp: WrapUpRecord): Promise<void> {
    await this.deps.store.saveWrapUp(wrapUp);
    if (wrapUp.submitted) this.#isAnother(wrapUp.agent);
  }

  openWrapUps(): Promise<readonly WrapUpRecord[]> {
    return this.deps.store.openWrapUps();
  }

  /** IN-1: no interaction, and no event log. */
  internal(ends: InternalEnds, before: InternalCall | null, event: InternalEvent, step: InternalStep): void {
    const open = this.#internal.get(ends.call) ?? [];
    const changed = notedInternal(open, ends, before, event, step, this.deps.clock.now());
    const kept = [...open.filter((part) => !changed.some(({ id }) => id === part.id)), ...changed];
    if (step.state.phase === "ended") this.#internal.delete(ends.call);
    else this.#internal.set(ends.call, kept);
    this.#save(changed);
  }

  /** Another number: what `of` answers is another. */
  revisionOf(agent: AgentId): number {
    return this.#revisions.get(agent) ?? 0;
  }

  async of(agent: AgentId, { from, limit, to }: HistoryQuery): Promise<History> {
    const { clock, site, store, timeZone } = this.deps;
    const end = to === undefined ? clock.now() + 1 : Date.parse(to);
    const start = from === undefined ? startOfDay(clock.now(), timeZone) : Date.parse(from);
    const found = await store.callParts(agent, { from: start, to: end, limit: limit + 1 });
    const more = found.length > limit;
    const parts = more ? await this.#wholeMillisecond(agent, found.slice(0, limit)) : found;
    const calls = [...new Set(parts.map(({ call }) => call))];
    const [known, wrapUps] = [await store.callPartsIn(agent, calls), await store.wrapUpsBy(agent, calls)];
    return {
      entries: historyEntries(parts, known, wrapUps, site.wrapUpReasons),
      from: new Date(start).toISOString(),
      to: new Date(end).toISOString(),
      more,
      timeZone,
    };
  }

  /** The next page begins before the last entry of this one: what began in the same millisecond is on this one. */
  async #wholeMillisecond(agent: AgentId, page: readonly CallPart[]): Promise<readonly CallPart[]> {
    const last = page.at(-1)?.began ?? 0;
    const same = await this.deps.store.callParts(agent, { from: last, to: last + 1, limit: MAX_AT_ONCE });
    return [...page.filter(({ began }) => began > last), ...same];
  }

  /** What has been appended has been appended: a history that cannot be told is no reason to refuse anything. */
  #read(interaction: InteractionId, logged: LoggedEvent): void {
    try {
      this.#follow(interaction, logged);
    } catch (error) {
      this.#logs.delete(interaction);
      this.deps.log.error({ interaction, event: logged.event.type, error }, "a call is missing from the history");
    }
  }

  #follow(interaction: InteractionId, { event }: LoggedEvent): void {
    const begins = event.type === "callArrived" || event.type === "callPlaced";
    const known = begins ? newCallLog(interaction) : this.#logs.get(interaction);
    if (!known) return; // its beginning could not be followed
    const { changed, log } = noted(known, event, decide(known.state, event, this.deps.policy), this.deps.names);
    if (log.state?.phase === "ended") this.#logs.delete(interaction);
    else this.#logs.set(interaction, log);
    this.#save(changed);
  }

  /** Nobody's history shows a call before its end, and an unanswered one needs no word in the table before it either. */
  #save(parts: readonly CallPart[]): void {
    for (const part of parts) if (part.answered !== null || part.end) this.#unsaved.set(part.id, part);
    if (!this.#saving) void this.#saveAll();
  }

  async #saveAll(): Promise<void> {
    this.#saving = true;
    for (let part = this.#nextUnsaved(); part; part = this.#nextUnsaved()) {
      try {
        await this.deps.store.saveCallPart(part);
      } catch (error) {
        const { agent, call } = part;
        this.deps.log.error({ agent, call, error }, "the call history cannot be stored; trying again");
        this.deps.clock.after(RETRY_MS, () => void this.#saveAll());
        return;
      }
      if (this.#unsaved.get(part.id) === part) this.#unsaved.delete(part.id);
      if (part.end) this.#isAnother(part.agent);
    }
    this.#saving = false;
  }

  #nextUnsaved(): CallPart | undefined {
    return this.#unsaved.values().next().value;
  }

  #isAnother(agent: AgentId): void {
    this.#revisions.set(agent, this.revisionOf(agent) + 1);
    this.deps.changed(agent);
  }
}
