import type { LegId } from "@legwork/shared/ids";
import type { InteractionEvent } from "@legwork/shared/interaction";
import type { In, InteractionCommand, InteractionPolicy, Step } from "../interaction-state.js";
import { backToCustomer } from "./consulting.js";
import { outcome, rollBack } from "./moving.js";
import {
  accept,
  contactOf,
  endLeg,
  endOwned,
  handOver,
  isConsulted,
  isOwner,
  isRequest,
  markWire,
  ontoLine,
  otherwise,
  ownAudio,
  ownerGoes,
  ownershipTo,
  refuse,
  release,
  stop,
  tell,
  to,
  withoutLine,
  type Event,
} from "./steps.js";

type Joining = In<"joining">;
type Conference = In<"conference">;

/** CF-1: the new plan is on its way; until it is in force the consult can come back. */
export function whileJoining(s: Joining, e: InteractionEvent, policy: InteractionPolicy): Step {
  if (isRequest(e)) {
    if (e.type === "legHeld" || e.type === "legUnheld") return ownAudio(s, e);
    return refuse(s, e, isOwner(s, e.by) ? "busy-with-request" : "not-owner");
  }
  switch (e.type) {
    case "mediaInForce":
      return joined(s, null);
    case "mediaFailed":
      return undo(s);
    case "timerFired":
      return e.timer === "joining" ? undo(s) : to(s);
    case "legUp":
      return to(markWire(s, e.leg, { up: true, lost: false }));
    case "legEnded":
    case "legFailed":
      return joiningLegGone(s, e, policy);
    default:
      return otherwise(s, e);
  }
}

/** The conference is there. A dialog with the focus carries it from now on; `gone`: the owner's leg that has just ended. */
function joined(s: Joining, gone: LegId | null): Step {
  const { request: _request, referral: _referral, focus, ...rest } = s;
  const conference: Conference = { ...rest, phase: "conference" };
  const told = [stop("joining"), ...outcome(s, true)];
  if (!focus) return settle(conference, ...told);
  const former = [s.owner.wire, s.consult.line].filter((w) => w !== null).filter(({ leg }) => leg !== gone);
  return to(
    ontoLine(conference, focus),
    ...told,
    { type: "answerLeg", leg: focus.leg },
    ...former.map(({ leg }) => endLeg(leg, "in-focus")),
  );
}

function joiningLegGone(s: Joining, e: Event<"legEnded" | "legFailed">, policy: InteractionPolicy): Step {
  const { consult, focus, owner } = s;
  const { consulted, line } = consult;
  const over = [stop("joining"), ...outcome(s, "media-failed")];
  switch (e.leg) {
    case s.customer.wire.leg:
      return endOwned(s, e.leg, ...over, tell(owner.agent, "customer-left", null));
    case consulted.wire.leg:
      return backToCustomer(
        s,
        e.at,
        policy,
        ...over,
        tell(owner.agent, "consult-left", consulted),
        ...(focus ? [endLeg(focus.leg, "normal")] : []),
      );
    case focus?.leg: // CANCEL: it is not wanted any more
      return undo({ ...s, focus: null });
    case line?.leg: // after an accepted REFER to the focus the line's BYE is part of it, whatever the order
      return to(withoutLine(s));
    case owner.wire.leg:
      if (line) return to(ontoLine(s, line));
      return focus ? joined(s, e.leg) : endOwned(s, e.leg, ...over); // with a focus nobody is left to roll back to
    default:
      return to(s);
  }
}

const undo = (s: Joining): Step =>
  rollBack(
    s,
    "media-failed",
    "conference-failed",
    stop("joining"),
    ...(s.focus ? [endLeg(s.focus.leg, { refused: "media-failed" })] : []),
  );

export function whileConference(s: Conference, e: InteractionEvent): Step {
  switch (e.type) {
    case "legHeld":
    case "legUnheld":
      return ownAudio(s, e);
    case "mediaInForce":
      return settle(s);
    case "legUp":
      return to(markWire(s, e.leg, { up: true, lost: false }));
    case "consultRequested": // CO-1
      return refuse(s, e, isOwner(s, e.by) ? "in-conference" : "not-owner");
    case "leaveRequested":
      if (isOwner(s, e.by)) return ownerLeft(s, e.at, accept(e), ...ownLegs(s));
      if (isConsulted(s, e.by))
        return consultedLeft(s, e.at, accept(e), endLeg(s.consult.consulted.wire.leg, "normal"));
      return refuse(s, e, "not-yours");
    case "endRequested": // CF-5
      return isOwner(s, e.by) ? endOwned(s, null, accept(e)) : refuse(s, e, "not-owner");
    case "blindTransferRequested":
    case "transferAccepted":
    case "transferDeclined":
    case "holdRequested":
    case "unholdRequested":
    case "resumeRequested":
    case "transferRequested":
    case "conferenceRequested":
    case "endConsultRequested":
    case "backToCustomerRequested":
      return refuse(s, e, isOwner(s, e.by) ? "not-in-this-phase" : "not-owner");
    case "legEnded":
    case "legFailed":
      return legGone(s, e);
    default:
      return otherwise(s, e);
  }
}

/** The owner goes on in the dialog the call came on: once that one is heard, being off hold, the consult dialog has done its work. */
function settle(s: Conference, ...first: readonly InteractionCommand[]): Step {
  const { line } = s.consult;
  if (!line || s.owner.wire.held) return to(s, ...first);
  return to(withoutLine(s), ...first, endLeg(line.leg, "joined"));
}

function legGone(s: Conference, e: Event<"legEnded" | "legFailed">): Step {
  const { consulted, line } = s.consult;
  switch (e.leg) {
    case s.customer.wire.leg: // CF-4
      return endOwned(s, e.leg, tell(s.owner.agent, "customer-left", null));
    case consulted.wire.leg: // CF-3
      return consultedLeft(s, e.at);
    case line?.leg:
      return to(withoutLine(s));
    case s.owner.wire.leg: // CF-2, unless the other dialog is still there
      return line ? to(ontoLine(s, line)) : ownerLeft(s, e.at);
    default:
      return to(s);
  }
}

/** CF-2: the others go on; an agent who was consulted is the owner now. */
const ownerLeft = (s: Conference, at: number, ...first: readonly InteractionCommand[]): Step =>
  to(handOver(s, s.consult.consulted, at), ...first, ...ownerGoes(s), ...ownershipTo(s.consult.consulted, s.owner));

/** CF-3: no wrap-up for who was only consulted. */
const consultedLeft = (s: Conference, at: number, ...first: readonly InteractionCommand[]): Step =>
  to(
    {
      phase: "connected",
      ...contactOf(s),
      owner: s.owner,
      hold: { kind: "none" },
      since: at,
    },
    ...first,
    ...(s.consult.line ? [endLeg(s.consult.line.leg, "joined")] : []),
    ...release(s.consult.consulted, "consulted"),
    tell(s.owner.agent, "consult-left", s.consult.consulted),
  );

const ownLegs = (s: Conference): InteractionCommand[] => [
  endLeg(s.owner.wire.leg, "normal"),
  ...(s.consult.line ? [endLeg(s.consult.line.leg, "normal")] : []),
];
