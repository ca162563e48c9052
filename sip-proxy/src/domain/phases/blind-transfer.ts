import type { InteractionEvent } from "@legwork/shared/interaction";
import type { In, InteractionCommand, NoticeKind, Step } from "../interaction-state.js";
import { statusOfFailure } from "../sip-status.js";
import {
  accept,
  call,
  consultQueue,
  contactOf,
  dialOn,
  endLeg,
  endReferral,
  engage,
  handOver,
  isRequest,
  markWire,
  NO_HOLD,
  otherwise,
  ownAudio,
  ownershipTo,
  partyFor,
  refuse,
  release,
  start,
  stop,
  takeReferral,
  tell,
  to,
  type Event,
} from "./steps.js";

type Connected = In<"connected">;
type Blind = In<"blind-transferring">;

/** BT-1: a queue takes the customer at once; anybody else is called first, and commits it by answering. */
export function beginBlindTransfer(s: Connected, e: Event<"blindTransferRequested">): Step {
  const held = holdOvertaken(s);
  const queue = consultQueue(e.target);
  const wrapUp: InteractionCommand = { type: "ownershipEnded", agent: s.owner.agent };
  if (queue) {
    const entryPoint = e.target.kind === "entry-point" ? e.target.entryPoint : s.entryPoint;
    return to(
      { phase: "waiting", customer: s.customer, queue, entryPoint, since: e.at },
      accept(e),
      ...takeReferral(e.referral),
      ...endReferral(e.referral, 200),
      endLeg(s.owner.wire.leg, "transferred"),
      wrapUp,
      ...release(s.owner, "handled"),
      { type: "enqueue", queue, front: false },
      ...held,
    );
  }
  const callee = partyFor(e);
  if (!callee) return refuse(s, e, "bad-request");
  return to(
    {
      phase: "blind-transferring",
      ...contactOf(s),
      from: s.owner,
      callee,
      digits: e.target.kind === "outside" ? e.target.digits : "",
      referral: e.referral,
      since: e.at,
    },
    accept(e),
    ...takeReferral(e.referral),
    wrapUp,
    call(callee),
    start("no-answer"),
    ...held,
  );
}

/** SG-3: a telephone's hold and its REFER, one right behind the other: the customer leaves the owner's ear either way. */
const holdOvertaken = ({ hold }: Connected): InteractionCommand[] =>
  hold.kind === "starting" ? [stop("hold"), { type: "acceptRequest", request: hold.request, when: "now" }] : [];

/**
 * BT-1 with a leg that rings already: the transfer key of a telephone pressed before the answer, by REFER. Its own dialog for the consult has done
 * its work. Null: there is nobody who rings for the owner alone.
 */
export function transferRinging(
  s: In<"consulting">,
  e: Event<"resumeRequested" | "transferRequested" | "conferenceRequested">,
): Step | null {
  const { consulted, line, target } = s.consult;
  if (
    e.type !== "transferRequested" ||
    e.referral === null ||
    s.stage.kind !== "ringing" ||
    !consulted ||
    consultQueue(target)
  )
    return null;
  return to(
    {
      phase: "blind-transferring",
      ...contactOf(s),
      from: s.owner,
      callee: consulted,
      digits: target.kind === "outside" ? target.digits : "",
      referral: e.referral,
      since: e.at,
    },
    accept(e),
    ...takeReferral(e.referral),
    { type: "ownershipEnded", agent: s.owner.agent },
    ...(line ? [endLeg(line.leg, "transferred")] : []),
  );
}

export function whileBlindTransferring(s: Blind, e: InteractionEvent): Step {
  if (isRequest(e)) {
    if (e.type === "legHeld" || e.type === "legUnheld") return ownAudio(s, e);
    if (e.by !== s.from?.seat) return refuse(s, e, "not-owner");
    return e.type === "backToCustomerRequested"
      ? failed(s, e.at, null, 503, accept(e), stop("no-answer"), endLeg(s.callee.wire.leg, "cancelled"))
      : refuse(s, e, "busy-with-request");
  }
  switch (e.type) {
    case "legAnswered":
      return e.leg === s.callee.wire.leg ? commit(s, e.at) : otherwise(s, e);
    case "timerFired":
      return e.timer === "no-answer"
        ? failed(s, e.at, "transfer-failed", 480, endLeg(s.callee.wire.leg, "no-answer"))
        : to(s);
    case "legUp":
      return to(markWire(s, e.leg, { up: true, lost: false }));
    case "legEnded":
    case "legFailed":
      return legGone(s, e);
    default:
      return otherwise(s, e);
  }
}

/** The target's 200. */
const commit = (s: Blind, at: number): Step =>
  to(
    handOver(s, s.callee, at),
    stop("no-answer"),
    ...endReferral(s.referral, 200),
    ...engage(s.callee),
    ...dialOn(s.callee.wire.leg, s.digits),
    ...(s.from ? [endLeg(s.from.wire.leg, "transferred"), ...release(s.from, "handled")] : []),
    ...ownershipTo(s.callee, s.from),
  );

/** The customer is the owner's again and the wrap-up is withdrawn; with the owner gone the queue takes the customer back, first in line. */
function failed(
  s: Blind,
  at: number,
  notice: NoticeKind | null,
  status: number,
  ...first: readonly InteractionCommand[]
): Step {
  const { from, queue } = s;
  const over = [...endReferral(s.referral, status), ...first, ...release(s.callee, "caller-gone")];
  if (from) {
    return to(
      { phase: "connected", ...contactOf(s), owner: from, hold: NO_HOLD, since: at },
      ...over,
      { type: "ownershipBegan", agent: from.agent },
      ...(notice ? [tell(from.agent, notice, s.callee)] : []),
    );
  }
  return queue
    ? to({ phase: "waiting", ...contactOf(s), queue, since: at }, ...over, { type: "enqueue", queue, front: true })
    : to({ phase: "ended" }, ...over, endLeg(s.customer.wire.leg, "normal"), { type: "closeInteraction" });
}

const statusOfEnd = (e: Event<"legEnded" | "legFailed">): number =>
  e.type === "legFailed" ? statusOfFailure(e.failure).status : 480;

function legGone(s: Blind, e: Event<"legEnded" | "legFailed">): Step {
  switch (e.leg) {
    case s.customer.wire.leg:
      return to(
        { phase: "ended" },
        stop("no-answer"),
        ...endReferral(s.referral, 503),
        endLeg(s.callee.wire.leg, "cancelled"),
        ...release(s.callee, "caller-gone"),
        ...(s.from
          ? [
              endLeg(s.from.wire.leg, "normal"),
              ...release(s.from, "handled"),
              tell(s.from.agent, "customer-left", null),
            ]
          : []),
        { type: "closeInteraction" },
      );
    case s.callee.wire.leg:
      return failed(s, e.at, "transfer-failed", statusOfEnd(e), stop("no-answer"));
    case s.from?.wire.leg: // the transferor need not wait for the answer
      return s.from
        ? to({ ...s, from: null, referral: null }, ...endReferral(s.referral, 503), ...release(s.from, "handled"))
        : to(s);
    default:
      return to(s);
  }
}
