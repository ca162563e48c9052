import type { InteractionId, RequestId } from "@legwork/shared/ids";
import type { InteractionEvent } from "@legwork/shared/interaction";
import type { Store } from "@legwork/shared/store";
import { isRequest } from "../domain/phases/steps.js";
import type { Clock } from "../ports/clock.js";
import type { Log } from "../ports/log.js";

/** A store that has not answered by then holds up no call. */
export const STORE_WAIT_MS = 2_000;
/** After what could not be written. */
const RETRY_MS = 5_000;

export interface InteractionLogDeps {
  readonly store: Pick<Store, "appendEvent">;
  readonly clock: Clock;
  readonly log: Log;
}

interface Entry {
  readonly event: InteractionEvent;
  /** Whoever waits for it, told once; null: nobody does any more. */
  told: ((written: boolean) => void) | null;
}

/**
 * The event log of one interaction. What happened is written in its order, however long that takes: what could not be written is kept, and written
 * before what follows. What a person asked for is written at once, or never counts.
 */
export class InteractionLog {
  #seq = 0;
  /** Not written yet, in order; the first is being written while `#writing`. */
  readonly #entries: Entry[] = [];
  #writing = false;
  /** What is being written takes too long: nobody waits for it, or for what follows. */
  #stuck = false;
  #retry: (() => void) | null = null;

  constructor(
    private readonly id: InteractionId,
    private readonly deps: InteractionLogDeps,
  ) {}

  /** True once the event is written, and all before it; false when it is not, or not in time: a request is then forgotten, a report is kept. */
  async add(event: InteractionEvent): Promise<boolean> {
    if (this.#stuck && isRequest(event)) return false;
    const entry: Entry = { event, told: null };
    this.#entries.push(entry);
    if (this.#stuck) return false;
    const written = new Promise<boolean>((resolve) => (entry.told = resolve));
    const cancel = this.deps.clock.after(STORE_WAIT_MS, () => this.#tooLate());
    void this.#write();
    const ok = await written;
    cancel();
    return ok;
  }

  async #write(): Promise<void> {
    if (this.#writing) return;
    this.#writing = true;
    this.#retry?.();
    this.#retry = null;
    for (let entry = this.#entries[0]; entry; entry = this.#entries[0]) {
      if (!(await this.#append(entry.event))) {
        this.#failed();
        break;
      }
      this.#entries.shift();
      this.#stuck = false;
      if (entry.told) entry.told(true);
      else if (isRequest(entry.event)) this.#entries.unshift(voided(entry.event.request, this.deps.clock.now()));
    }
    this.#writing = false;
  }

  async #append(event: InteractionEvent): Promise<boolean> {
    try {
      await this.deps.store.appendEvent(this.id, { seq: this.#seq + 1, event });
      this.#seq++;
      return true;
    } catch (error) {
      this.deps.log.error({ event: event.type, error }, "the event log cannot be written");
      return false;
    }
  }

  /** Nobody waits any longer. Of the requests only the one that is being written may still come into the log. */
  #tooLate(): void {
    const [, ...rest] = this.#entries;
    this.deps.log.error({ waiting: this.#entries.length }, "the event log is not written in time");
    this.#stuck = this.#writing;
    this.#tell();
    this.#keep(this.#entries.slice(0, 1), rest);
  }

  #failed(): void {
    this.#stuck = false;
    this.#tell();
    this.#keep([], this.#entries);
    if (this.#entries.length > 0) this.#retry = this.deps.clock.after(RETRY_MS, () => void this.#write());
  }

  #tell(): void {
    for (const entry of this.#entries) {
      entry.told?.(false);
      entry.told = null;
    }
  }

  /** What happened stays to be written; what was asked for does not. */
  #keep(first: readonly Entry[], rest: readonly Entry[]): void {
    this.#entries.splice(0, Infinity, ...first, ...rest.filter(({ event }) => !isRequest(event)));
  }
}

const voided = (request: RequestId, at: number): Entry => ({
  event: { type: "requestVoided", request, at },
  told: null,
});
