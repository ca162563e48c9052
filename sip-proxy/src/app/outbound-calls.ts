import type { ErrorCode } from "@legwork/shared/api";
import type { AgentId, LegId } from "@legwork/shared/ids";
import { chooseRoute, type OutboundRules, type OutsideCall, type Route, type Usage } from "../domain/outbound.js";
import { loggedNumber } from "../domain/logged-number.js";
import type { Clock } from "../ports/clock.js";
import type { Log } from "../ports/log.js";

export interface OutboundCallsDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly rules: OutboundRules;
}

const MINUTE_MS = 60_000;

interface Call {
  readonly agent: AgentId;
  readonly trunk: string;
  readonly startedAt: number; // milliseconds since 1970
  up: boolean;
}

/** TK-1: the calls that go out, counted per trunk and per agent from the INVITE to the end of the leg, whoever speaks on it by then. */
export class OutboundCalls {
  readonly #calls = new Map<LegId, Call>();
  #refused = 0;

  constructor(private readonly deps: OutboundCallsDeps) {}

  /** Why this call would not go out now; null when it would. */
  check(call: OutsideCall): ErrorCode | null {
    const outcome = this.#choose(call);
    return outcome.ok ? null : outcome.why;
  }

  /** Takes a place for the call; null when there is none any more. */
  take(leg: LegId, call: OutsideCall): Route | null {
    const outcome = this.#choose(call);
    if (!outcome.ok) return null;
    const { route } = outcome;
    this.#calls.set(leg, { agent: call.agent, trunk: route.trunk.name, startedAt: this.deps.clock.now(), up: true });
    const number = loggedNumber(call.number);
    this.deps.log.info({ leg, agent: call.agent, number, trunk: route.trunk.name }, "a call goes out");
    this.deps.log.debug({ leg, number: call.number }, "the number of a call that goes out");
    return route;
  }

  /** The leg is over, if it was one of these. */
  over(leg: LegId): void {
    const call = this.#calls.get(leg);
    if (call) call.up = false;
    this.#forgetOld();
  }

  dump(): object {
    return { up: [...this.#calls.values()].filter((c) => c.up).length, refused: this.#refused };
  }

  #choose(call: OutsideCall) {
    this.#forgetOld();
    const outcome = chooseRoute(call, this.deps.rules, {
      ofTrunk: (name) => this.#usage((c) => c.trunk === name),
      ofAgent: (agent) => this.#usage((c) => c.agent === agent),
    });
    if (!outcome.ok) {
      this.#refused++;
      const { limit = null, why } = outcome;
      const number = loggedNumber(call.number);
      this.deps.log.warn({ agent: call.agent, number, why, limit }, "a call out was refused");
      this.deps.log.debug({ agent: call.agent, number: call.number }, "the number of a call out that was refused");
    }
    return outcome;
  }

  #usage(is: (call: Call) => boolean): Usage {
    const calls = [...this.#calls.values()].filter(is);
    const since = this.deps.clock.now() - MINUTE_MS;
    return {
      concurrent: calls.filter((c) => c.up).length,
      lastMinute: calls.filter((c) => c.startedAt > since).length,
    };
  }

  #forgetOld(): void {
    const since = this.deps.clock.now() - MINUTE_MS;
    for (const [leg, call] of this.#calls) if (!call.up && call.startedAt <= since) this.#calls.delete(leg);
  }
}
