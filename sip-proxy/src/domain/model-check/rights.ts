import type { ErrorCode } from "@legwork/shared/api";
import type { LegId } from "@legwork/shared/ids";
import type { Request } from "@legwork/shared/interaction";
import type { InteractionState } from "../interaction-state.js";
import { seatsOf } from "../seats.js";
import { consultedOf, ownerOf } from "./facts.js";

type Live = Exclude<InteractionState, { phase: "ended" }>;

/** What an owner may ask for while nobody else is there. */
const OWNERS_WHEN_ALONE: ReadonlySet<string> = new Set<Request["type"]>([
  "holdRequested",
  "unholdRequested",
  "consultRequested",
  "blindTransferRequested",
  "leaveRequested",
  "endRequested",
]);
const TALK: ReadonlySet<string> = new Set<Request["type"]>([
  "resumeRequested",
  "transferRequested",
  "conferenceRequested",
]);

/** Who may do what, in every state (CO-1, CO-11, CF-5): granted, or why not. */
export function verdictOn(s: InteractionState | null, e: Request): "granted" | ErrorCode {
  if (!s || s.phase === "ended") return "not-in-this-phase";
  if (e.type === "legHeld" || e.type === "legUnheld") return verdictOnKey(s, e);
  if (e.type === "handOffRequested") return verdictOnHandOff(s, e);
  const owner = ownerOf(s);
  const isOwner = owner !== null && e.by === owner.seat;
  const isConsulted = e.by !== null && e.by === consultedOf(s)?.seat;
  switch (s.phase) {
    case "waiting":
    case "offered":
      return "not-in-this-phase";
    case "dialling":
      if (e.by !== s.caller.seat) return "not-owner";
      return e.type === "endRequested" || e.type === "leaveRequested" ? "granted" : "target-not-answered";
    case "connected":
      if (!OWNERS_WHEN_ALONE.has(e.type)) return "not-in-this-phase";
      if (!isOwner) return "not-owner";
      return s.hold.kind === "starting" && e.type === "holdRequested" ? "busy-with-request" : "granted";
    case "consulting":
      if (!isOwner) return isConsulted && e.type === "leaveRequested" ? "granted" : "not-owner";
      if (e.type === "transferRequested" && isEarly(s, e)) return "granted";
      if (TALK.has(e.type)) return s.stage.kind === "answered" ? "granted" : "target-not-answered";
      return ["endRequested", "endConsultRequested", "backToCustomerRequested"].includes(e.type)
        ? "granted"
        : "not-in-this-phase";
    case "asking":
      if (isOwner) return "busy-with-request";
      return isConsulted && ["transferAccepted", "transferDeclined", "leaveRequested"].includes(e.type)
        ? "granted"
        : "not-owner";
    case "transferring":
    case "joining":
      return isOwner ? "busy-with-request" : "not-owner";
    case "conference":
      if (e.type === "leaveRequested") return isOwner || isConsulted ? "granted" : "not-yours";
      if (!isOwner) return "not-owner";
      if (e.type === "consultRequested") return "in-conference";
      return e.type === "endRequested" ? "granted" : "not-in-this-phase";
    case "blind-transferring":
      if (s.from === null || e.by !== s.from.seat) return "not-owner";
      return e.type === "backToCustomerRequested" ? "granted" : "busy-with-request";
    case "unowned":
      return "not-owner";
  }
}

/** BT-1: a telephone's transfer key, pressed while whom its owner calls rings. */
const isEarly = (
  s: Extract<Live, { phase: "consulting" }>,
  e: Extract<Request, { type: "transferRequested" }>,
): boolean => e.referral !== null && s.stage.kind === "ringing" && !("queue" in s.consult.target);

type HandOff = Extract<Request, { type: "handOffRequested" }>;

/** The two ends of each call that an agent of ours has in this state, with what it is doing: RFC 3891 as SG-3 tells it. */
function callsIn(
  s: Live,
): readonly { seat: string; own: LegId; other: LegId | null; how: "up" | "rings" | "early" | "busy" }[] {
  const customer = s.customer.wire.leg;
  switch (s.phase) {
    case "waiting":
    case "unowned":
      return [];
    case "offered":
      return [{ seat: s.offer.seat, own: s.offer.wire.leg, other: null, how: "rings" }];
    case "dialling": {
      const how = s.calling === "station" ? "rings" : s.invited ? "early" : "up";
      return [{ seat: s.caller.seat, own: s.caller.wire.leg, other: null, how }];
    }
    case "blind-transferring":
      return [
        ...(s.from ? [{ seat: s.from.seat, own: s.from.wire.leg, other: null, how: "busy" } as const] : []),
        { seat: s.callee.seat, own: s.callee.wire.leg, other: null, how: "rings" },
      ];
    case "connected":
      return [
        { seat: s.owner.seat, own: s.owner.wire.leg, other: customer, how: s.hold.kind === "starting" ? "busy" : "up" },
      ];
    default: {
      const { consulted, line } = s.consult;
      const stage = s.phase === "consulting" ? s.stage.kind : "answered";
      const ownersEnd = line?.leg ?? s.owner.wire.leg;
      return [
        { seat: s.owner.seat, own: s.owner.wire.leg, other: customer, how: "up" },
        {
          seat: s.owner.seat,
          own: ownersEnd,
          other: consulted?.wire.leg ?? null,
          how: stage === "answered" || line === null ? "up" : "early",
        },
        ...(consulted
          ? [
              {
                seat: consulted.seat,
                own: consulted.wire.leg,
                other: ownersEnd,
                how: stage === "answered" ? "up" : stage === "ringing" ? "rings" : "early",
              } as const,
            ]
          : []),
      ];
    }
  }
}

/** The call whose end the asker would move; null: none of theirs. An outside party asks for nothing. */
export function callMoved(s: Live, e: HandOff): ReturnType<typeof callsIn>[number] | null {
  const outside = seatsOf(s).some((seat) => seat.seat === e.by && "outside" in seat);
  const own = outside ? [] : callsIn(s).filter(({ seat }) => seat === e.by);
  return own.find((call) => call.own === e.named) ?? own.find((call) => call.other === e.named) ?? null;
}

function verdictOnHandOff(s: Live, e: HandOff): "granted" | ErrorCode {
  const call = callMoved(s, e);
  if (!call) return "not-yours";
  if (call.how === "busy" || s.phase === "asking" || s.phase === "transferring" || s.phase === "joining")
    return "busy-with-request";
  return call.how === "early" ? "not-in-this-phase" : "granted";
}

/** HO-5: everybody may hold their own leg; the owner's key is the hold of the customer (HO-2), and cannot run ahead of a consult. */
function verdictOnKey(
  s: Exclude<InteractionState, { phase: "ended" }>,
  e: Extract<Request, { type: "legHeld" | "legUnheld" }>,
): "granted" | ErrorCode {
  if (e.leg !== ownerOf(s)?.wire.leg) return "granted";
  if (s.phase === "connected") {
    return e.type === "legHeld" && s.hold.kind === "starting" ? "busy-with-request" : "granted";
  }
  const early = s.phase === "consulting" && s.stage.kind !== "answered";
  const twoLines = s.phase === "consulting" && s.consult.line !== null;
  return early && twoLines && e.type === "legUnheld" && s.owner.wire.held ? "target-not-answered" : "granted";
}
