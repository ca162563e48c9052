import type { Store } from "@legwork/shared/store";
import { Retention } from "./app/retention.js";
import { StoreHealth } from "./app/store-health.js";
import type { Policy } from "./domain/site.js";
import type { Clock } from "./ports/clock.js";
import type { Log } from "./ports/log.js";

/** What runs beside the database while it is used: is it there, and what in it is too old. */
export function openStoreCare(deps: {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly policy: Policy;
}): { answers(): boolean; stop(): void } {
  const days = { logs: deps.policy["keep.log.days"], history: deps.policy["keep.history.days"] };
  const [health, retention] = [new StoreHealth(deps), new Retention({ ...deps, days })];
  return {
    answers: () => health.answers,
    stop: () => {
      health.stop();
      retention.stop();
    },
  };
}
