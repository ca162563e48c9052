import { sequenceDistance } from "../rtp/sequence.js";

/** Depth to start with, in ms: two usual packets. */
export const START_DEPTH_MS = 40;
/** More than this in the buffer is thrown away, down to the depth to start with. */
export const MAX_DEPTH_MS = 120;
/** Never less than this in reserve over a second = more delay than the jitter asks for. */
const SPARE_MS = 30;
/** Packets over which the reserve is watched, and for how many after an underrun the delay does not shrink. */
const WATCH_PULLS = 50;
const PATIENCE_PULLS = 250;
/** More packets missing than this is a new start, not loss. */
const MAX_GAP = 16;
/** After this many pulls with nothing there, the talk spurt is over and the next one is buffered anew. */
const STARVED_PULLS = 5;
/** Kept while nobody listens, and before the play position, to warm a decoder up. */
const WARM_UP_PACKETS = 3;

interface Stored {
  readonly sequence: number;
  readonly payload: Uint8Array;
  readonly durationMs: number;
}

export type Pulled =
  /** `fresh`: it came after the last `mark`. */
  | { readonly kind: "packet"; readonly payload: Uint8Array; readonly fresh: boolean }
  /** It is due and has not come, but later ones have. */
  | { readonly kind: "lost" }
  /** Nothing is there that could be played now. */
  | { readonly kind: "empty"; readonly starved: boolean };

export interface JitterCounts {
  late: number;
  duplicate: number;
  lost: number;
  underruns: number;
  overflow: number;
  skipped: number;
}

/**
 * Puts packets in order and holds them back just long enough. There is no clock inside: being pulled once per 20 ms of sound is its clock.
 * An underrun makes the delay grow by itself (the position waits), a late packet makes the position wait for the next that is missing,
 * and a reserve that is never used lets the delay shrink.
 */
export class JitterBuffer {
  readonly counts: JitterCounts = { late: 0, duplicate: 0, lost: 0, underruns: 0, overflow: 0, skipped: 0 };
  readonly #packets = new Map<number, Stored>();
  /** Extended sequence numbers: they do not wrap. */
  #newest: number | null = null;
  #next: number | null = null;
  #marked: number | null = null;
  #startMs = START_DEPTH_MS;
  #starved = STARVED_PULLS;
  #lowest = Infinity;
  #watched = 0;
  #patience = 0;
  /** Pulls to wait for the next packet that is missing: one came late by so many, so the delay is too short. */
  #wait = 0;

