import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";

/** Milliseconds since the epoch with a fraction, steady: the same clock as a page's `timeOrigin + now()` on this machine. */
export const nowMs = (): number => performance.timeOrigin + performance.now();

/** Until this much of the recording exists: measuring sound takes as long as the sound. */
export async function untilMs(time: number): Promise<void> {
  for (let left = time - nowMs(); left > 0; left = time - nowMs()) await delay(left);
}

/**
 * Waits for a thing, never for a time: `look` returns undefined when it is there, or what is still missing.
 * Rejects with that when it has not come within `withinMs`.
 */
export async function waitFor(look: () => Missing | Promise<Missing>, withinMs = 10_000): Promise<void> {
  const until = nowMs() + withinMs;
  for (;;) {
    const missing = await look();
    if (missing === undefined) return;
    if (nowMs() > until) throw new Error(`after ${withinMs} ms: ${missing}`);
    await delay(20);
  }
}

type Missing = string | undefined;
