import type { AgentId, InteractionId } from "../ids/index.js";

/** Somebody a call was with, under the name they had then. */
export interface CallParty {
  /** A name or a number; empty for a caller who showed neither. */
  readonly label: string;
  readonly agent: AgentId | null;
  /** What to dial to call them back; null for an agent, and where nobody knows. */
  readonly number: string | null;
}

export interface CallConsult {
  readonly with: CallParty;
  readonly kind: "agent" | "queue" | "entry-point" | "outside";
  readonly began: number;
  readonly answered: number | null;
  readonly ended: number | null;
  readonly conference: boolean;
}

/** How an agent's part in a call came to its end; the words of the API's `historyOutcome`. */
export type CallOutcome =
  "answered" | "transferred" | "interrupted" | "not-answered" | "declined" | "busy" | "unreachable" | "abandoned";

/** One agent's part in one call: what the call history is made of. Times are milliseconds since 1970. */
export interface CallPart {
  /** The agent's seat in an interaction, or their leg of an internal call. */
  readonly id: string;
  readonly call: InteractionId;
  readonly agent: AgentId;
  /** Who called: `in`, the agent was called. */
  readonly direction: "in" | "out";
  readonly role: "owner" | "consulted" | "internal";
  readonly other: CallParty;
  /** The customer a consult was about. */
  readonly about: CallParty | null;
  /** Whom an owner has it from. */
  readonly from: CallParty | null;
  /** Their names then. */
  readonly queue: string | null;
  readonly entryPoint: string | null;
  readonly began: number;
  readonly answered: number | null;
  readonly consults: readonly CallConsult[];
  readonly end: {
    readonly at: number;
    readonly outcome: CallOutcome;
    readonly transferredTo: CallParty | null;
  } | null;
}
