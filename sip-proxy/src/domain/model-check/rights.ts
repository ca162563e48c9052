import type { ErrorCode } from "@legwork/shared/api";
import type { Request } from "@legwork/shared/interaction";
import type { InteractionState } from "../interaction-state.js";
import { consultedOf, ownerOf } from "./facts.js";

/** What an owner may ask for while nobody else is there. */
const OWNERS_WHEN_ALONE: ReadonlySet<string> = new Set<Request["type"]>([
  "holdRequested",
  "unholdRequested",
  "consultRequested",
  "blindTransferRequested",
  "leaveRequested",
  "endRequested",
]);
const NEEDS_THE_HOLD: ReadonlySet<string> = new Set<Request["type"]>([
  "holdRequested",
  "consultRequested",
  "blindTransferRequested",
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
      return s.hold.kind === "starting" && NEEDS_THE_HOLD.has(e.type) ? "busy-with-request" : "granted";
    case "consulting":
      if (!isOwner) return isConsulted && e.type === "leaveRequested" ? "granted" : "not-owner";
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
  return early && e.type === "legUnheld" && s.owner.wire.held ? "target-not-answered" : "granted";
}
