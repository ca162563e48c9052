/** Limits against guessing passwords and against floods of requests nobody answers for. Pure: history and time in, verdict out. */

/** What is known of one guesser. Times in milliseconds. */
export interface Failures {
  readonly count: number;
  readonly last: number;
}

/** What is known of those who ask for challenges from one address: how many more they may have now. */
export interface Allowance {
  readonly left: number;
  readonly at: number;
}

export interface Limit {
  /** Mistakes that cost nothing: people mistype, and phones repeat it. */
  readonly free: number;
}

/** One account from one address: the first limit, as it can harm nobody but who sits there. */
export const PAIR: Limit = { free: 5 };
/** One address, by the accounts that were tried wrongly there: a whole office behind one NAT. */
export const SOURCE: Limit = { free: 20 };
/** One account, wherever from: many addresses at once. */
export const ACCOUNT: Limit = { free: 50 };

const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 15 * 60_000;
/** After so long without a mistake all is forgotten. */
export const FORGIVEN_AFTER_MS = 30 * 60_000;

/** Milliseconds until the next try is looked at; 0: now. Each mistake beyond the free ones doubles the wait. */
export function waitOf(failures: Failures | undefined, { free }: Limit, now: number): number {
  if (!failures || failures.count < free || now - failures.last >= FORGIVEN_AFTER_MS) return 0;
  const delay = Math.min(FIRST_DELAY_MS * 2 ** Math.min(failures.count - free, 20), MAX_DELAY_MS);
  return Math.max(0, failures.last + delay - now);
}

export function afterFailure(failures: Failures | undefined, now: number): Failures {
  const forgiven = !failures || now - failures.last >= FORGIVEN_AFTER_MS;
  return { count: forgiven ? 1 : failures.count + 1, last: now };
}

/** The three histories that a try is measured by. */
export interface History {
  readonly pair: Failures | undefined;
  readonly source: Failures | undefined;
  readonly account: Failures | undefined;
  /** This account has been used rightly from this address not long ago: a stranger's mistakes elsewhere do not concern it. */
  readonly trusted: boolean;
}

/** Milliseconds until somebody may try again; 0: now. */
export function waitFor({ pair, source, account, trusted }: History, now: number): number {
  const own = waitOf(pair, PAIR, now);
  return trusted ? own : Math.max(own, waitOf(source, SOURCE, now), waitOf(account, ACCOUNT, now));
}

/** Challenges an address may have at once: an office of 1,000 phones after a power cut. */
export const BURST = 1_000;
/** Challenges per second beyond that. One that is answered rightly costs nothing. */
export const REFILL_PER_S = 50;

/** The allowance after one more challenge; null: there is none left. */
export function afterChallenge(allowance: Allowance | undefined, now: number): Allowance | null {
  const left = leftOf(allowance, now);
  return left < 1 ? null : { left: left - 1, at: now };
}

/** A challenge was answered rightly. */
export const afterSuccess = (allowance: Allowance | undefined, now: number): Allowance => ({
  left: Math.min(BURST, leftOf(allowance, now) + 1),
  at: now,
});

const leftOf = (allowance: Allowance | undefined, now: number): number =>
  allowance ? Math.min(BURST, allowance.left + ((now - allowance.at) / 1000) * REFILL_PER_S) : BURST;
