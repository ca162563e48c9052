import type { TelephoneEvent } from "../rtp/telephone-event.js";

export interface KeyPress {
  readonly digit: string;
  readonly durationMs: number;
}

/** A press whose end was lost is over when nothing more of it came for this long. */
const LOST_END_MS = 300;

interface Press {
  readonly timestamp: number;
  readonly digit: string;
  readonly clockRate: number;
  duration: number;
  lastMs: number;
  over: boolean;
}

/** Makes one key press of the many packets of an event: they share the RTP timestamp (the marker bit is not reliable). */
export class KeyPressDetector {
  #press: Press | null = null;

  /** True from the first packet of an event to its end. */
  get pressed(): boolean {
    return this.#press !== null && !this.#press.over;
  }

  /** The presses that this packet ends: an older one whose own end was lost, and the one it belongs to. */
  event(event: TelephoneEvent, timestamp: number, clockRate: number, nowMs: number): KeyPress[] {
    const ended: KeyPress[] = [];
    if (this.#press === null || this.#press.timestamp !== timestamp) {
      ended.push(...this.#end());
      this.#press = { timestamp, digit: event.digit, clockRate, duration: 0, lastMs: nowMs, over: false };
    }
    const press = this.#press;
    press.duration = Math.max(press.duration, event.duration);
    press.lastMs = nowMs;
    if (event.end) ended.push(...this.#end());
    return ended;
  }

  /** The press that is over because nothing more of it came. */
  tick(nowMs: number): KeyPress[] {
    return this.#press !== null && nowMs - this.#press.lastMs > LOST_END_MS ? this.#end() : [];
  }

  #end(): KeyPress[] {
    const press = this.#press;
    if (press === null || press.over) return [];
    press.over = true;
    return [{ digit: press.digit, durationMs: Math.round((press.duration * 1000) / press.clockRate) }];
  }
}
