/** Whole seconds from `sinceMs` to `nowMs`; never negative, clocks may differ by a little. */
export const secondsBetween = (sinceMs: number, nowMs: number): number =>
  Math.max(0, Math.floor((nowMs - sinceMs) / 1000));

const two = (n: number) => String(n).padStart(2, "0");

/** 7 -> "00:07", 3725 -> "1:02:05". */
export function formatSeconds(total: number): string {
  const hours = Math.floor(total / 3600);
  const rest = `${two(Math.floor(total / 60) % 60)}:${two(total % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}
