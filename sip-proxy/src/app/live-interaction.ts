import type { AgentId, InteractionId, LegId } from "@legwork/shared/ids";
import type { TimerName } from "@legwork/shared/interaction";
import type { EntryPointRecord } from "@legwork/shared/store";
import type { Log } from "../ports/log.js";
import { HearingLog } from "./hearing-log.js";
import type { InteractionActor } from "./interaction-actor.js";

/** A customer's call with its media leg open. */
export interface Arrival {
  readonly interaction: InteractionId;
  readonly leg: LegId;
  readonly name: string;
  readonly number: string;
  readonly entryPoint: EntryPointRecord;
  /** An agent of ours who calls a queue, taken for it; null: nobody of ours. */
  readonly caller: AgentId | null;
}

/** An interaction while it lives: its actor, and what is kept beside the state. */
export interface LiveInteraction {
  readonly id: InteractionId;
  readonly actor: InteractionActor;
  readonly log: Log;
  readonly startedAt: number; // milliseconds since 1970
  readonly customer: { readonly name: string; readonly number: string };
  /** Null for a call of ours (OB-1). */
  readonly entryPoint: EntryPointRecord | null;
  /** The agent who is its customer, given back when it ends. */
  readonly caller: AgentId | null;
  /** How to stop each timer that runs. */
  readonly timers: Map<TimerName, () => void>;
  /** Every agent who had a part in it: they hear of each change. */
  readonly agents: Set<AgentId>;
  readonly legs: Set<LegId>;
  readonly hearing: HearingLog;
}

/** A new one, with nothing kept beside it yet. */
export const newLive = (
  made: Pick<LiveInteraction, "id" | "actor" | "log" | "startedAt" | "customer" | "entryPoint" | "caller">,
): LiveInteraction => ({
  ...made,
  timers: new Map(),
  agents: new Set(),
  legs: new Set(),
  hearing: new HearingLog(),
});
