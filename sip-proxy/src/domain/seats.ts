import type { AgentId, LegId, SeatId } from "@legwork/shared/ids";
import type { AgentSeat, InteractionState } from "./interaction-state.js";

/** The seat an agent has in an interaction, whatever its role. */
export function seatOf(s: InteractionState, agent: AgentId): AgentSeat | null {
  if (s.phase === "offered") return s.offer.agent === agent ? s.offer : null;
  if (!("owner" in s)) return null;
  if (s.owner.agent === agent) return s.owner;
  return "consult" in s && s.consult.consulted?.agent === agent ? s.consult.consulted : null;
}

/** Whose leg it is: the seat that speaks on it. */
export function seatOfLeg(s: InteractionState, leg: LegId): SeatId | null {
  if (s.phase === "ended") return null;
  if (s.customer.wire.leg === leg) return s.customer.seat;
  if (s.phase === "offered") return s.offer.wire.leg === leg ? s.offer.seat : null;
  if (!("owner" in s)) return null;
  const consult = "consult" in s ? s.consult : null;
  if (s.owner.wire.leg === leg || consult?.line?.leg === leg) return s.owner.seat;
  return consult?.consulted?.wire.leg === leg ? consult.consulted.seat : null;
}
