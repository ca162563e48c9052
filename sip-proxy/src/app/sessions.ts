import type { AgentId } from "@legwork/shared/ids";
import type { SessionEnd, Station } from "@legwork/shared/api";
import type { AgentRecord } from "@legwork/shared/store";
import type { Ids } from "../ports/ids.js";
import type { Log } from "../ports/log.js";
import type { Metrics } from "../ports/metrics.js";
import type { Agents } from "./agents.js";
import type { AuditLog } from "./audit-log.js";

export interface Session {
  readonly token: string; // the cookie
  readonly csrf: string;
  /** As it was at the sign-in, or at the last change of it. */
  readonly agent: AgentRecord;
  readonly station: Station;
  /** Digest password of the browser's SIP user agent; lives as long as the session. */
  readonly sipPassword: string;
}

/** Why an administrator's change ended a session (DI-1). */
export type Withdrawal = Exclude<SessionEnd, "signed-out" | "taken-over">;

/** Ended sessions whose pages are told why when they ask again. */
const KEPT_ENDS = 1_000;

export interface SessionsDeps {
  readonly agents: Agents;
  readonly audit: AuditLog;
  readonly ids: Ids;
  readonly log: Log;
  readonly metrics: Pick<Metrics, "signIn">;
  verifyPassword(password: string, hash: string): Promise<boolean>;
  /** The desktop of this session is to be closed. */
  ended(session: Session, why: SessionEnd): void;
}

export interface SignIn {
  readonly agent: string; // as it was typed
  readonly password: string;
  readonly station: Station;
  readonly takeOver: boolean;
  /** Where the request came from, for the audit log. */
  readonly address: string;
}

interface Refused {
  readonly ok: false;
  readonly why: "bad-credentials" | "already-signed-in" | "no-station";
}
export type SignInOutcome = { readonly ok: true; readonly session: Session } | Refused;

/** A hash of nothing anyone knows: an unknown agent takes as long as a wrong password. */
const NOBODY = "scrypt$16384$8$1$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/** Who is signed in, and with what: one desktop per agent. */
export class Sessions {
  readonly #byToken = new Map<string, Session>();
  readonly #byAgent = new Map<AgentId, Session>();
  /** Sessions that end as soon as their agent has no call, and why. */
  readonly #ending = new Map<AgentId, Withdrawal>();
  /** Why sessions that are no more have ended, by their tokens; the newest. */
  readonly #ends = new Map<string, SessionEnd>();

  #ended: (session: Session) => void = () => undefined;
  #signedIn: (agent: AgentId) => void = () => undefined;

  constructor(private readonly deps: SessionsDeps) {}

  /** Called after each sign-in, when the new session is in place. */
  onSignedIn(listener: (agent: AgentId) => void): void {
    this.#signedIn = listener;
  }

  /** Also called when a session ends: whatever was opened with its cookie is to be closed. */
  onEnded(listener: (session: Session) => void): void {
    this.#ended = listener;
  }

  get(token: string): Session | undefined {
    return this.#byToken.get(token);
  }

  /** Why the session with this token is no more; undefined: there never was one, or it is long ago. */
  endOf(token: string): SessionEnd | undefined {
    return this.#ends.get(token);
  }

  of(agent: AgentId): Session | undefined {
    return this.#byAgent.get(agent);
  }

  /** Resolves when the audit log has it; rejects, and nobody is signed in, when it cannot be written. */
  async signIn(asked: SignIn): Promise<SignInOutcome> {
    const outcome = await this.#signIn(asked);
    this.deps.metrics.signIn(outcome.ok ? "ok" : outcome.why);
    return outcome;
  }

