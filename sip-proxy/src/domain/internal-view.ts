import type { Control, Controls, Hears, InteractionView, SeatView } from "@legwork/shared/api";
import type { InteractionId, LegId } from "@legwork/shared/ids";
import { NO_CONTROLS } from "./controls.js";
import type { InternalCall } from "./internal-call.js";

interface Person {
  readonly leg: LegId;
  readonly user: string;
  readonly name: string;
}

export interface InternalFacts {
  readonly id: InteractionId;
  readonly caller: Person;
  readonly callee: Person;
  readonly startedAt: number; // milliseconds since 1970
  readonly since: number;
  readonly country: string;
  readonly focusUri: string;
  /** SIP Call-ID of the viewer's own leg; null while it has none. */
  readonly callId: string | null;
  iso(ms: number): string;
}

const ON: Control = { visible: true, enabled: true, reason: null };

/** An internal call as one of its agents sees it: like a call with one other person, and nothing to do but talk and hang up (IN-1). */
export function internalView(
  s: Exclude<InternalCall, { phase: "ended" }>,
  side: "caller" | "callee",
  facts: InternalFacts,
): InteractionView {
  const [me, other] = side === "caller" ? [facts.caller, facts.callee] : [facts.callee, facts.caller];
  const talking = s.phase === "talking";
  const offered = !talking && side === "callee";
  const since = facts.iso(facts.since);
  const hears = (from: Person, ringing: boolean): Hears => {
    if (talking && "caller" in s) {
      const end = from.leg === s.caller.leg ? s.caller : s.callee;
      return end.held ? { kind: "silence" } : { kind: "people", seats: [from.leg] };
    }
    return ringing ? { kind: "ringback" } : { kind: "silence" };
  };
  const seat = (person: Person, role: SeatView["role"], from: Person): SeatView => ({
    seat: person.leg,
    role,
    label: person.name || person.user,
    me: person === me,
    status: talking ? "talking" : person === facts.callee && s.phase === "ringing" ? "ringing" : "waiting",
    since,
    hears: hears(from, person === facts.caller && s.phase === "ringing"),
  });
  return {
    id: facts.id,
    phase: talking ? "connected" : offered ? "offered" : "dialling",
    phaseSince: since,
    startedAt: facts.iso(facts.startedAt),
    role: offered ? "offered" : "owner",
    customer: { name: other.name, number: other.user },
    internal: true,
    queue: null,
    entryPoint: null,
    seats: [seat(other, "customer", me), seat(me, "owner", other)],
    consult: null,
    transfer: null,
    legs: facts.callId === null ? [] : [{ side: "customer", callId: facts.callId }],
    focusUri: facts.focusUri,
    controls: controlsOf(offered, talking),
  };
}

const controlsOf = (offered: boolean, talking: boolean): Controls => ({
  ...NO_CONTROLS,
  ...(!offered && { end: ON }),
  ...(talking && { dtmf: ON }),
});
