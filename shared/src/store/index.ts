/**
 * The durable side of the product. What a method has acknowledged survives the death of the process; nothing here is live state. The
 * same contract suite runs against every adapter. Methods reject only when the store itself fails.
 */
import type { AgentId, InteractionId, WrapUpId } from "../ids/index.js";
import type { InteractionEvent } from "../interaction/index.js";
import type { AuditEntry, AuditRecord } from "./audit.js";
import type { CallPart } from "./calls.js";
import type { SiteChange, SiteData } from "./site.js";

export type * from "./audit.js";
export type * from "./calls.js";
export type * from "./site.js";

export interface LoggedEvent {
  readonly seq: number; // from 1, without gaps, per interaction
  readonly event: InteractionEvent;
}

export interface WrapUpRecord {
  readonly id: WrapUpId;
  readonly interaction: InteractionId;
  readonly agent: AgentId;
  readonly customerName: string;
  readonly customerNumber: string;
  readonly openedAt: number; // milliseconds since 1970, as all times here
  /** When the default reason is submitted by the server; null: never. */
  readonly autoAt: number | null;
  /** What the agent has chosen and typed so far; null: nothing yet, or submitted. */
  readonly draft: { readonly reason: string; readonly note: string } | null;
  readonly submitted: {
    readonly at: number;
    readonly reason: string;
    readonly note: string;
    readonly by: "agent" | "server";
  } | null;
}

export interface Store {
  /**
   * Puts in what this database has never had: the whole site, or the parts that newer versions keep; and the site's administrators when
   * nobody in it may administer. Returns what is there then.
   */
  seed(site: SiteData): Promise<SiteData>;
  /** Writes a change of the site and what the audit log says of it: both or neither. */
  change(change: SiteChange, entry: AuditEntry): Promise<void>;
  /** Appends to the audit log. */
  audit(entry: AuditEntry): Promise<void>;
  /** Newest first, at most `limit`; only those older than the entry with the id `before`, if given. */
  auditLog(before: number | null, limit: number): Promise<readonly AuditRecord[]>;

  /** Appends to one interaction's event log. Rejects, and writes nothing, when `seq` is taken: a log never changes. */
  appendEvent(interaction: InteractionId, logged: LoggedEvent): Promise<void>;
  /** The first events of interactions, the newest interaction first; only of those before the one with the id `before`, if given. */
  firstEvents(
    before: InteractionId | null,
    limit: number,
  ): Promise<readonly { readonly interaction: InteractionId; readonly event: InteractionEvent }[]>;
  /** In order of `seq`; empty for an unknown interaction. */
  events(interaction: InteractionId): Promise<readonly LoggedEvent[]>;

  /** Inserts, or replaces the one with the same id. */
  saveWrapUp(wrapUp: WrapUpRecord): Promise<void>;
  openWrapUps(): Promise<readonly WrapUpRecord[]>;
  wrapUpsOf(interaction: InteractionId): Promise<readonly WrapUpRecord[]>;
  /** One agent's in these interactions, submitted or not, the oldest first. */
  wrapUpsBy(agent: AgentId, interactions: readonly InteractionId[]): Promise<readonly WrapUpRecord[]>;

  /** Inserts, or replaces the one with the same id. */
  saveCallPart(part: CallPart): Promise<void>;
  /** Those without an end: what ran when the process ended. */
  openCallParts(): Promise<readonly CallPart[]>;
  /** One agent's that have ended and began in this time (`to` excluded), the newest first. */
  callParts(agent: AgentId, range: { from: number; to: number; limit: number }): Promise<readonly CallPart[]>;

  /** One agent's that have ended, in these calls, the newest first. */
  callPartsIn(agent: AgentId, calls: readonly InteractionId[]): Promise<readonly CallPart[]>;

  /**
   * Deletes at most so many of what is older: event logs of interactions that began before, or parts in calls and submitted wrap-ups that
   * ended before. Returns how many it has deleted; 0: nothing is left.
   */
  forget(what: "logs" | "history", before: number, limit: number): Promise<number>;

  /** Resolves when the database answers. */
  ping(): Promise<void>;

  close(): Promise<void>;
}
