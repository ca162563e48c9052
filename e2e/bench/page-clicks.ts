// Interaction to next paint (W3C Event Timing): from the press of a button to the frame that shows what came of it.
import type { Page } from "playwright-core";
import { nowMs } from "../src/clock.js";

/** One event as the browser timed it; `startMs` since the epoch, `durationMs` in steps of 8. */
interface Timed {
  readonly startMs: number;
  readonly durationMs: number;
  readonly interaction: number;
}

/** The shortest that a browser tells of. */
export const SHORTEST_MS = 16;

/** Presses buttons and keeps how long each took to the next paint. */
export class Clicks {
  /** Durations in ms by button; one below 16 ms is told as 0. */
  readonly durations = new Map<string, number[]>();
  readonly #pressed: { readonly button: string; readonly atMs: number }[] = [];

  constructor(private readonly page: Page) {}

  /** Has the page time its events from now on. */
  async start(): Promise<void> {
    await this.page.evaluate((durationThreshold) => {
      const timed: Timed[] = [];
      const keep = (entries: PerformanceEntry[]): void => {
        for (const entry of entries as (PerformanceEventTiming & { interactionId: number })[]) {
          const { startTime, duration: durationMs, interactionId: interaction } = entry;
          if (interaction > 0) timed.push({ startMs: performance.timeOrigin + startTime, durationMs, interaction });
        }
      };
      const observer = new PerformanceObserver((list) => keep(list.getEntries()));
      observer.observe({ type: "event", durationThreshold } as PerformanceObserverInit);
      Object.assign(window, {
        takeTimed: () => {
          keep(observer.takeRecords());
          return timed.splice(0);
        },
      });
    }, SHORTEST_MS);
  }

  async press(button: string, testId = `control-${button}`): Promise<void> {
    const place = this.page.locator(`[data-testid="${testId}"]:not([aria-disabled="true"]):not(:disabled)`);
    await place.waitFor();
    this.#pressed.push({ button, atMs: nowMs() });
    await place.click();
  }

  /** Asks the page for what it has timed since the last time. */
  async collect(): Promise<void> {
    const timed = await this.page.evaluate(async () => {
      const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
      await frame(); // the last click's own frame, and then its record
      await frame();
      return (window as unknown as { takeTimed(): Timed[] }).takeTimed();
    });
    for (const [index, { button, atMs }] of this.#pressed.entries()) {
      const untilMs = this.#pressed[index + 1]?.atMs ?? Infinity;
      const own = timed.filter(({ startMs }) => startMs >= atMs && startMs < untilMs);
      const durations = this.durations.get(button) ?? [];
      this.durations.set(button, durations);
      durations.push(Math.max(0, ...own.map(({ durationMs }) => durationMs)));
    }
    this.#pressed.length = 0;
  }
}
