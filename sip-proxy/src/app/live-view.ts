import type { InteractionView } from "@legwork/shared/api";
import type { AgentId } from "@legwork/shared/ids";
import { interactionView } from "../domain/interaction-view.js";
import type { CommandRunnerDeps, Surroundings } from "./command-runner.js";
import type { LiveInteraction } from "./live-interaction.js";

/** One interaction as one agent's desktop shows it; null when the agent has no part in it. */
export function liveView(
  live: LiveInteraction,
  agent: AgentId,
  { agents, country, timers }: Pick<CommandRunnerDeps, "agents" | "timers"> & { readonly country: string },
  { queues, signalling }: Surroundings,
): InteractionView | null {
  const { state } = live.actor;
  if (!state) return null;
  return interactionView(state, agent, {
    id: live.id,
    startedAt: live.startedAt,
    customer: live.customer,
    queue: live.entryPoint && queues.nameOf(live.entryPoint.queue),
    entryPoint: live.entryPoint?.name ?? null,
    focusUri: signalling.focusUri(live.id),
    country,
    transferAnswerMs: timers["transfer-answer"],
    nameOf: (a) => agents.nameOf(a),
    queueName: (q) => queues.nameOf(q),
    callIdOf: (leg) => signalling.callIdOf(leg),
    hearingSince: (seat) => live.hearing.since(seat) ?? null,
    iso: (ms) => new Date(ms).toISOString(),
  });
}
