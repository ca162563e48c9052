import type { LegId } from "@legwork/shared/ids";
import type { InteractionEvent } from "@legwork/shared/interaction";
import type { AgentSeat, InteractionPolicy, InteractionState, Step } from "../interaction-state.js";
import { agentSeats, withSeat } from "./lost-seats.js";
import { accept, endLeg, markWire, NO_HOLD, refuse, to, wire, type Event } from "./steps.js";

type Live = Exclude<InteractionState, { phase: "ended" }>;
type Phase = (s: InteractionState, e: InteractionEvent, policy: InteractionPolicy) => Step;

/** RFC 3891: the asker's own end of a call goes on on another leg of theirs. Nobody takes anybody else's place by it (CO-11). */
export function handOff(s: Live, e: Event<"handOffRequested">, policy: InteractionPolicy, phase: Phase): Step {
  const seat = agentSeats(s).find((one) => one.seat === e.by);
  const old = seat ? ownEnd(s, seat, e.named) : null;
  if (!seat || old === null) return refuse(s, e, "not-yours");
  const state = stateOf(s, seat, old);
  if (state === "busy") return refuse(s, e, "busy-with-request");
  if (state === "early") return refuse(s, e, "not-in-this-phase");
  const first = [accept(e), { type: "answerLeg", leg: e.leg } as const];
  const moved = withNewLeg(s, seat, old, e.leg);
  if (state === "up") return to(moved, ...first, endLeg(old, "moved"));
  const { state: next, commands } = phase(moved, { type: "legAnswered", leg: e.leg, at: e.at }, policy);
  return to(next, ...first, ...commands, endLeg(old, "answered-elsewhere"));
}

/** Who may name a call: one of its two ends, by the dialog of either (RFC 3891 seen from both sides of a B2BUA). */
function ownEnd(s: Live, seat: AgentSeat, named: LegId): LegId | null {
  if (named === seat.wire.leg) return named;
  if (!("owner" in s)) return null;
  const consult = "consult" in s ? s.consult : null;
  const consulting = consult?.line ?? s.owner.wire;
  if (seat.seat !== s.owner.seat) return named === consulting.leg ? seat.wire.leg : null;
  switch (named) {
    case s.customer.wire.leg:
      return s.owner.wire.leg;
    case consult?.line?.leg:
    case consult?.consulted?.wire.leg:
      return consulting.leg;
    default:
      return null;
  }
}

/** What the leg is doing: talking, ringing, or still calling; `busy`: a hold, a transfer or a conference is under way. */
function stateOf(s: Live, { seat }: AgentSeat, old: LegId): "up" | "rings" | "early" | "busy" {
  switch (s.phase) {
    case "offered":
      return "rings";
    case "dialling":
      if (s.calling === "station") return "rings";
      return s.invited ? "early" : "up";
    case "blind-transferring":
      return seat === s.callee.seat ? "rings" : "busy";
    case "consulting":
      if (s.stage.kind === "answered" || old === s.owner.wire.leg) return "up";
      return s.stage.kind === "ringing" && seat !== s.owner.seat ? "rings" : "early";
    case "connected":
      return s.hold.kind === "starting" ? "busy" : "up";
    case "asking":
    case "transferring":
    case "joining":
      return "busy";
    default:
      return "up";
  }
}

/** A hold of the old telephone's own key ends with its leg; one that was made on the desktop stays. */
function withNewLeg(s: Live, seat: AgentSeat, old: LegId, leg: LegId): Live {
  const calledBack = old === seat.wire.leg ? withSeat(s, { ...seat, returning: null }) : s;
  const moved = markWire(calledBack, old, wire(leg));
  if (!("owner" in s) || old !== s.owner.wire.leg || !s.owner.wire.held) return moved;
  if (moved.phase === "connected" && moved.hold.kind === "in-force") return { ...moved, hold: NO_HOLD };
  return moved.phase === "consulting" && moved.stage.kind === "answered" && moved.consult.line === null
    ? { ...moved, stage: { kind: "answered", talk: { ...moved.stage.talk, held: false } } }
    : moved;
}
