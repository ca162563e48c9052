import type { AgentId } from "@legwork/shared/ids";
import type { Station } from "@legwork/shared/api";
import type { AuditEntry, Store } from "@legwork/shared/store";
import type { Clock } from "../ports/clock.js";

/** Who signed in and out (DI-1). Resolves when it is stored; rejects when it cannot be. */
export class AuditLog {
  constructor(private readonly deps: { readonly store: Pick<Store, "audit">; readonly clock: Clock }) {}

  signedIn(agent: AgentId, station: Station, address: string, takeOver: boolean): Promise<void> {
    return this.#session("signed-in", agent, agent, { station: station.kind, address, takeOver });
  }

  /** `by`: the agent, or null when the server ended the session. */
  signedOut(agent: AgentId, by: AgentId | null): Promise<void> {
    return this.#session("signed-out", by, agent, null);
  }

  /** A name that is nobody's is not written down: it may be a password in the wrong field. */
  signInFailed(agent: AgentId | null, address: string, why: string): Promise<void> {
    return this.#session("sign-in-failed", null, agent ?? "", { address, why });
  }

  #session(action: AuditEntry["action"], who: AgentId | null, subject: string, after: object | null): Promise<void> {
    const at = this.deps.clock.now();
    return this.deps.store.audit({ at, who, action, kind: "session", subject, before: null, after });
  }
}