  insert(sequence: number, payload: Uint8Array, durationMs: number): void {
    const extended =
      this.#newest === null ? sequence + 0x10000 : this.#newest + sequenceDistance(this.#newest & 0xffff, sequence);
    if (this.#newest !== null && Math.abs(extended - this.#newest) > 16 * MAX_GAP)
      return this.#restart(sequence, payload, durationMs);
    if (this.#next !== null && extended < this.#next) {
      this.counts.late += 1;
      this.#wait = Math.min(
        Math.max(this.#wait, this.#next - extended),
        Math.floor((MAX_DEPTH_MS - this.depthMs()) / durationMs),
      );
      return;
    }
    if (this.#packets.has(extended)) {
      this.counts.duplicate += 1;
      return;
    }
    this.#packets.set(extended, { sequence: extended, payload, durationMs });
    this.#newest = Math.max(this.#newest ?? extended, extended);
    this.#trim();
  }

  /** Forgets everything: the stream is another one now. */
  reset(): void {
    this.#packets.clear();
    this.#newest = null;
    this.#marked = null;
    this.rest();
  }

  /** Forgets what waits to be played. The next packet is a start: who listens now has waited enough, and an underrun makes the delay grow. */
  forget(): void {
    this.reset();
    this.#startMs = 0;
  }

  /** From here on everything is fresh. */
  mark(): void {
    this.#marked = this.#newest;
  }

  /** Nobody listens any more; the next pull starts anew, close to the newest packet. */
  rest(): void {
    this.#next = null;
    this.#starved = STARVED_PULLS;
    this.#wait = 0;
    this.#lowest = Infinity;
    this.#watched = 0;
  }

  /** What is due now; `decodedMs` of it lies decoded with the caller. */
  pull(decodedMs: number): Pulled {
    const at = this.#next ?? this.#begin();
    if (at === null) return { kind: "empty", starved: true };
    const stored = this.#packets.get(at);
    if (stored) {
      this.#next = at + 1;
      this.#starved = 0;
      this.#forgetBefore(at - WARM_UP_PACKETS);
      this.#watch(decodedMs + stored.durationMs);
      return { kind: "packet", payload: stored.payload, fresh: this.#marked === null || at > this.#marked };
    }
    if (this.#newest !== null && this.#newest > at) {
      if (this.#wait === 0) return this.#lose(at);
      this.#wait -= 1;
    } else this.#starved += 1;
    this.#patience = PATIENCE_PULLS;
    this.#lowest = Infinity;
    this.#watched = 0;
    if (this.#starved === 1) this.counts.underruns += 1;
    if (this.#starved >= STARVED_PULLS) {
      this.#next = null;
      this.#packets.clear(); // Only what has been played; a new talk spurt must not begin with it.
    }
    return { kind: "empty", starved: this.#starved >= STARVED_PULLS };
  }

  /** True when the delay is longer than needed: the caller should play two frames in the time of one, once. */
  takeExcess(): boolean {
    if (this.#watched < WATCH_PULLS) return false;
    const excess = this.#lowest > SPARE_MS && this.#patience === 0;
    this.#lowest = Infinity;
    this.#watched = 0;
    if (excess) this.counts.skipped += 1;
    return excess;
  }

  /** Payloads just before the play position, oldest first: they warm a new decoder up. */
  warmUp(): Uint8Array[] {
    const before = this.#next ?? 0;
    return [...this.#packets.values()]
      .filter((p) => p.sequence < before - 1)
      .sort((a, b) => a.sequence - b.sequence)
      .map((p) => p.payload);
  }

  /** Sound that waits to be played, in ms. */
  depthMs(): number {
    let ms = 0;
    for (const p of this.#packets.values()) if (this.#next === null || p.sequence >= this.#next) ms += p.durationMs;
    return ms;
  }

  /** Where to start: so close to the newest packet that just the depth to start with is buffered. Null while there is less. */
  #begin(): number | null {
    let ms = 0;
    const newestFirst = [...this.#packets.values()].sort((a, b) => b.sequence - a.sequence);
    for (const p of newestFirst) {
      ms += p.durationMs;
      if (ms < this.#startMs) continue;
      this.#startMs = START_DEPTH_MS;
      return (this.#next = p.sequence);
    }
    return null;
  }

  #lose(at: number): Pulled {
    this.counts.lost += 1;
    let next = at + 1;
    if (this.#newest! - at > MAX_GAP) while (!this.#packets.has(next)) next += 1;
    this.#next = next;
    return { kind: "lost" };
  }

  #watch(reserveMs: number): void {
    // What was in reserve when this packet was taken, less what is played of it until the next pull.
    this.#lowest = Math.min(this.#lowest, this.depthMs() + reserveMs - 20);
    this.#watched += 1;
    if (this.#patience > 0) this.#patience -= 1;
  }

  /** While somebody listens: no deeper than allowed. While nobody does: only what the next listener starts with. */
  #trim(): void {
    if (this.#next !== null) {
      if (this.depthMs() <= MAX_DEPTH_MS) return;
      this.counts.overflow += 1;
      this.#next = null;
      this.#begin();
      if (this.#next !== null) this.#forgetBefore(this.#next - WARM_UP_PACKETS);
      return;
    }
    let ms = 0;
    let spare = WARM_UP_PACKETS;
    for (const p of [...this.#packets.values()].sort((a, b) => b.sequence - a.sequence)) {
      if (ms >= START_DEPTH_MS && spare-- <= 0) this.#packets.delete(p.sequence);
      ms += p.durationMs;
    }
  }

  #restart(sequence: number, payload: Uint8Array, durationMs: number): void {
    this.reset();
    this.insert(sequence, payload, durationMs);
  }

  #forgetBefore(sequence: number): void {
    for (const key of this.#packets.keys()) if (key < sequence) this.#packets.delete(key);
  }
}
