import type { Clock } from "../ports/clock.js";

const HOUR_MS = 3_600_000;
/** Nothing heard for so long, and nothing open: the agent has gone without signing out. */
export const IDLE_MS = 8 * HOUR_MS;
/** After so long the agent signs in again. */
export const AGE_MS = 7 * 24 * HOUR_MS;

interface Times {
  readonly began: number;
  heard: number;
  /** Streams and sockets that were opened with the session's cookie, and still are. */
  open: number;
}

/** When sessions began and were last heard of, by their tokens. */
export class SessionTimes {
  readonly #times = new Map<string, Times>();

  constructor(private readonly clock: Pick<Clock, "now">) {}

  began(token: string): void {
    const now = this.clock.now();
    this.#times.set(token, { began: now, heard: now, open: 0 });
  }

  heard(token: string): void {
    const times = this.#times.get(token);
    if (times) times.heard = this.clock.now();
  }

  /** Returns what to call, once, when it is closed. */
  opened(token: string): () => void {
    const times = this.#times.get(token);
    if (!times) return () => undefined;
    times.open++;
    return () => {
      times.open--;
      times.heard = this.clock.now();
    };
  }

  ended(token: string): void {
    this.#times.delete(token);
  }

  /** Why it is time for this session to end; null: it is not. */
  overdue(token: string): "idle" | "expired" | null {
    const [times, now] = [this.#times.get(token), this.clock.now()];
    if (!times) return null;
    if (now - times.began >= AGE_MS) return "expired";
    return times.open === 0 && now - times.heard >= IDLE_MS ? "idle" : null;
  }
}
