import type { AgentId } from "@legwork/shared/ids";
import type { SessionEnd, Station } from "@legwork/shared/api";
import type { AgentRecord } from "@legwork/shared/store";
import type { Clock } from "../ports/clock.js";
import type { Ids } from "../ports/ids.js";
import type { Log } from "../ports/log.js";
import type { Metrics } from "../ports/metrics.js";
import type { Agents } from "./agents.js";
import type { AuditLog } from "./audit-log.js";
import { SessionTimes } from "./session-times.js";

export interface Session {
  readonly token: string; // the cookie
  readonly csrf: string;
  /** As it was at the sign-in, or at the last change of it. */
  readonly agent: AgentRecord;
  readonly station: Station;
  /** Digest password of the browser's SIP user agent; lives as long as the session. */
  readonly sipPassword: string;
}

/** Why the server ended a session: an administrator's change (DI-1), or its time. */
export type Withdrawal = Exclude<SessionEnd, "signed-out" | "taken-over">;

/** Sessions are looked at so often for whose time is over. */
const SWEEP_MS = 60_000;

/** Ended sessions whose pages are told why when they ask again. */
const KEPT_ENDS = 1_000;

/** Who has guessed how often (SG-6). */
export interface Guessing {
  /** Milliseconds until this account may be tried from this address; 0: now. */
  wait(account: string, address: string): number;
  wrong(account: string, address: string): void;
  right(account: string, address: string): void;
}

export interface SessionsDeps {
  readonly clock: Clock;
  readonly guesses: Guessing;
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
  readonly why: "bad-credentials" | "already-signed-in" | "no-station" | "too-many-requests";
  /** When another try is looked at; with `too-many-requests`. Milliseconds. */
  readonly waitMs?: number;
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

  readonly #times: SessionTimes;
  /** By address: a try is looked at when the ones before it have been counted. */
  readonly #tries = new Map<string, Promise<unknown>>();

  #ended: (session: Session) => void = () => undefined;
  #signedIn: (agent: AgentId) => void = () => undefined;

  constructor(private readonly deps: SessionsDeps) {
    this.#times = new SessionTimes(deps.clock);
  }

  /** Ends sessions whose time is over, from now on; returns the way to stop. */
  watch(): () => void {
    let stop = (): void => undefined;
    const again = (): void => {
      stop = this.deps.clock.after(SWEEP_MS, () => {
        this.#endOverdue();
        again();
      });
    };
    again();
    return () => stop();
  }

  /** A request came with the session's cookie. */
  heard({ token }: Session): void {
    this.#times.heard(token);
  }

  /** A stream or a socket was opened with it; returns what to call, once, when it is closed. */
  opened({ token }: Session): () => void {
    return this.#times.opened(token);
  }

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
    const before = this.#tries.get(asked.address) ?? Promise.resolve();
    const trying = before.then(() => this.#tryToSignIn(asked));
    const over = trying.catch(() => undefined);
    this.#tries.set(asked.address, over);
    void over.then(() => {
      if (this.#tries.get(asked.address) === over) this.#tries.delete(asked.address);
    });
    const outcome = await trying;
    this.deps.metrics.signIn(outcome.ok ? "ok" : outcome.why);
    return outcome;
  }

  /** Passwords are guessed no faster here than at a telephone (SG-6). */
  async #tryToSignIn(asked: SignIn): Promise<SignInOutcome> {
    const { guesses, log } = this.deps;
    const waitMs = guesses.wait(asked.agent, asked.address);
    if (waitMs > 0) {
      log.warn({ address: asked.address, waitMs }, "sign-in refused: too many wrong passwords");
      return { ok: false, why: "too-many-requests", waitMs };
    }
    return this.#signIn(asked);
  }

  async #signIn(asked: SignIn): Promise<SignInOutcome> {
    const { agents, audit, guesses, log } = this.deps;
    const record = agents.get(asked.agent as AgentId)?.record;
    const right = await this.deps.verifyPassword(asked.password, record?.passwordHash ?? NOBODY);
    // The agent may have been changed while the password was being looked at.
    const current = record && agents.mayWork(record.id) ? agents.get(record.id)?.record : undefined;
    if (!right || !current || current.passwordHash !== record?.passwordHash) {
      guesses.wrong(asked.agent, asked.address);
      return this.#refuse(record?.id ?? null, asked, "bad-credentials");
    }
    guesses.right(asked.agent, asked.address);
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
    const known = this.#byAgent.get(agent);
    if (known) this.heard(known); // somebody who works with the desk phone alone is no less there
    const why = this.#ending.get(agent);
    if (why === undefined || this.deps.agents.inACall(agent)) return;
    const session = this.#byAgent.get(agent);
    if (!session) return void this.#ending.delete(agent);
    this.#end(session, why);
    this.deps.audit.signedOut(agent, null).catch((error: unknown) => {
      this.deps.log.error({ agent, error }, "the audit log cannot be written");
    });
  }

  #endOverdue(): void {
    for (const { agent, token } of [...this.#byToken.values()]) {
      const why = this.#times.overdue(token);
      if (why && !this.#ending.has(agent.id)) this.withdraw(agent.id, why);
    }
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
    this.#times.began(session.token);
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
    this.#times.ended(session.token);
    this.#byAgent.delete(session.agent.id);
    this.#ending.delete(session.agent.id);
    this.#ends.set(session.token, why);
    for (const token of this.#ends.keys()) if (this.#ends.size > KEPT_ENDS) this.#ends.delete(token);
    this.deps.ended(session, why);
    this.#ended(session);
  }
}
