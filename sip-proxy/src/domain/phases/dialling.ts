import type { InteractionEvent } from "@legwork/shared/interaction";
import type { EndCause, In, InteractionCommand, Step } from "../interaction-state.js";
import { outboundNotice } from "./notices.js";
import {
  accept,
  agentSeat,
  contactOf,
  dialOn,
  endLeg,
  isRequest,
  markWire,
  NO_HOLD,
  otherwise,
  ownAudio,
  refuse,
  release,
  start,
  stop,
  tell,
  to,
  wire,
  type Event,
} from "./steps.js";

type Dialling = In<"dialling">;

/** OB-1: an agent calls a number: by an INVITE of their own, or the server calls the agent's telephone first. */
export function placed(e: Event<"callPlaced">): Step {
  const dialling: Dialling = {
    phase: "dialling",
    queue: null,
    entryPoint: null,
    customer: { seat: e.customerSeat, wire: wire(e.leg) },
    caller: agentSeat(e.seat, e.agent, e.station),
    calling: e.invited ? "customer" : "station",
    invited: e.invited,
    outside: e.outside,
    digits: e.digits,
    since: e.at,
  };
  return e.invited
    ? to(dialling, { type: "progressLeg", leg: e.station }, ...callNumber(dialling))
    : to(
        dialling,
        { type: "originateLeg", leg: e.station, to: { agent: e.agent }, reserve: false, rejoin: false, wanted: true },
        start("no-answer"),
      );
}

const callNumber = (s: Dialling): InteractionCommand[] => [
  {
    type: "originateLeg",
    leg: s.customer.wire.leg,
    to: { outside: s.outside },
    reserve: false,
    rejoin: false,
    wanted: false,
  },
  start("no-answer"),
];

export function whileDialling(s: Dialling, e: InteractionEvent): Step {
  if (isRequest(e)) {
    if (e.type === "legHeld" || e.type === "legUnheld") return ownAudio(s, e);
    if (e.by !== s.caller.seat) return refuse(s, e, "not-owner");
    return e.type === "endRequested" || e.type === "leaveRequested"
      ? over(s, null, "cancelled", accept(e), stop("no-answer"))
      : refuse(s, e, "target-not-answered");
  }
  switch (e.type) {
    case "legAnswered":
      return answered(s, e);
    case "timerFired":
      return e.timer === "no-answer" ? notReached(s, { kind: "no-answer" }, null) : to(s);
    case "legUp":
      return to(markWire(s, e.leg, { up: true, lost: false }));
    case "legEnded":
    case "legFailed":
      if (e.leg === s.caller.wire.leg) return over(s, e.leg, "cancelled", stop("no-answer"));
      if (e.leg !== s.customer.wire.leg) return to(s);
      return notReached(
        s,
        e.type === "legFailed" ? e.failure : { kind: "declined", status: 480 },
        e.leg,
        stop("no-answer"),
      );
    default:
      return otherwise(s, e);
  }
}

function answered(s: Dialling, e: Event<"legAnswered">): Step {
  if (s.calling === "station") {
    return e.leg === s.caller.wire.leg
      ? to({ ...s, calling: "customer", since: e.at }, stop("no-answer"), ...callNumber(s))
      : otherwise(s, e);
  }
  if (e.leg !== s.customer.wire.leg) return otherwise(s, e);
  return to(
    { phase: "connected", ...contactOf(s), owner: s.caller, hold: NO_HOLD, since: e.at },
    stop("no-answer"),
    { type: "engageAgent", agent: s.caller.agent },
    { type: "ownershipBegan", agent: s.caller.agent },
    ...(s.invited ? [{ type: "answerLeg", leg: s.caller.wire.leg } as const] : []),
    ...dialOn(s.customer.wire.leg, s.digits),
  );
}

/** Nobody was talked to, so nobody wraps up. The agent's own INVITE is answered with what the number answered. */
function notReached(
  s: Dialling,
  failure: Event<"legFailed">["failure"],
  gone: string | null,
  ...first: readonly InteractionCommand[]
): Step {
  const told = s.calling === "customer" ? [tell(s.caller.agent, outboundNotice(failure), { outside: s.outside })] : [];
  return over(s, gone, { failed: failure }, ...first, ...told);
}

function over(s: Dialling, gone: string | null, cause: EndCause, ...first: readonly InteractionCommand[]): Step {
  const called = s.calling === "customer";
  return to(
    { phase: "ended" },
    ...first,
    ...(called && gone !== s.customer.wire.leg ? [endLeg(s.customer.wire.leg, "cancelled")] : []),
    ...(gone === s.caller.wire.leg ? [] : [endLeg(s.caller.wire.leg, cause)]),
    ...release(s.caller, "caller-gone"),
    { type: "closeInteraction" },
  );
}
