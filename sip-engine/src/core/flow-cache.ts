import type { Alarm, Clock, Flow } from "./ports.js";

/** Registered addresses and the connections they are reachable through (RFC 5626 in spirit, RFC 7118). */
export class FlowCache {
  readonly #clock: Clock;
  readonly #entries = new Map<string, { flow: Flow; alarm: Alarm; expiresAt: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Remembers a connection for `seconds`; zero forgets it. */
  put(key: string, flow: Flow, seconds: number): void {
    this.#entries.get(key)?.alarm.cancel();
    this.#entries.delete(key);
    if (seconds <= 0) return;
    const ms = Math.min(seconds, 86_400) * 1000;
    const alarm = this.#clock.schedule(ms, () => this.#entries.delete(key));
    this.#entries.set(key, { flow, alarm, expiresAt: this.#clock.now() + ms });
  }

  /** The connection of an address; it may be closed by now. */
  get(key: string | null): Flow | null {
    return key === null ? null : (this.#entries.get(key)?.flow ?? null);
  }

  clear(): void {
    for (const { alarm } of this.#entries.values()) alarm.cancel();
    this.#entries.clear();
  }

  toJSON(): unknown {
    return [...this.#entries].map(([address, { flow, expiresAt }]) => ({
      address,
      transport: flow.transport,
      remote: flow.remote,
      closed: flow.closed,
      expiresInMs: expiresAt - this.#clock.now(),
    }));
  }
}
