import {
  afterChallenge,
  afterFailure,
  afterSuccess,
  FORGIVEN_AFTER_MS,
  waitFor,
  type Allowance,
  type Failures,
} from "../../domain/guessing.js";
import type { Clock } from "../../ports/clock.js";

/** So many of each are remembered; then the oldest is forgotten. */
const MAX_REMEMBERED = 20_000;
/** How long an address counts as an account's own after the right password. */
const TRUST_MS = 24 * 3_600_000;

/** A map that forgets what was not touched for longest, by age and by number. */
class Recent<V> {
  readonly #entries = new Map<string, { readonly value: V; readonly at: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly lifeMs: number,
  ) {}

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    return entry && this.clock.now() - entry.at < this.lifeMs ? entry.value : undefined;
  }

  set(key: string, value: V): void {
    const now = this.clock.now();
    this.#entries.delete(key);
    for (const [oldest, { at }] of this.#entries) {
      if (this.#entries.size < MAX_REMEMBERED && now - at < this.lifeMs) break;
      this.#entries.delete(oldest);
    }
    this.#entries.set(key, { value, at: now });
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}

/** Who has guessed how often, and who may ask. Only credentials for a nonce of ours count: nobody guesses from an address they do not have. */
export class Guesses {
  readonly #pairs: Recent<Failures>;
  readonly #sources: Recent<Failures>;
  readonly #accounts: Recent<Failures>;
  readonly #trusted: Recent<true>;
  readonly #allowances: Recent<Allowance>;

  constructor(private readonly clock: Clock) {
    this.#pairs = new Recent(clock, FORGIVEN_AFTER_MS);
    this.#sources = new Recent(clock, FORGIVEN_AFTER_MS);
    this.#accounts = new Recent(clock, FORGIVEN_AFTER_MS);
    this.#trusted = new Recent(clock, TRUST_MS);
    this.#allowances = new Recent(clock, FORGIVEN_AFTER_MS);
  }

  /** Milliseconds until this account may be tried from this address; 0: now. */
  wait(account: string, source: string): number {
    const pair = `${source} ${account}`;
    const history = {
      pair: this.#pairs.get(pair),
      source: this.#sources.get(source),
      account: this.#accounts.get(account),
      trusted: this.#trusted.get(pair) ?? false,
    };
    return waitFor(history, this.clock.now());
  }

  wrong(account: string, source: string): void {
    const now = this.clock.now();
    const pair = `${source} ${account}`;
    const before = this.#pairs.get(pair);
    this.#pairs.set(pair, afterFailure(before, now));
    // One telephone that goes on with a wrong password is one mistake of its address: the others there are not locked out by it.
    if (!before) this.#sources.set(source, afterFailure(this.#sources.get(source), now));
    this.#accounts.set(account, afterFailure(this.#accounts.get(account), now));
  }

  right(account: string, source: string): void {
    const pair = `${source} ${account}`;
    this.#pairs.delete(pair);
    this.#trusted.set(pair, true);
    this.#allowances.set(source, afterSuccess(this.#allowances.get(source), this.clock.now()));
  }

  /** Somebody without credentials asks; false: too many have, from there. */
  mayBeChallenged(source: string): boolean {
    const allowance = afterChallenge(this.#allowances.get(source), this.clock.now());
    if (allowance) this.#allowances.set(source, allowance);
    return allowance !== null;
  }

  dump(): object {
    return { pairs: this.#pairs.size, sources: this.#sources.size, accounts: this.#accounts.size };
  }
}
