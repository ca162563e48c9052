/**
 * The durable side of the product. What a method has acknowledged survives the death of the process; nothing here is live state. The
 * same contract suite runs against every adapter. Methods reject only when the store itself fails.
 */
import type { AgentId, EntryPointId, InteractionId, QueueId, WrapUpId } from "../ids/index.js";
import type { InteractionEvent } from "../interaction/index.js";

export interface AgentRecord {
  readonly id: AgentId;
  readonly name: string;
  readonly role: "agent" | "supervisor" | "admin";
  /** The registered telephone that is this agent's when they sign in with "my desk phone". */
  readonly extension: string | null;
  /** scrypt, see `PasswordHash`; never leaves the server. */
  readonly passwordHash: string;
}

export interface QueueRecord {
  readonly id: QueueId;
  readonly name: string;
  readonly agents: readonly AgentId[];
}

export interface EntryPointRecord {
  readonly id: EntryPointId;
  readonly name: string;
  readonly number: string;
  readonly queue: QueueId;
}

export interface ReasonRecord {
  readonly id: string;
  readonly label: string;
  readonly labelNb: string;
}

/** What a site is made of, as its administrator keeps it. */
export interface SiteData {
  readonly agents: readonly AgentRecord[];
  readonly queues: readonly QueueRecord[];
  readonly entryPoints: readonly EntryPointRecord[];
  readonly wrapUpReasons: readonly ReasonRecord[];
  readonly idleReasons: readonly ReasonRecord[];
}

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
  readonly submitted: {
    readonly at: number;
    readonly reason: string;
    readonly note: string;
    readonly by: "agent" | "server";
  } | null;
}

export interface Store {
  /** Puts the site's data in when there is none yet; returns what is there. */
  seed(site: SiteData): Promise<SiteData>;

  /** Appends to one interaction's event log. Rejects, and writes nothing, when `seq` is taken: a log never changes. */
  appendEvent(interaction: InteractionId, logged: LoggedEvent): Promise<void>;
  /** In order of `seq`; empty for an unknown interaction. */
  events(interaction: InteractionId): Promise<readonly LoggedEvent[]>;

  /** Inserts, or replaces the one with the same id. */
  saveWrapUp(wrapUp: WrapUpRecord): Promise<void>;
  openWrapUps(): Promise<readonly WrapUpRecord[]>;
  wrapUpsOf(interaction: InteractionId): Promise<readonly WrapUpRecord[]>;

  close(): Promise<void>;
}
