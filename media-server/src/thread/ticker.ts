import { FRAME_MS } from "../audio/codec.js";

/** After a stall this many frames are made up for; what is beyond is given up, or the peers' buffers would overflow. */
const MAX_CATCH_UP = 4;
/** A timer may fire a little early; that is no reason to arm it again. */
const EARLY_MS = 1;

export interface Due {
  /** Scheduled times of the ticks to run now, in ms. */
  readonly ticks: readonly number[];
  /** When the next one is due. */
  readonly next: number;
}

/** Which ticks are due at `now`, on the schedule of whose next tick is `next`. Deadlines are absolute: an interval timer drifts by 1 to 2.6 %. */
export function ticksDue(next: number, now: number): Due {
  const ticks: number[] = [];
  let at = next;
  while (at <= now + EARLY_MS && ticks.length < MAX_CATCH_UP) {
    ticks.push(at);
    at += FRAME_MS;
  }
  const behind = Math.floor((now + EARLY_MS - at) / FRAME_MS) + 1;
  return { ticks, next: behind > 0 ? at + behind * FRAME_MS : at };
}

/** Calls back every 20 ms while it runs. */
export class Ticker {
  readonly #tick: (scheduledMs: number) => void;
  #timer: NodeJS.Timeout | null = null;
  #next = 0;
  /** Ticks that were given up after stalls. */
  missed = 0;

  constructor(tick: (scheduledMs: number) => void) {
    this.#tick = tick;
  }

  get running(): boolean {
    return this.#timer !== null;
  }

  start(): void {
    if (this.#timer !== null) return;
    this.#next = performance.now() + FRAME_MS;
    this.#arm();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #arm(): void {
    this.#timer = setTimeout(() => this.#run(), Math.max(0, this.#next - performance.now()));
  }

  #run(): void {
    const { ticks, next } = ticksDue(this.#next, performance.now());
    const last = ticks.at(-1) ?? this.#next - FRAME_MS;
    this.missed += Math.round((next - last) / FRAME_MS) - 1;
    this.#next = next;
    for (const tick of ticks) this.#tick(tick);
    if (this.#timer !== null) this.#arm();
  }
}
