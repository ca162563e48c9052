import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { expectedResponse, parseDigest } from "../../domain/digest.js";
import type { Clock } from "../../ports/clock.js";
import type { SrfRequest, SrfResponse } from "./srf-api.js";

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

/** How long a nonce may be used: long enough for a re-registration, short enough to be of no use when overheard. */
const NONCE_LIFE_MS = 300_000;

export interface AuthenticatorDeps {
  readonly realm: string;
  readonly clock: Clock;
  /** MD5(user:realm:password) of an account; null when there is no such account now. */
  ha1Of(username: string): string | null;
  refused(username: string, address: string): void;
}

/** Digest authentication of requests (RFC 3261 section 22.4). Nonces carry their own time under a MAC, so nothing is kept per challenge. */
export class Authenticator {
  readonly #key = randomBytes(32);

  constructor(private readonly deps: AuthenticatorDeps) {}

  /** The account that sent this request; null when it was answered with a challenge or a refusal instead. */
  check(req: SrfRequest, res: SrfResponse): string | null {
    const header = req.get("Authorization");
    const credentials = header === undefined ? null : parseDigest(header);
    if (!credentials || credentials.realm !== this.deps.realm) {
      this.#challenge(req, res, false);
      return null;
    }
    const age = this.#ageOf(credentials.nonce, req);
    // A nonce of an earlier start, or of another address: nothing is known of the password yet.
    if (age === null || age > NONCE_LIFE_MS) {
      this.#challenge(req, res, true);
      return null;
    }
    const ha1 = this.deps.ha1Of(credentials.username);
    const expected = ha1 === null ? null : expectedResponse(credentials, req.method, ha1, md5);
    if (expected === null || !sameText(expected, credentials.response)) {
      // Unknown account and wrong password look the same from outside.
      this.deps.refused(credentials.username, req.source_address);
      res.send(403, { headers: { Warning: `399 ${this.deps.realm} "Wrong user or password"` } });
      return null;
    }
    return credentials.username;
  }

  #challenge(req: SrfRequest, res: SrfResponse, stale: boolean): void {
    const value = `Digest realm="${this.deps.realm}", nonce="${this.#nonce(req)}", algorithm=MD5, qop="auth"`;
    res.send(401, { headers: { "WWW-Authenticate": stale ? `${value}, stale=true` : value } });
  }

  /** Good for the address and port it was sent to: overheard credentials are of no use anywhere else. */
  #nonce(req: SrfRequest): string {
    const time = this.deps.clock.now().toString(36);
    const salt = randomBytes(6).toString("hex");
    return `${time}-${salt}-${this.#mac(`${time}-${salt}`, req)}`;
  }

  /** Milliseconds since we made this nonce for this sender; null when we did not. */
  #ageOf(nonce: string, req: SrfRequest): number | null {
    const [time, salt, mac] = nonce.split("-");
    if (!time || !salt || !mac || !sameText(this.#mac(`${time}-${salt}`, req), mac)) return null;
    return this.deps.clock.now() - parseInt(time, 36);
  }

  #mac(text: string, { source_address: address, source_port: port }: SrfRequest): string {
    return createHmac("sha256", this.#key).update(`${text} ${address} ${port}`).digest("hex").slice(0, 32);
  }
}

function sameText(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}
