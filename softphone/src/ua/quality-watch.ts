import type { CallQuality } from "@legwork/shared/call-panel";
import { type QualitySample, qualityBetween } from "../model/quality.js";

const PERIOD_MS = 2000;

/** A leg that can be measured. */
interface Measured {
  readonly callId: string;
  statistics(): Promise<QualitySample | null>;
}

/** Measures every leg there is, every two seconds; between calls no timer runs. */
export class QualityWatch {
  #before = new Map<string, QualitySample>();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly legs: () => readonly Measured[],
    private readonly changed: (qualities: ReadonlyMap<string, CallQuality>) => void,
  ) {}

  /** To be called when legs come or go. */
  check(): void {
    if (this.legs().length > 0) {
      this.#timer ??= setInterval(() => void this.#measure(), PERIOD_MS);
    } else if (this.#timer !== undefined) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      this.#before = new Map();
      this.changed(new Map());
    }
  }

  async #measure(): Promise<void> {
    const now = new Map<string, QualitySample>();
    const qualities = new Map<string, CallQuality>();
    for (const leg of this.legs()) {
      const sample = await leg.statistics();
      if (!sample) continue;
      now.set(leg.callId, sample);
      const before = this.#before.get(leg.callId);
      if (before) qualities.set(leg.callId, qualityBetween(before, sample));
    }
    if (this.#timer === undefined) return; // the calls ended meanwhile
    this.#before = now;
    this.changed(qualities);
  }
}
