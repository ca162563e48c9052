import type { AgentId, InteractionId } from "@legwork/shared/ids";
import type { AgentRecord } from "@legwork/shared/store";
import {
  inACall,
  mayBeReserved,
  mayChoose,
  nextAgentState,
  type AgentEvent,
  type AgentState,
  type ReservedFor,
} from "../domain/agent-state.js";
import type { Release } from "../domain/interaction-state.js";
import type { FreeAgent } from "../domain/routing.js";
import type { Clock } from "../ports/clock.js";
import type { Log } from "../ports/log.js";

interface Entry {
  record: AgentRecord;
  /** Removed from the site, but not yet out of a call or signed out (DI-1). */
  removed: boolean;
  state: AgentState;
  since: number; // milliseconds since 1970
  /** Since when the agent was in the state that the present call interrupted. */
  formerSince: number;
  reachable: boolean; // the station is registered
  /** The interaction this agent is reserved for or engaged in: nobody else can give the agent back. */
  holder: InteractionId | null;
}

/** What the agents need to know of wrap-ups, and who wants to know of the agents. */
export interface AgentsDeps {
  readonly clock: Clock;
  readonly log: Log;
  hasOpenWrapUps(agent: AgentId): boolean;
  changed(agent: AgentId): void;
  /** Removed from the site, and out of every call. */
  left(agent: AgentId): void;
}

/** The states of all agents: live, in this process. */
export class Agents {
  readonly #agents: Map<AgentId, Entry>;

  constructor(
    records: readonly AgentRecord[],
    private readonly deps: AgentsDeps,
  ) {
    this.#agents = new Map(records.map((record) => [record.id, this.#offline(record)]));
  }

  /** An agent is new, or changed: it shows at once (DI-1). One who was disabled gets no further call. */
  put(record: AgentRecord): void {
    const entry = this.#agents.get(record.id);
    if (entry) Object.assign(entry, { record, removed: false });
    else this.#agents.set(record.id, this.#offline(record));
    this.deps.changed(record.id);
  }

  /** No further call and no sign-in; what the agent is in goes on, and signing out is the end (DI-1). */
  remove(agent: AgentId): void {
    const entry = this.#agents.get(agent);
    if (!entry) return;
    entry.removed = true;
    if (entry.state.kind === "offline") this.#left(agent);
    else this.deps.changed(agent);
  }

  get(agent: AgentId): Readonly<Entry> | undefined {
    return this.#agents.get(agent);
  }

  /** Those who may work here, by name. */
  all(): readonly Readonly<Entry>[] {
    return [...this.#agents.values()].filter(mayWork).sort((a, b) => (a.record.name < b.record.name ? -1 : 1));
  }

  /** Known here and neither removed nor disabled. */
  mayWork(agent: AgentId): boolean {
    const entry = this.#agents.get(agent);
    return entry !== undefined && mayWork(entry);
  }

  /** The agent a dialled name or extension means. */
  find(user: string): AgentRecord | undefined {
    const isMeant = (e: Entry): boolean => e.record.id === user || e.record.extension === user;
    return [...this.#agents.values()].find((e) => mayWork(e) && isMeant(e))?.record;
  }

  nameOf(agent: AgentId): string {
    return this.#agents.get(agent)?.record.name ?? agent;
  }

  signedIn(agent: AgentId): void {
    this.#apply(agent, { type: "signedIn", openWrapUps: this.deps.hasOpenWrapUps(agent) });
  }

  signedOut(agent: AgentId): void {
    this.#apply(agent, { type: "signedOut" });
    if (this.#agents.get(agent)?.removed) this.#left(agent);
  }

  /** By hand; false when the present state does not allow it. */
  choose(agent: AgentId, choice: { kind: "available" } | { kind: "idle"; reason: string }): boolean {
    const entry = this.#agents.get(agent);
    if (!entry || !mayChoose(entry.state)) return false;
    this.#apply(
      agent,
      choice.kind === "available" ? { type: "choseAvailable" } : { type: "choseIdle", reason: choice.reason },
    );
    return true;
  }

  inACall(agent: AgentId): boolean {
    const entry = this.#agents.get(agent);
    return entry !== undefined && inACall(entry.state);
  }

  /** They are taken for this call, whatever their part in it. */
  isTakenFor(agent: AgentId, holder: InteractionId): boolean {
    return this.#agents.get(agent)?.holder === holder;
  }

  /** AG-3. */
  mayBeCalled(agent: AgentId, by: ReservedFor): boolean {
    const entry = this.#agents.get(agent);
    return entry !== undefined && mayWork(entry) && entry.reachable && mayBeReserved(entry.state, by);
  }

  /** Takes the agent for one call; false when somebody else was quicker. */
  reserve(agent: AgentId, by: ReservedFor, holder: InteractionId): boolean {
    const entry = this.#agents.get(agent);
    if (!entry || !this.mayBeCalled(agent, by)) return false;
    entry.holder = holder;
    this.#apply(agent, { type: "reserved", by });
    return true;
  }

  engage(agent: AgentId, holder: InteractionId): void {
    if (this.#agents.get(agent)?.holder === holder) this.#apply(agent, { type: "engaged" });
  }

  /** False when the agent was not this interaction's to give back. */
  release(agent: AgentId, holder: InteractionId, how: Release): boolean {
    const entry = this.#agents.get(agent);
    if (entry?.holder !== holder) return false;
    entry.holder = null;
    this.#apply(agent, { type: "released", how, openWrapUps: this.deps.hasOpenWrapUps(agent) });
    return true;
  }

  wrapUpsDone(agent: AgentId): void {
    this.#apply(agent, { type: "wrapUpsDone" });
  }

  setReachable(agent: AgentId, reachable: boolean): void {
    const entry = this.#agents.get(agent);
    if (!entry || entry.reachable === reachable) return;
    entry.reachable = reachable;
    this.deps.log.info({ agent, reachable }, "station");
    this.deps.changed(agent);
  }

  /** Who of these may be offered a call now (QU-1). */
  free(agents: readonly AgentId[]): readonly FreeAgent[] {
    return agents.flatMap((agent) => {
      const entry = this.#agents.get(agent);
      return entry && this.mayBeCalled(agent, "queue") ? [{ agent, availableSince: entry.since }] : [];
    });
  }

  #left(agent: AgentId): void {
    this.#agents.delete(agent);
    this.deps.left(agent);
  }

  #offline(record: AgentRecord): Entry {
    const since = this.deps.clock.now();
    return {
      record,
      removed: false,
      state: { kind: "offline" },
      since,
      formerSince: since,
      reachable: false,
      holder: null,
    };
  }

  #apply(agent: AgentId, event: AgentEvent): void {
    const entry = this.#agents.get(agent);
    if (!entry) return;
    const next = nextAgentState(entry.state, event);
    if (next === entry.state) return;
    this.deps.log.info({ agent, from: entry.state.kind, to: next.kind, event: event.type }, "agent state");
    if (event.type === "reserved") entry.formerSince = entry.since;
    if (keepsPlace(entry.state, event)) entry.since = entry.formerSince;
    else if (next.kind !== entry.state.kind || next.kind === "idle") entry.since = this.deps.clock.now();
    entry.state = next;
    this.deps.changed(agent);
  }
}

/** QU-1: a call that is over before its answer costs nobody their place among the available, but for one that they let ring. */
const keepsPlace = (s: AgentState, e: AgentEvent): boolean =>
  s.kind === "reserved" && e.type === "released" && e.how !== "not-answered";

const mayWork = ({ record, removed }: Readonly<Entry>): boolean => !removed && !record.disabled;
