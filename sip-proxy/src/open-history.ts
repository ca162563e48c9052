import type { AgentId } from "@legwork/shared/ids";
import type { Store } from "@legwork/shared/store";
import type { Agents } from "./app/agents.js";
import { CallHistory } from "./app/call-history.js";
import type { LiveSite } from "./app/live-site.js";
import type { Queues } from "./app/queues.js";
import { interactionPolicy, type Site } from "./domain/site.js";
import type { Clock } from "./ports/clock.js";
import type { Log } from "./ports/log.js";

/** The call history, which is told the names that people and queues have now. */
export function openHistory(deps: {
  readonly site: Site;
  readonly data: LiveSite;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Made after it. */
  people(): { readonly agents: Agents; readonly queues: Queues };
  changed(agent: AgentId): void;
}): CallHistory {
  const { changed, clock, data, log, people, site, store } = deps;
  return new CallHistory({
    store,
    policy: interactionPolicy(site.policy),
    names: {
      nameOf: (agent) => people().agents.nameOf(agent),
      queueName: (queue) => people().queues.nameOf(queue),
      entryPointName: (id) => data.entryPoints.find((e) => e.id === id)?.name ?? id,
    },
    site: data,
    timeZone: site.timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone,
    clock,
    log,
    changed,
  });
}
