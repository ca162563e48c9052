import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import {
  expectedResponse,
  nonceCount,
  parseDigest,
  type DigestAlgorithm,
  type DigestCredentials,
  type DigestSecret,
} from "../../domain/digest.js";
import { makeNonce, NONCE_LIFE_MS, timeOfNonce, UsedNonces } from "../../domain/nonces.js";
import type { Clock } from "../../ports/clock.js";
import type { Log } from "../../ports/log.js";
import type { Metrics, SipRefusal } from "../../ports/metrics.js";
import { Guesses } from "./guesses.js";
import { callerOf, type SrfRequest, type SrfResponse } from "./srf-api.js";

/** Nonces remembered with their counts: what 2,000 phones use in the life of a nonce when each renews every 30 s with a new one. */
const MAX_USED_NONCES = 20_000;

export interface SipAccount extends DigestSecret {
  /** A trunk says who calls; a station speaks for itself only. */
  readonly kind: "station" | "trunk";
}

/** Who a request came from. */
export type Authenticated = Pick<SipAccount, "kind"> & { readonly user: string };

export interface AuthenticatorDeps {
  readonly realm: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** How an account proves itself; null when there is no such account now. */
  accountOf(username: string): SipAccount | null;
  isWebSocket(req: SrfRequest): boolean;
}

/**
 * Digest authentication of requests (RFC 3261 section 22.4, RFC 7616, RFC 8760), each nonce and count once, each account with one algorithm.
 * Guessing is slowed down (SG-6).
 */
export class Authenticator {
  readonly #key = randomBytes(32);
  readonly #used = new UsedNonces(MAX_USED_NONCES);
  readonly #guesses: Guesses;

  constructor(private readonly deps: AuthenticatorDeps) {
    this.#guesses = new Guesses(deps.clock);
  }

  /** The same for what only a station may ask: a trunk has its calls, and nothing else (TK-1). */
  checkStation(req: SrfRequest, res: SrfResponse): string | null {
    const account = this.check(req, res);
    return account?.kind === "trunk" ? this.refuse(req, res, account) : (account?.user ?? null);
  }

  /** 403 to an account that may not do this. */
  refuse(req: SrfRequest, res: SrfResponse, { user }: Authenticated): null {
    return this.#refuse(req, res, "not-allowed", user, { status: 403 });
  }

  /** The account that sent this request; null when it was answered with a challenge or a refusal instead. */
  check(req: SrfRequest, res: SrfResponse): Authenticated | null {
    const header = req.get("Authorization");
    const credentials = header === undefined ? null : parseDigest(header);
    if (!credentials || credentials.realm !== this.deps.realm) return this.#challenge(req, res, false);
    const { clock } = this.deps;
    const time = timeOfNonce(credentials.nonce, senderOf(req), this.#mac, sameText);
    // A nonce of an earlier start, or of another address: nothing is known of the password yet.
    if (time === null || clock.now() - time > NONCE_LIFE_MS) return this.#challenge(req, res, true);
    const { username } = credentials;
    const source = this.#sourceOf(req);
    const wait = this.#guesses.wait(username, source);
    if (wait > 0) {
      const headers = { "Retry-After": String(Math.ceil(wait / 1000)) };
      return this.#refuse(req, res, "too-many-guesses", username, { status: 403, headers });
    }
    const account = this.deps.accountOf(username);
    if (!account || !isRight(credentials, req.method, account)) {
      this.#guesses.wrong(username, source);
      // Unknown account and wrong password look the same from outside.
      return this.#refuse(req, res, "bad-credentials", username, { status: 403 });
    }
    // Overheard and sent again, or a phone that cannot count: only who knows the password gets any further.
    if (!this.#used.use(credentials.nonce, nonceCount(credentials), time, clock.now())) {
      this.#note(req, "replayed-nonce", username);
      return this.#challenge(req, res, true);
    }
    this.#guesses.right(username, source);
    const { kind } = account;
    if (kind === "station" && callerOf(req)?.user !== username)
      return this.#refuse(req, res, "spoofed-from", username, { status: 403 });
    return { user: username, kind };
  }

  dump(): object {
    return { usedNonces: this.#used.size, ...this.#guesses.dump() };
  }

  #challenge(req: SrfRequest, res: SrfResponse, stale: boolean): null {
    const { realm, clock } = this.deps;
    if (!this.#guesses.mayBeChallenged(this.#sourceOf(req)))
      return this.#refuse(req, res, "flood", null, { status: 503, headers: { "Retry-After": "30" } });
    const nonce = makeNonce(clock.now(), randomBytes(6).toString("hex"), senderOf(req), this.#mac);
    const algorithm = this.#algorithmFor(req);
    const value = `Digest realm="${realm}", nonce="${nonce}", algorithm=${algorithm}, qop="auth"`;
    res.send(401, { headers: { "WWW-Authenticate": stale ? `${value}, stale=true` : value } });
    return null;
  }

  /** What the account knows that this request says it is from; a stranger gets what everybody knows. */
  #algorithmFor(req: SrfRequest): DigestAlgorithm {
    const caller = callerOf(req);
    return (caller && this.deps.accountOf(caller.user)?.algorithm) ?? "MD5";
  }

  #refuse(
    req: SrfRequest,
    res: SrfResponse,
    why: SipRefusal,
    user: string | null,
    { status, headers }: { status: number; headers?: Record<string, string> },
  ): null {
    this.#note(req, why, user);
    const warning = `399 ${this.deps.realm} "${WORDS[why]}"`;
    res.send(status, { headers: { ...headers, Warning: warning } });
    return null;
  }

  #note(req: SrfRequest, why: SipRefusal, user: string | null): void {
    const { metrics, log } = this.deps;
    metrics.sipRefused(req.method, why);
    const waitMs = user === null ? 0 : this.#guesses.wait(user, this.#sourceOf(req));
    const context = { method: req.method, user, from: `${req.source_address}:${req.source_port}`, why, waitMs };
    // What goes on and on is told by its count: a line for each would be a flood of its own.
    if (why === "flood" || why === "too-many-guesses") log.debug(context, "a SIP request was refused");
    else log.warn(context, "a SIP request was refused");
  }

  /** Who is measured: an address; of browsers, which all come through our own web server, the connection. */
  #sourceOf(req: SrfRequest): string {
    const { source_address: address, source_port: port } = req;
    return this.deps.isWebSocket(req) ? `${address}:${port}` : address;
  }

  readonly #mac = (text: string): string => createHmac("sha256", this.#key).update(text).digest("hex").slice(0, 32);
}

const WORDS: Readonly<Record<SipRefusal, string>> = {
  "bad-credentials": "Wrong user or password",
  "too-many-guesses": "Too many wrong passwords",
  "replayed-nonce": "Used before",
  flood: "Too many requests",
  "spoofed-from": "From is somebody else",
  "not-allowed": "Not allowed",
  malformed: "Cannot be read",
};

/** A nonce is good for the address and port it was sent to: overheard credentials are of no use anywhere else. */
const senderOf = ({ source_address: address, source_port: port }: SrfRequest): string => `${address} ${port}`;

const hash =
  (algorithm: "md5" | "sha256") =>
  (text: string): string =>
    createHash(algorithm).update(text).digest("hex");
const HASHES = { MD5: hash("md5"), "SHA-256": hash("sha256") };

function isRight(credentials: DigestCredentials, method: string, account: SipAccount): boolean {
  const expected = expectedResponse(credentials, method, account, HASHES[account.algorithm]);
  return expected !== null && sameText(expected, credentials.response);
}

function sameText(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}