  async #signIn(asked: SignIn): Promise<SignInOutcome> {
    const { agents, audit, log } = this.deps;
    const record = agents.get(asked.agent as AgentId)?.record;
    const right = await this.deps.verifyPassword(asked.password, record?.passwordHash ?? NOBODY);
    // The agent may have been changed while the password was being looked at.
    const current = record && agents.mayWork(record.id) ? agents.get(record.id)?.record : undefined;
    if (!right || !current || current.passwordHash !== record?.passwordHash) {
      return this.#refuse(record?.id ?? null, asked, "bad-credentials");
    }
    const { station } = asked;
    if (station.kind === "extension" && station.extension !== current.extension)
      return this.#refuse(current.id, asked, "no-station");
    const former = this.#byAgent.get(current.id);
    if (former && !asked.takeOver) return this.#refuse(current.id, asked, "already-signed-in");
    if (former) this.#forget(former, "taken-over");
    const session = this.#begin(current, station);
    log.info({ agent: current.id, station: station.kind, takeOver: former !== undefined }, "signed in");
    try {
      await audit.signedIn(current.id, station, asked.address, former !== undefined);
    } catch (error) {
      this.#end(session, "signed-out");
      throw error;
    }
    return { ok: true, session };
  }

  /** False during a call. Resolves when the audit log has it. */
  async signOut(session: Session): Promise<boolean> {
    const agent = session.agent.id;
    if (this.deps.agents.inACall(agent)) return false;
    if (this.#end(session, "signed-out")) await this.deps.audit.signedOut(agent, agent);
    return true;
  }

  /** The agent's name or role is another now (DI-1). */
  recordChanged(record: AgentRecord): void {
    const known = this.#byAgent.get(record.id);
    if (known) this.#keep({ ...known, agent: record });
  }

  /** Ends the agent's session, or lets a call come to its end first (DI-1). */
  withdraw(agent: AgentId, why: Withdrawal): void {
    if (!this.#byAgent.has(agent)) return;
    this.#ending.set(agent, why);
    this.agentChanged(agent);
  }

  /** The agent's state is another: a session that was waiting for the end of a call ends. */
  agentChanged(agent: AgentId): void {
    const why = this.#ending.get(agent);
    if (why === undefined || this.deps.agents.inACall(agent)) return;
    const session = this.#byAgent.get(agent);
    if (!session) return void this.#ending.delete(agent);
    this.#end(session, why);
    this.deps.audit.signedOut(agent, null).catch((error: unknown) => {
      this.deps.log.error({ agent, error }, "the audit log cannot be written");
    });
  }

  async #refuse(agent: AgentId | null, { address }: SignIn, why: Refused["why"]): Promise<Refused> {
    this.deps.log.warn({ agent, address, why }, "sign-in refused");
    await this.deps.audit.signInFailed(agent, address, why);
    return { ok: false, why };
  }

  #begin(agent: AgentRecord, station: Station): Session {
    const { ids, agents } = this.deps;
    const session = { token: ids.secret(), csrf: ids.secret(), agent, station, sipPassword: ids.secret() };
    this.#keep(session);
    agents.signedIn(agent.id);
    this.#signedIn(agent.id);
    return session;
  }

  #keep(session: Session): void {
    this.#byToken.set(session.token, session);
    this.#byAgent.set(session.agent.id, session);
  }

  /** False when it had ended before, or moved elsewhere. */
  #end(session: Session, why: SessionEnd): boolean {
    if (this.#byAgent.get(session.agent.id)?.token !== session.token) return false;
    this.#forget(session, why);
    this.deps.agents.signedOut(session.agent.id);
    this.deps.log.info({ agent: session.agent.id, why }, "signed out");
    return true;
  }

  #forget(session: Session, why: SessionEnd): void {
    this.#byToken.delete(session.token);
    this.#byAgent.delete(session.agent.id);
    this.#ending.delete(session.agent.id);
    this.#ends.set(session.token, why);
    for (const token of this.#ends.keys()) if (this.#ends.size > KEPT_ENDS) this.#ends.delete(token);
    this.deps.ended(session, why);
    this.#ended(session);
  }
}
