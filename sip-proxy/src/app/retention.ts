import type { Store } from "@legwork/shared/store";
import type { Clock } from "../ports/clock.js";
import type { Log } from "../ports/log.js";

const DAY_MS = 86_400_000;
/** After the start, when the first calls of the day have been taken. */
const FIRST_MS = 600_000;
/** Small enough for a call to get in between, and then a pause for those that wait. */
const BATCH = 50;
const PAUSE_MS = 200;

export interface RetentionDeps {
  readonly store: Pick<Store, "forget">;
  readonly clock: Clock;
  readonly log: Log;
  /** Days that each is kept; 0: for ever. */
  readonly days: Readonly<Record<"logs" | "history", number>>;
}

/** Deletes what the site does not keep any longer, once a day. */
export class Retention {
  #stopped = false;
  #stopTimer: () => void;

  constructor(private readonly deps: RetentionDeps) {
    this.#stopTimer = deps.clock.after(FIRST_MS, () => void this.#daily());
  }

  stop(): void {
    this.#stopped = true;
    this.#stopTimer();
  }

  async #daily(): Promise<void> {
    for (const what of ["logs", "history"] as const) {
      const days = this.deps.days[what];
      if (days > 0) await this.#forget(what, this.deps.clock.now() - days * DAY_MS);
    }
    if (!this.#stopped) this.#stopTimer = this.deps.clock.after(DAY_MS, () => void this.#daily());
  }

  async #forget(what: "logs" | "history", before: number): Promise<void> {
    const { clock, log, store } = this.deps;
    let deleted = 0;
    try {
      for (;;) {
        const now = this.#stopped ? 0 : await store.forget(what, before, BATCH);
        deleted += now;
        if (now === 0) break;
        await new Promise<void>((resolve) => {
          clock.after(PAUSE_MS, resolve);
        });
      }
    } catch (error) {
      log.error({ what, error }, "what is too old cannot be deleted; trying again tomorrow");
    }
    if (deleted > 0) log.info({ what, deleted, before: new Date(before).toISOString() }, "deleted what was too old");
  }
}
