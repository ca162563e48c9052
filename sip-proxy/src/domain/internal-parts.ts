import type { AgentId, InteractionId, LegId } from "@legwork/shared/ids";
import type { CallOutcome, CallParty, CallPart } from "@legwork/shared/store";
import { outcomeOf, partyAt } from "./call-parts.js";
import type { InternalCall, InternalEvent, InternalStep } from "./internal-call.js";

/** One end of an internal call. */
export interface InternalEnd {
  readonly leg: LegId;
  readonly user: string;
  /** Null: a telephone nobody is signed in at, which has no history. */
  readonly agent: AgentId | null;
  readonly name: string;
}

export interface InternalEnds {
  readonly call: InteractionId;
  readonly caller: InternalEnd;
  readonly callee: InternalEnd;
}

/** The parts of an internal call's agents that are new or another after a step (IN-1). */
export function notedInternal(
  open: readonly CallPart[],
  ends: InternalEnds,
  before: InternalCall | null,
  event: InternalEvent,
  { commands, state }: InternalStep,
  at: number,
): readonly CallPart[] {
  const { callee, caller } = ends;
  const begun = [
    ...(event.type === "placed" && before === null ? part(ends, "out", at) : []),
    ...(commands.some((c) => c.type === "call" && c.leg === callee.leg) ? part(ends, "in", at) : []),
  ];
  if (state.phase === "talking" && before?.phase !== "talking") return open.map((one) => ({ ...one, answered: at }));
  if (state.phase !== "ended" || !before || before.phase === "ended") return begun;
  return open.map((one) => ({
    ...one,
    end: { at, outcome: outcome(before, event, caller.leg, one.direction), transferredTo: null },
  }));
}

function part({ call, callee, caller }: InternalEnds, direction: "in" | "out", at: number): CallPart[] {
  const [me, other] = direction === "out" ? [caller, callee] : [callee, caller];
  if (!me.agent) return [];
  const common = { about: null, from: null, queue: null, entryPoint: null, consults: [], answered: null, end: null };
  return [
    { id: me.leg, call, agent: me.agent, direction, role: "internal", other: partyOf(other), began: at, ...common },
  ];
}

const partyOf = ({ agent, name, user }: InternalEnd): CallParty =>
  agent ? { label: name || user, agent, number: null } : partyAt(user, name);

function outcome(
  before: Exclude<InternalCall, { phase: "ended" }>,
  e: InternalEvent,
  caller: LegId,
  direction: CallPart["direction"],
): CallOutcome {
  if (before.phase === "talking") return "answered";
  // The caller did not come to the telephone of their own that was called first.
  if (before.phase === "calling-back") return "abandoned";
  if (e.type === "noAnswer") return "not-answered";
  if (!("leg" in e) || e.leg === caller) return "abandoned";
  return e.type === "legFailed" ? outcomeOf(e.failure, direction) : "declined";
}
