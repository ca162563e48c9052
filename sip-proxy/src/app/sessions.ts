import type { AgentId } from "@legwork/shared/ids";
import type { Station } from "@legwork/shared/api";
import type { AgentRecord } from "@legwork/shared/store";
import type { Ids } from "../ports/ids.js";
import type { Log } from "../ports/log.js";
import type { Agents } from "./agents.js";

export interface Session {
  readonly token: string; // the cookie
  readonly csrf: string;
  readonly agent: AgentRecord;
  readonly station: Station;
  /** Digest password of the browser's SIP user agent; lives as long as the session. */
  readonly sipPassword: string;
}

export interface SessionsDeps {
  readonly agents: Agents;
  readonly ids: Ids;
  readonly log: Log;
  verifyPassword(password: string, hash: string): Promise<boolean>;
  /** The desktop of this session is to be closed: signed out, or moved elsewhere. */
  ended(session: Session, why: "signed-out" | "taken-over"): void;
}

export type SignInOutcome =
  | { readonly ok: true; readonly session: Session }
  | { readonly ok: false; readonly why: "bad-credentials" | "already-signed-in" | "no-station" };

/** A hash of nothing anyone knows: an unknown agent takes as long as a wrong password. */
const NOBODY = "scrypt$16384$8$1$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/** Who is signed in, and with what: one desktop per agent. */
export class Sessions {
  readonly #byToken = new Map<string, Session>();
  readonly #byAgent = new Map<AgentId, Session>();

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

  of(agent: AgentId): Session | undefined {
    return this.#byAgent.get(agent);
  }

  async signIn(name: string, password: string, station: Station, takeOver: boolean): Promise<SignInOutcome> {
    const record = this.deps.agents.get(name as AgentId)?.record;
    const right = await this.deps.verifyPassword(password, record?.passwordHash ?? NOBODY);
    if (!record || !right) {
      this.deps.log.warn({ agent: name }, "sign-in refused");
      return { ok: false, why: "bad-credentials" };
    }
    if (station.kind === "extension" && station.extension !== record.extension) return { ok: false, why: "no-station" };
    const former = this.#byAgent.get(record.id);
    if (former && !takeOver) return { ok: false, why: "already-signed-in" };
    if (former) this.#forget(former, "taken-over");
    const { ids, agents, log } = this.deps;
    const session: Session = {
      token: ids.secret(),
      csrf: ids.secret(),
      agent: record,
      station,
      sipPassword: ids.secret(),
    };
    this.#byToken.set(session.token, session);
    this.#byAgent.set(record.id, session);
    agents.signedIn(record.id);
    this.#signedIn(record.id);
    log.info({ agent: record.id, station: station.kind, takeOver: former !== undefined }, "signed in");
    return { ok: true, session };
  }

  /** False during a call. */
  signOut(session: Session): boolean {
    if (this.deps.agents.inACall(session.agent.id)) return false;
    this.#forget(session, "signed-out");
    this.deps.agents.signedOut(session.agent.id);
    this.deps.log.info({ agent: session.agent.id }, "signed out");
    return true;
  }

  #forget(session: Session, why: "signed-out" | "taken-over"): void {
    this.#byToken.delete(session.token);
    this.#byAgent.delete(session.agent.id);
    this.deps.ended(session, why);
    this.#ended(session);
  }
}
