// RFC 3261 14.1: after 491 the two ends wait different times, in units of 10 ms, so that they do not meet again.
const OWNER_WAIT_MS = { from: 2100, to: 4000 }; // this browser chose the Call-ID
const OTHER_WAIT_MS = { from: 0, to: 2000 };

/** How long to wait before a re-INVITE refused with 491 is tried again; `chance` is in [0, 1). */
export function glareWaitMs(origin: "incoming" | "outgoing", chance: number): number {
  const { from, to } = origin === "outgoing" ? OWNER_WAIT_MS : OTHER_WAIT_MS;
  return from + Math.floor(((to - from) / 10 + 1) * chance) * 10;
}

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;

/** Exponential back-off with half of it left to chance, so that a restarted server is not met by everyone at once. */
export function retryWaitMs(attempt: number, chance: number): number {
  const full = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt, 10));
  return Math.round(full / 2 + (full / 2) * chance);
}
