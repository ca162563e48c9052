import type { TelephoneEvent } from "../rtp/telephone-event.js";

/** Lengths in ticks of 20 ms: 100 ms of tone, 80 ms between, 1 s of pause for `:`. */
const TONE_TICKS = 5;
const GAP_TICKS = 4;
const PAUSE_TICKS = 50;
/** The last packet of an event is sent three times (RFC 4733 section 2.5.1.4). */
const END_PACKETS = 3;
const VOLUME_DBM0 = 10;

/** One event packet to send now. `start`: it begins a new event, whose timestamp all its packets share. */
export interface DtmfStep {
  readonly start: boolean;
  readonly event: TelephoneEvent;
}

/** Plays a row of digits, one step a tick. */
export class DtmfSender {
  #queue: string[] = [];
  #tick = 0;

  send(digits: string): void {
    this.#queue.push(...digits);
  }

  get idle(): boolean {
    return this.#queue.length === 0;
  }

  /** What to send this tick, durations in units of `clockRate`. */
  step(clockRate: number): DtmfStep | null {
    const digit = this.#queue[0];
    if (digit === undefined) return null;
    const tick = this.#tick++;
    const length = digit === ":" ? PAUSE_TICKS : TONE_TICKS + GAP_TICKS;
    if (this.#tick >= length) {
      this.#queue.shift();
      this.#tick = 0;
    }
    if (digit === ":" || tick >= TONE_TICKS + END_PACKETS - 1) return null;
    const ticks = Math.min(tick + 1, TONE_TICKS);
    const event = { digit, end: tick >= TONE_TICKS - 1, volume: VOLUME_DBM0, duration: (ticks * clockRate) / 50 };
    return { start: tick === 0, event };
  }
}
