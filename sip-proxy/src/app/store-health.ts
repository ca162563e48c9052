import type { Store } from "@legwork/shared/store";
import type { Clock } from "../ports/clock.js";
import type { Log } from "../ports/log.js";

/** The database is asked so often, and has as long to answer. */
const PING_MS = 5_000;

export interface StoreHealthDeps {
  readonly store: Pick<Store, "ping">;
  readonly clock: Clock;
  readonly log: Log;
}

/** Whether the database answers: for `/health`, as without it nothing that agents do is accepted. */
export class StoreHealth {
  #answers = true;
  #stopped = false;
  #stopTimer: () => void = () => undefined;

  constructor(private readonly deps: StoreHealthDeps) {
    this.#ask();
  }

  get answers(): boolean {
    return this.#answers;
  }

  stop(): void {
    this.#stopped = true;
    this.#stopTimer();
  }

  #ask(): void {
    const { clock, store } = this.deps;
    this.#stopTimer = clock.after(PING_MS, () => this.#know(false));
    const heard = (answers: boolean): void => {
      if (this.#stopped) return;
      this.#stopTimer();
      this.#know(answers);
      this.#stopTimer = clock.after(PING_MS, () => this.#ask());
    };
    store.ping().then(
      () => heard(true),
      () => heard(false),
    );
  }

  #know(answers: boolean): void {
    if (answers === this.#answers) return;
    this.#answers = answers;
    if (answers) this.deps.log.info({}, "the database answers again");
    else this.deps.log.error({}, "the database does not answer");
  }
}
