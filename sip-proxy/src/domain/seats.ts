import type { AgentId, LegId, SeatId } from "@legwork/shared/ids";
import type { AgentSeat, InteractionState, PartySeat } from "./interaction-state.js";

/** Everybody in an interaction beside the customer. */
export function seatsOf(s: InteractionState): readonly PartySeat[] {
  switch (s.phase) {
    case "waiting":
    case "ended":
      return [];
    case "offered":
      return [s.offer];
    case "dialling":
      return [s.caller];
    case "connected":
      return [s.owner];
    case "blind-transferring":
      return s.from ? [s.from, s.callee] : [s.callee];
    case "unowned":
      return [s.other];
    default:
      return s.consult.consulted ? [s.owner, s.consult.consulted] : [s.owner];
  }
}

/** The seat an agent has in an interaction, whatever its role. */
export function seatOf(s: InteractionState, agent: AgentId): AgentSeat | null {
  return seatsOf(s).find((seat): seat is AgentSeat => "agent" in seat && seat.agent === agent) ?? null;
}

/** Whose leg it is: the seat that speaks on it. */
export function seatOfLeg(s: InteractionState, leg: LegId): SeatId | null {
  if (s.phase === "ended") return null;
  if (s.customer.wire.leg === leg) return s.customer.seat;
  if ("consult" in s && s.consult.line?.leg === leg) return s.owner.seat;
  if ("focus" in s && s.focus?.leg === leg) return s.owner.seat;
  return seatsOf(s).find((seat) => seat.wire.leg === leg)?.seat ?? null;
}

/** Called, and not talking yet. */
export function isRinging(s: InteractionState, seat: SeatId): boolean {
  switch (s.phase) {
    case "offered":
    case "dialling":
      return true;
    case "blind-transferring":
      return seat === s.callee.seat;
    case "consulting":
      return s.stage.kind !== "answered" && seat === s.consult.consulted?.seat;
    default:
      return false;
  }
}

/** On whose account a call to a number goes: the owner's, or the caller's; null when there is neither. */
export function agentInCharge(s: InteractionState): AgentId | null {
  if ("owner" in s) return s.owner.agent;
  if (s.phase === "dialling") return s.caller.agent;
  return s.phase === "blind-transferring" ? (s.from?.agent ?? null) : null;
}
