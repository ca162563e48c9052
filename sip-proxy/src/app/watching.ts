import type { AgentId } from "@legwork/shared/ids";
import type { AgentState } from "../domain/agent-state.js";
import { conferenceInfo } from "../domain/conference-info.js";
import { desktopAgentState } from "../domain/desktop-agent.js";
import { brightest, dialogInfo, lampOf, type Lamp } from "../domain/dialog-info.js";
import { interactionOfFocus } from "../domain/focus.js";
import { emptyMailbox, presenceInfo } from "../domain/presence-info.js";
import type { Package } from "../domain/subscription.js";
import type { Agents } from "./agents.js";
import type { Interactions } from "./interactions.js";

/** Something a telephone watches, for as long as it may. */
export interface Watched {
  /** What concerns this agent may change the document. */
  readonly agent: AgentId;
  /** What to tell now; null: there is nothing to watch any more, or not for this subscriber. */
  document(version: number): string | null;
}

export type Watch = Watched | { readonly refused: 403 | 404 };

/** Who may watch what (SG-7). Everybody of the site sees everybody's lamp, as on the desktop; an interaction only who is in it. */
export class Watching {
  constructor(
    private readonly deps: {
      readonly agents: Agents;
      readonly interactions: Pick<Interactions, "state" | "viewFor">;
      readonly domain: string;
      /** What an account's own calls make of its lamp; null: it has none. */
      lampOf(account: string): Lamp | null;
    },
  ) {}

  /** `subscriber`: an account that has authenticated; `user`: user part of the URI that is subscribed to. */
  watch(event: Package, user: string, subscriber: string): Watch {
    const { agents } = this.deps;
    const own = agents.find(subscriber)?.id;
    if (!own) return { refused: 403 }; // a trunk
    if (event === "conference") return this.#focus(user, own);
    const agent = agents.find(user)?.id;
    if (!agent) return { refused: 404 };
    if (event === "message-summary" && agent !== own) return { refused: 403 };
    return {
      agent,
      document: (version) =>
        agents.mayWork(own) && agents.find(user)?.id === agent ? this.#document(event, user, agent, version) : null,
    };
  }

  #document(event: Exclude<Package, "conference">, user: string, agent: AgentId, version: number): string | null {
    const { agents, domain } = this.deps;
    const entry = agents.get(agent);
    if (!entry) return null;
    const { record, state } = entry;
    const entity = `sip:${user}@${domain}`;
    switch (event) {
      case "dialog":
        return dialogInfo(entity, user, this.#lamp(state, [agent, record.extension]), version);
      case "presence":
        return presenceInfo(entity, agents.mayBeCalled(agent, "consult"), desktopAgentState(state).kind);
      case "message-summary":
        return emptyMailbox(entity);
    }
  }

  /** By the calls at either of the agent's stations, whoever has answered there; and by what the agent is taken for. */
  #lamp(state: AgentState, accounts: readonly (string | null)[]): Lamp {
    const calls = accounts.flatMap((account) => (account === null ? [] : (this.deps.lampOf(account) ?? [])));
    return brightest([...calls, lampOf(state)]);
  }

  #focus(user: string, own: AgentId): Watch {
    const { interactions, domain } = this.deps;
    const id = interactionOfFocus(user);
    if (!id || !interactions.state(id)) return { refused: 404 };
    const view = () => {
      const mine = interactions.viewFor(own);
      return mine?.id === id ? mine : null;
    };
    if (!view()) return { refused: 403 };
    return {
      agent: own,
      document: (version) => {
        const mine = view();
        return mine && conferenceInfo(mine, domain, version);
      },
    };
  }
}
