import type { AgentId, LegId, QueueId, ReferralId, RequestId } from "@legwork/shared/ids";
import type { TimerName } from "@legwork/shared/interaction";
import type { AgentSeat, InteractionState, PartySeat, Wire } from "../interaction-state.js";
import { seatsOf } from "../seats.js";

type Live = Exclude<InteractionState, { phase: "ended" }>;

/** What can be read off one state: what must exist outside while the interaction is in it. Written from SPEC.md, not from the rules. */

export const ownerOf = (s: InteractionState | null): AgentSeat | null => (s && "owner" in s ? s.owner : null);
export const consultedOf = (s: InteractionState | null): PartySeat | null =>
  s && "consult" in s ? s.consult.consulted : null;
/** RFC 4579: the owner's own dialog with the focus, while the conference is on its way. */
export const focusOf = (s: InteractionState | null): Wire | null => (s?.phase === "joining" ? s.focus : null);
export const agentOf = (p: PartySeat | null): AgentId | null => (p && "agent" in p ? p.agent : null);
export const customerLeg = (s: InteractionState | null): LegId | null =>
  s && s.phase !== "ended" ? s.customer.wire.leg : null;

/** Who owns it without having been asked to wrap up already: a transfer that may still fail opens the wrap-up beforehand (CO-5, BT-1). */
export function periodOf(s: InteractionState | null): AgentId | null {
  const opened = s?.phase === "asking" || (s?.phase === "transferring" && s.asked);
  return opened ? null : agentOf(ownerOf(s));
}

/** The seat that rings: it was called and has not answered. */
export function ringingSeat(s: InteractionState | null): PartySeat | null {
  switch (s?.phase) {
    case "offered":
      return s.offer;
    case "consulting":
      return s.stage.kind === "ringing" ? s.consult.consulted : null;
    case "blind-transferring":
      return s.callee;
    default:
      return null;
  }
}

/** Somebody who is in the state and is to be called later. */
export function notYetCalled(s: InteractionState): LegId | null {
  if (s.phase === "consulting" && s.stage.kind === "holding") return s.consult.consulted?.wire.leg ?? null;
  return s.phase === "dialling" && s.calling === "station" ? s.customer.wire.leg : null;
}

/** The legs that an answer is waited for from. */
export function awaited(s: InteractionState | null): LegId | null {
  if (s?.phase === "dialling") return s.calling === "station" ? s.caller.wire.leg : s.customer.wire.leg;
  return ringingSeat(s)?.wire.leg ?? null;
}

const returning = (seat: PartySeat): readonly LegId[] =>
  "agent" in seat && seat.returning !== null ? [seat.returning] : [];

/** The same answer about the same state is found once. */
function remembered<T>(find: (s: Live) => T, none: T): (s: InteractionState | null) => T {
  const known = new WeakMap<Live, T>();
  return (s) => {
    if (!s || s.phase === "ended") return none;
    const found = known.get(s) ?? find(s);
    known.set(s, found);
    return found;
  };
}

/** Every leg that is up or being called. */
export const legsOf = remembered<readonly LegId[]>((s) => {
  const later = notYetCalled(s);
  const legs = [s.customer.wire.leg, ...seatsOf(s).flatMap((seat) => [seat.wire.leg, ...returning(seat)])];
  if ("consult" in s && s.consult.line) legs.push(s.consult.line.leg);
  const focus = focusOf(s);
  if (focus) legs.push(focus.leg);
  return later === null ? legs : legs.filter((leg) => leg !== later);
}, []);

/** The agents who are reserved for, or engaged in, the interaction. */
export const agentsIn = remembered<readonly AgentId[]>((s) => {
  const later = notYetCalled(s);
  return seatsOf(s).flatMap((seat) => ("agent" in seat && seat.wire.leg !== later ? [seat.agent] : []));
}, []);

/** The agents who talk, or could: all but those who still ring or call (AG-3). */
export function engagedIn(s: InteractionState | null): readonly AgentId[] {
  if (!s || s.phase === "dialling") return [];
  const rings = ringingSeat(s);
  return agentsIn(s).filter((agent) => agent !== agentOf(rings));
}

/** The queue that the interaction has a place in: for its customer, or for a consult. */
export function placeOf(s: InteractionState | null): QueueId | null {
  if (s?.phase === "waiting" || s?.phase === "offered") return s.queue;
  if (s?.phase !== "consulting" || !("queue" in s.consult.target)) return null;
  return s.stage.kind === "queued" || s.stage.kind === "ringing" ? s.consult.target.queue : null;
}

/** The timers that must run in a state, and no others. */
export function timersOf(s: InteractionState | null): readonly TimerName[] {
  switch (s?.phase) {
    case "offered":
      return ["ring"];
    case "connected":
      return s.hold.kind === "starting" ? ["hold"] : [];
    case "consulting":
      if (s.stage.kind === "holding") return ["hold"];
      if (s.stage.kind !== "ringing") return [];
      return "queue" in s.consult.target ? ["ring"] : ["no-answer"];
    case "dialling":
    case "blind-transferring":
      return ["no-answer"];
    case "asking":
      return ["transfer-answer"];
    case "transferring":
      return s.heard ? ["transfer-up"] : ["transfer-plan", "transfer-up"];
    case "joining":
      return ["joining"];
    default:
      return [];
  }
}

/** The requests whose answer is still owed. */
export function pendingRequests(s: InteractionState | null): readonly RequestId[] {
  switch (s?.phase) {
    case "connected":
      return s.hold.kind === "starting" ? [s.hold.request] : [];
    case "consulting":
      if (s.stage.kind !== "holding") return [];
      return s.stage.hold === null ? [s.stage.request] : [s.stage.hold, s.stage.request];
    case "asking":
    case "transferring":
    case "joining":
      return [s.request];
    default:
      return [];
  }
}

/** The REFER whose final NOTIFY is still owed. */
export const pendingReferral = (s: InteractionState | null): ReferralId | null =>
  s && "referral" in s ? s.referral : null;

/** CO-4, CF-2, BT-1: the consulted party, or the target, has the customer now. */
export function changedHands(before: InteractionState | null, after: InteractionState): boolean {
  const party = before?.phase === "blind-transferring" ? before.callee : consultedOf(before);
  if (after.phase === "unowned") return before?.phase !== "unowned";
  return party !== null && after.phase === "connected" && after.owner.seat === party.seat;
}
