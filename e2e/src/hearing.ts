import { nowMs, untilMs } from "./clock.js";
import { HEARD_DBFS, LEAKED_DBFS, longestGapMs, loudestDbfs, type Sound, toneLevel, UNHEARD_DBFS } from "./tones.js";

/** Somebody with an ear: everything received is kept, so any past stretch can be listened to again. */
export interface Listener {
  readonly name: string;
  /** What was received between two times; silence where nothing was. */
  sound(fromMs: number, toMs: number): Promise<Sound>;
}

/** What must be heard: each of `tones`, none of `not`, both for `forMs` in one piece, within `withinMs` from now, or since a time that is past. */
export interface Expectation {
  readonly tones?: readonly number[];
  readonly not?: readonly number[];
  readonly forMs?: number;
  readonly withinMs?: number;
  /** From this time on: for what may be over again by the time that a busy machine listens. */
  readonly sinceMs?: number;
}

const STEP_MS = 100;

/** Levels in dBFS by frequency over a stretch of time. */
export async function levels(
  listener: Listener,
  frequencies: readonly number[],
  fromMs: number,
  toMs: number,
): Promise<Map<number, number>> {
  await untilMs(toMs);
  const { samples, rate } = await listener.sound(fromMs, toMs);
  return new Map(frequencies.map((frequency) => [frequency, toneLevel(samples, rate, frequency)]));
}

/**
 * Waits until the listener hears just what is expected for half a second (or `forMs`), counted from now (or `sinceMs`) at the
 * earliest; rejects with the levels that were last measured. Resolves with the time from which on it was so.
 */
export async function hears(listener: Listener, expectation: Expectation): Promise<number> {
  const { tones = [], not = [], forMs = 500, withinMs = 5000, sinceMs = nowMs() } = expectation;
  const until = nowMs() + withinMs;
  for (let from = sinceMs; ; from += STEP_MS) {
    const measured = await levels(listener, [...tones, ...not], from, from + forMs);
    const missing = tones.filter((tone) => measured.get(tone)! < HEARD_DBFS);
    const unwanted = not.filter((tone) => measured.get(tone)! > UNHEARD_DBFS);
    if (missing.length + unwanted.length === 0) return from;
    if (from > until) {
      const text = [...measured].map(([tone, level]) => `${tone} Hz ${level.toFixed(1)} dBFS`).join(", ");
      throw new Error(
        `${listener.name} should hear [${tones.join(", ")}] and not [${not.join(", ")}] Hz within ${withinMs} ms, but heard ${text}`,
      );
    }
  }
}

/** Rejects when any of the tones was heard, however shortly, between two times. */
export async function heardNothingOf(
  listener: Listener,
  frequencies: readonly number[],
  fromMs: number,
  toMs: number,
): Promise<void> {
  await untilMs(toMs);
  const sound = await listener.sound(fromMs, toMs);
  for (const frequency of frequencies) {
    const loudest = loudestDbfs(sound, frequency);
    if (loudest > LEAKED_DBFS) {
      throw new Error(`${listener.name} must never hear ${frequency} Hz, but heard it at ${loudest.toFixed(1)} dBFS`);
    }
  }
}

/** The longest time in ms that the listener was without the tone between two times. */
export async function gapMs(listener: Listener, frequency: number, fromMs: number, toMs: number): Promise<number> {
  await untilMs(toMs);
  return longestGapMs(await listener.sound(fromMs, toMs), frequency);
}
