import type { AgentId, InteractionId } from "@legwork/shared/ids";

/** An agent who may be offered a call now: Available, station registered. */
export interface FreeAgent {
  readonly agent: AgentId;
  /** Since when: milliseconds since 1970. */
  readonly availableSince: number;
}

export interface Assignment {
  readonly interaction: InteractionId;
  readonly agent: AgentId;
}

/** QU-1: the first in the queue to the agent who has been available longest, and so on. */
export function assign(waiting: readonly InteractionId[], free: readonly FreeAgent[]): readonly Assignment[] {
  const byIdleTime = [...free].sort(
    (a, b) => a.availableSince - b.availableSince || (a.agent < b.agent ? -1 : 1), // the same for the same input
  );
  return waiting
    .slice(0, byIdleTime.length)
    .flatMap((interaction, i) => (byIdleTime[i] ? [{ interaction, agent: byIdleTime[i].agent }] : []));
}
