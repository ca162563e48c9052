import type { AgentId } from "@legwork/shared/ids";
import type { Agents } from "./agents.js";
import type { Party } from "./internal-calls.js";
import type { Sessions } from "./sessions.js";

/** What everybody speaks on: the SIP account of a browser is the agent's id, that of a telephone its extension (AG-2). */
export class Stations {
  constructor(
    private readonly agents: Agents,
    private readonly sessions: Pick<Sessions, "of">,
  ) {}

  kindOf(agent: AgentId): "browser" | "extension" {
    return this.sessions.of(agent)?.station.kind ?? "browser";
  }

  /** The account an agent is reached by now. */
  userOf(agent: AgentId): string {
    const station = this.sessions.of(agent)?.station;
    return station?.kind === "extension" ? station.extension : agent;
  }

  /** The agent who is reached by this account now, signed in or not; null: nobody. */
  agentAt(user: string): AgentId | null {
    const agent = this.agents.find(user)?.id;
    return agent && this.userOf(agent) === user ? agent : null;
  }

  /** Who is signed in with this account as their station; null: nobody. */
  signedInAt(user: string): AgentId | null {
    const agent = this.agentAt(user);
    return agent && this.sessions.of(agent) ? agent : null;
  }

  /** IN-1: who calls with this account. */
  callerAt(user: string): Party {
    return { user, agent: this.signedInAt(user), name: this.agents.find(user)?.name ?? user };
  }

  /** IN-1: where an agent is called: at the station they are signed in with, or else at their desk phone, which anybody may answer. */
  calleeOf(agent: AgentId): Party {
    const name = this.agents.nameOf(agent);
    if (this.sessions.of(agent)) return { user: this.userOf(agent), agent, name };
    return { user: this.agents.get(agent)?.record.extension ?? agent, agent: null, name };
  }
}
