import type { Clock } from "./clock.js";

/** A clock that stands still until it is told to go on. */
export class ManualClock implements Clock {
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  constructor(private ms = 0) {}

  now(): number {
    return this.ms;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.ms + ms, callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Timers go off at their times, in their order; what hangs on their promises is done when this resolves. */
  async advance(ms: number): Promise<void> {
    const until = this.ms + ms;
    for (;;) {
      const [next] = [...this.#timers].filter((t) => t.at <= until).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#timers.delete(next);
      this.ms = Math.max(this.ms, next.at);
      next.callback();
      await new Promise(setImmediate);
    }
    this.ms = until;
  }

  get timers(): number {
    return this.#timers.size;
  }
}
