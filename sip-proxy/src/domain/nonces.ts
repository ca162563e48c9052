/** Nonces of digest challenges that carry their own time under a MAC, and a bounded memory of which counts were used. Pure but for its memory. */

/** How long a nonce may be used: long enough for a re-registration, short enough to be of no use when overheard. */
export const NONCE_LIFE_MS = 300_000;

/** A keyed hash: only who has the key can make it. Same length for every text. */
export type Mac = (text: string) => string;

/** `time` in milliseconds since 1970; `salt` and `mac` without "-". `sender`: whom the nonce is for, and nobody else. */
export function makeNonce(time: number, salt: string, sender: string, mac: Mac): string {
  const text = `${time.toString(36)}-${salt}`;
  return `${text}-${mac(`${text} ${sender}`)}`;
}

/** When we made this nonce for this sender, in milliseconds since 1970; null when we did not. `same` compares in constant time. */
export function timeOfNonce(
  nonce: string,
  sender: string,
  mac: Mac,
  same: (a: string, b: string) => boolean,
): number | null {
  const [time, salt, seal, ...more] = nonce.split("-");
  if (!time || !salt || !seal || more.length > 0 || !same(mac(`${time}-${salt} ${sender}`), seal)) return null;
  return parseInt(time, 36);
}

/** RFC 7616 section 3.4: a nonce count is used once, and counts only grow. Remembers so many nonces and not one more. */
export class UsedNonces {
  /** Nonce to the highest count used; oldest first. */
  readonly #highest = new Map<string, { readonly count: number; readonly time: number }>();
  /** Nonces made until then are no longer remembered, and therefore not taken. */
  #forgottenUntil = -Infinity;

  constructor(private readonly limit: number) {}

  get size(): number {
    return this.#highest.size;
  }

  /** False: used before, or too old to be known. `count` null: no qop, good for one request only. `time`: when the nonce was made. */
  use(nonce: string, count: number | null, time: number, now: number): boolean {
    this.#forget(now);
    const known = this.#highest.get(nonce);
    if (!known && time <= this.#forgottenUntil) return false;
    if (known && (count === null || count <= known.count)) return false;
    this.#highest.set(nonce, { count: count ?? Infinity, time });
    return true;
  }

  #forget(now: number): void {
    for (const [nonce, { time }] of this.#highest) {
      const dead = now - time > NONCE_LIFE_MS;
      if (!dead && this.#highest.size < this.limit) return;
      if (!dead) this.#forgottenUntil = Math.max(this.#forgottenUntil, time);
      this.#highest.delete(nonce);
    }
  }
}
