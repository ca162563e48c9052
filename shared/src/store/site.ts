import type { AgentId, EntryPointId, QueueId } from "../ids/index.js";

/** What a digest is checked against instead of the password (RFC 7616 section 3.4.2): H(user:realm:password) in lower-case hex. */
export interface Ha1 {
  readonly realm: string;
  readonly md5: string;
  readonly sha256: string;
  /** What the telephone is challenged with (RFC 8760); MD5 unless said otherwise, as many know nothing else. */
  readonly algorithm?: "MD5" | "SHA-256";
}

export interface AgentRecord {
  readonly id: AgentId;
  readonly name: string;
  readonly role: "agent" | "supervisor" | "admin";
  /** The registered telephone that is this agent's when they sign in with "my desk phone". */
  readonly extension: string | null;
  /** May not sign in, and cannot be called. */
  readonly disabled: boolean;
  /** scrypt, see `PasswordHash`; never leaves the server. */
  readonly passwordHash: string;
  /** Of the extension's telephone; null: it cannot register. Never leaves the server. */
  readonly phoneHa1: Ha1 | null;
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

/** DF-4: somebody of the organisation's directory. */
export interface ExpertRecord {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly department: string;
  /** Work number, as it was written; null: not shown to agents. */
  readonly number: string | null;
}

/** DF-2: a number the site keeps at hand. */
export interface DialNumberRecord {
  readonly id: string;
  readonly name: string;
  readonly number: string;
}

/** The kinds of things a site is made of, with what is kept of each. */
export interface SiteRecords {
  readonly agents: AgentRecord;
  readonly queues: QueueRecord;
  readonly entryPoints: EntryPointRecord;
  readonly wrapUpReasons: ReasonRecord;
  readonly idleReasons: ReasonRecord;
  readonly experts: ExpertRecord;
  readonly dialNumbers: DialNumberRecord;
}
export type SiteKind = keyof SiteRecords;

/** What a site is made of, as its administrators keep it (DI-1). Agents and experts in order of their names. */
export type SiteData = { readonly [K in SiteKind]: readonly SiteRecords[K][] };

/** One change of one thing: put in or replaced as a whole, or removed. An agent who is removed leaves every queue. */
export type SiteChange =
  | { readonly [K in SiteKind]: { readonly op: "put"; readonly kind: K; readonly record: SiteRecords[K] } }[SiteKind]
  | { readonly op: "remove"; readonly kind: SiteKind; readonly id: string };
