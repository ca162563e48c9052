import type { AgentId, InteractionId } from "@legwork/shared/ids";

/** A contact that waits in a queue, with the agents who serve that queue. */
export interface WaitingContact {
  readonly interaction: InteractionId;
  readonly agents: readonly AgentId[];
}

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

/**
 * QU-1: the contact that has waited longest, whatever its queue, goes to the agent of its queue who has been available longest; then the
 * next. `waiting` is in the order of waiting, the longest first.
 */
export function assign(waiting: readonly WaitingContact[], free: readonly FreeAgent[]): readonly Assignment[] {
  const byIdleTime = [...free].sort(
    (a, b) => a.availableSince - b.availableSince || (a.agent < b.agent ? -1 : 1), // the same for the same input
  );
  const taken = new Set<AgentId>();
  return waiting.flatMap(({ interaction, agents }) => {
    const chosen = byIdleTime.find(({ agent }) => !taken.has(agent) && agents.includes(agent));
    if (!chosen) return [];
    taken.add(chosen.agent);
    return [{ interaction, agent: chosen.agent }];
  });
}
