import type { AgentId } from "@legwork/shared/ids";
import type { AgentRecord, SiteChange, SiteData } from "@legwork/shared/store";
import type { Agents } from "./agents.js";
import type { Queues } from "./queues.js";
import type { Sessions } from "./sessions.js";

/** What runs and has to know of a change of the site. */
export interface RunningParts {
  readonly agents: Agents;
  readonly queues: Queues;
  readonly sessions: Sessions;
  /** Forgets a telephone's registration. */
  forgetStation(extension: string): void;
  /** Every desktop may show something else. */
  refresh(): void;
}

/** DI-1: a change that is stored takes effect at once; calls that are up go on. What is only looked up needs nothing. */
export function carryOutChange(parts: RunningParts, change: SiteChange, before: SiteData, by: AgentId): void {
  const { agents, queues } = parts;
  switch (change.kind) {
    case "agents": {
      const former = before.agents.find((a) => a.id === (change.op === "put" ? change.record.id : change.id));
      if (change.op === "put") putAgent(parts, change.record, former, by);
      else if (former) removeAgent(parts, former, before);
      break;
    }
    case "queues":
      if (change.op === "put") queues.put(change.record);
      else for (const q of before.queues) if (q.id === change.id) queues.remove(q.id);
      break;
    case "entryPoints":
    case "wrapUpReasons":
    case "idleReasons":
    case "experts":
    case "dialNumbers":
      break;
  }
  parts.refresh();
  for (const { record } of agents.all()) parts.sessions.agentChanged(record.id);
}

function putAgent(parts: RunningParts, record: AgentRecord, former: AgentRecord | undefined, by: AgentId): void {
  const { agents, sessions } = parts;
  agents.put(record);
  if (!former) return;
  sessions.recordChanged(record);
  const station = sessions.of(record.id)?.station;
  const lostPhone = record.extension !== former.extension;
  // Who resets their own password stays signed in.
  const newPassword = record.passwordHash !== former.passwordHash && by !== record.id;
  if (former.extension !== null && (lostPhone || record.disabled || record.phoneHa1 !== former.phoneHa1))
    parts.forgetStation(former.extension);
  if (record.disabled) sessions.withdraw(record.id, "disabled");
  else if (newPassword) sessions.withdraw(record.id, "password-changed");
  else if (lostPhone && station?.kind === "extension") sessions.withdraw(record.id, "station-changed");
}

function removeAgent(
  { agents, queues, sessions, forgetStation }: RunningParts,
  agent: AgentRecord,
  before: SiteData,
): void {
  for (const q of before.queues) {
    if (q.agents.includes(agent.id)) queues.put({ ...q, agents: q.agents.filter((a) => a !== agent.id) });
  }
  agents.remove(agent.id);
  if (agent.extension !== null) forgetStation(agent.extension);
  sessions.withdraw(agent.id, "removed");
}
