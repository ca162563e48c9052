import type { ErrorCode } from "@legwork/shared/api";
import { factsOf, isEmergency, parseDialNumber } from "@legwork/shared/dial-number";
import type { AgentId } from "@legwork/shared/ids";
import type { Calling, Trunk } from "./trunk-schema.js";

/** A call to a number, before it is made. */
export interface OutsideCall {
  /** On whose account it goes. */
  readonly agent: AgentId;
  /** E.164 with its plus, or a short number. */
  readonly number: string;
  /** Whom a consult or a transfer is about; null for a call that is about nobody (OB-1). */
  readonly customer: { readonly name: string; readonly number: string } | null;
}

/** What a site lets out, and where. */
export interface OutboundRules {
  /** Home country, ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly calling: Calling;
  readonly trunks: readonly Trunk[];
}

/** Calls out: how many are up now, and how many began within the last minute. */
export interface Usage {
  readonly concurrent: number;
  readonly lastMinute: number;
}

export interface Usages {
  ofTrunk(name: string): Usage;
  ofAgent(agent: AgentId): Usage;
}

/** How a call goes out. */
export interface Route {
  readonly trunk: Trunk;
  readonly number: string;
  /** Shown to the called party (From). */
  readonly callerId: { readonly name: string; readonly number: string };
  /** The number of ours that pays (P-Asserted-Identity, RFC 3325). */
  readonly asserted: string;
}

export type RouteOutcome =
  | { readonly ok: true; readonly route: Route }
  | {
      readonly ok: false;
      readonly why: Extract<ErrorCode, "calling-not-allowed" | "too-many-calls" | "no-trunk">;
      /** The limit that was reached, for the log. */
      readonly limit?: string;
    };

/**
 * TK-1: the trunk a call goes out through, what it shows, or why it does not go. The first trunk that takes the number and has room wins. A
 * call for help is never refused for a rule or a limit, only for want of any trunk.
 */
export function chooseRoute(call: OutsideCall, rules: OutboundRules, usages: Usages): RouteOutcome {
  const help = isEmergency(call.number);
  if (!help && !mayBeCalled(call.number, rules)) return { ok: false, why: "calling-not-allowed" };
  const open = rules.trunks.filter((trunk) => trunk.outbound?.enabled);
  const fitting = open.filter((trunk) => takes(trunk, call.number));
  const candidates = help && fitting.length === 0 ? open : fitting;
  if (candidates.length === 0) return { ok: false, why: "no-trunk" };
  const { perAgent } = rules.calling;
  if (!help && !hasRoom(usages.ofAgent(call.agent), perAgent))
    return { ok: false, why: "too-many-calls", limit: "agent" };
  const trunk = help ? candidates[0] : candidates.find((t) => hasRoom(usages.ofTrunk(t.name), t.limits));
  return trunk ? { ok: true, route: routeOf(trunk, call) } : { ok: false, why: "too-many-calls", limit: "trunk" };
}

const hasRoom = (used: Usage, limits: Calling["perAgent"]): boolean =>
  used.concurrent < limits.concurrent && used.lastMinute < limits.perMinute;

/** The site's rules on what agents may call. What hides in a service code counts as well: networks read their codes in ways of their own. */
function mayBeCalled(number: string, rules: OutboundRules): boolean {
  const { inside, instead } = hiddenIn(number, rules.country);
  if ([number, ...inside, ...instead].some((reading) => isForbidden(reading, rules))) return false;
  return [number, ...instead.filter((reading) => reading.startsWith("+"))].every((reading) =>
    isAllowed(reading, rules),
  );
}

const isForbidden = (number: string, { calling }: OutboundRules): boolean =>
  calling.forbidden.some((group) => (group === "premium" ? factsOf(number).premium : number.startsWith(group)));

function isAllowed(number: string, { calling, country }: OutboundRules): boolean {
  const code = CODE.test(number);
  return calling.allowed.some((group) => {
    switch (group) {
      case "all":
        return true;
      case "home":
        return !code && factsOf(number).country === country;
      case "short":
        return !code && !number.startsWith("+");
      case "codes":
        return code;
      default:
        return number.startsWith(group);
    }
  });
}

const CODE = /[*#]/;

/**
 * The numbers that a network may find in what has a `*` or `#` in it: each run of digits `inside` it (`*21*82912345#`), and, when it does not
 * begin as a code does, `instead` of it what is before its first key, and all of it without those keys (`+47829*12345`).
 */
function hiddenIn(number: string, homeCountry: string): { readonly inside: string[]; readonly instead: string[] } {
  if (!CODE.test(number)) return { inside: [], instead: [] };
  const readings = (text: string): string[] => {
    const outcome = parseDialNumber(text, { homeCountry, isExtension: () => false });
    return outcome.ok ? [text, outcome.dial.number] : text === "" ? [] : [text];
  };
  const [first = "", ...rest] = number.split(/[*#]+/);
  return {
    inside: rest.flatMap(readings),
    instead: first === "" ? [] : [first, number.replace(/[*#]/g, "")].flatMap(readings),
  };
}

const takes = (trunk: Trunk, number: string): boolean =>
  trunk.outbound?.numbers.some((group) => {
    if (group === "all") return true;
    if (group === "short") return !number.startsWith("+");
    return group.startsWith("+") ? number.startsWith(group) : number === group;
  }) ?? false;

/** The site's number, the agent's direct one, or the customer's where the trunk may show it. */
function routeOf(trunk: Trunk, { agent, customer, number }: OutsideCall): Route {
  const rules = trunk.outbound?.callerId;
  const asserted = rules?.agents[agent] ?? rules?.number ?? "";
  const ours = { name: rules?.name ?? "", number: asserted };
  const shown = rules?.customer && customer && /^\+[0-9]+$/.test(customer.number) ? customer : ours;
  return { trunk, number, callerId: shown, asserted };
}
