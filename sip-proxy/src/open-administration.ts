import type { Store } from "@legwork/shared/store";
import { ha1Of, hashPassword } from "./adapters/system/system.js";
import { Administration } from "./app/administration.js";
import { carryOutChange } from "./app/carry-out-change.js";
import type { LiveSite } from "./app/live-site.js";
import type { Site } from "./domain/site.js";
import { trunkUsers } from "./domain/trunk-schema.js";
import type { Clock } from "./ports/clock.js";
import type { Log } from "./ports/log.js";

/** The administration (DI-1), with the parts that run and have to take over what is changed. */
export function openAdministration(deps: {
  readonly site: Site;
  readonly data: LiveSite;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly running: Parameters<typeof carryOutChange>[0];
}): Administration {
  const { clock, data, log, running, site, store } = deps;
  return new Administration({
    site: data,
    store,
    clock,
    log,
    facts: {
      defaultReason: site.policy["wrap-up.default"],
      country: site.country,
      trunkUsers: trunkUsers(site.trunks),
    },
    hashPassword,
    phoneHa1: (extension, password) => ha1Of(extension, site.domain, password),
    changed: (change, before, by) => carryOutChange(running, change, before, by),
  });
}
