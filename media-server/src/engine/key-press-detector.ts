import { timestampDistance } from "../rtp/sequence.js";
import { MAX_EVENT_DURATION, type TelephoneEvent } from "../rtp/telephone-event.js";

export interface KeyPress {
  readonly digit: string;
  readonly durationMs: number;
}

/** What an event packet belongs to. */
export interface KeyEvent {
  /** The presses that this packet ends: an older one whose own end was lost, and the one it belongs to. */
  readonly ended: readonly KeyPress[];
  /** The RTP timestamp that its press began with, and how much of the press lay before this packet's segment (RFC 4733 section 2.5.1.3). */
  readonly start: number;
  readonly offset: number;
}

/** A press whose end was lost is over when nothing more of it came for this long. */
const LOST_END_MS = 300;
/** A packet of an earlier press that comes now was overtaken; beyond this the sender's clock has started anew. */
const OVERTAKEN_S = 5;

interface Press {
  readonly start: number;
  readonly digit: string;
  readonly clockRate: number;
  /** The present segment: its timestamp, what lay before it, and how long it is. */
  timestamp: number;
  offset: number;
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

  /** Takes a packet of an event; null when it comes too late to say anything. */
  event(event: TelephoneEvent, timestamp: number, clockRate: number, nowMs: number): KeyEvent | null {
    const ended: KeyPress[] = [];
    let press = this.#press;
    if (press === null || press.timestamp !== timestamp) {
      if (press !== null && isOvertaken(press, timestamp)) return null;
      if (press !== null && isNextSegment(press, event, timestamp)) {
        press.offset += timestampDistance(press.timestamp, timestamp);
        press.timestamp = timestamp;
        press.duration = 0;
      } else {
        ended.push(...this.#end());
        press = { start: timestamp, digit: event.digit, clockRate, timestamp, offset: 0, duration: 0, lastMs: nowMs, over: false }; // prettier-ignore
        this.#press = press;
      }
    } else if (press.over && !event.end) return null;
    press.duration = Math.max(press.duration, event.duration);
    press.lastMs = nowMs;
    if (event.end) ended.push(...this.#end());
    return { ended, start: press.start, offset: press.offset };
  }

  /** The press that is over because nothing more of it came. */
  tick(nowMs: number): KeyPress[] {
    return this.#press !== null && nowMs - this.#press.lastMs > LOST_END_MS ? this.#end() : [];
  }

  #end(): KeyPress[] {
    const press = this.#press;
    if (press === null || press.over) return [];
    press.over = true;
    return [{ digit: press.digit, durationMs: Math.round(((press.offset + press.duration) * 1000) / press.clockRate) }];
  }
}

function isOvertaken(press: Press, timestamp: number): boolean {
  const behind = timestampDistance(timestamp, press.timestamp);
  return behind > 0 && behind <= OVERTAKEN_S * press.clockRate;
}

/** A press longer than an event can say goes on in another one, which begins where the first ends (RFC 4733 section 2.5.1.3). */
function isNextSegment(press: Press, event: TelephoneEvent, timestamp: number): boolean {
  const step = timestampDistance(press.timestamp, timestamp);
  return !press.over && press.digit === event.digit && (step === press.duration || step === MAX_EVENT_DURATION);
}
