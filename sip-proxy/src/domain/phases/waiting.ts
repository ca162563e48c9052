import type { InteractionEvent } from "@legwork/shared/interaction";
import type { In, Release, Step } from "../interaction-state.js";
import {
  agentSeat,
  contactOf,
  endLeg,
  markWire,
  NO_HOLD,
  otherwise,
  ownAudio,
  start,
  stop,
  to,
  wire,
  type Event,
} from "./steps.js";

/** The first event of every interaction: the customer is answered at once and hears the queue's music. */
export const opened = (e: Event<"callArrived">): Step =>
  to(
    {
      phase: "waiting",
      queue: e.queue,
      entryPoint: e.entryPoint,
      customer: { seat: e.seat, wire: wire(e.leg) },
      since: e.at,
    },
    { type: "answerLeg", leg: e.leg },
    { type: "enqueue", queue: e.queue, front: false },
  );

export function whileWaiting(s: In<"waiting">, e: InteractionEvent): Step {
  switch (e.type) {
    case "offerStarted":
      return to(
        {
          phase: "offered",
          ...contactOf(s),
          queue: s.queue,
          offer: agentSeat(e.seat, e.agent, e.leg),
          since: e.at,
        },
        { type: "originateLeg", leg: e.leg, to: { agent: e.agent }, reserve: false, rejoin: false, wanted: false },
        start("ring"),
      );
    case "legHeld":
    case "legUnheld":
      return ownAudio(s, e);
    case "legUp":
      return to(markWire(s, e.leg, { up: true, lost: false }));
    case "legEnded":
    case "legFailed":
      return e.leg === s.customer.wire.leg ? abandoned(s) : to(s);
    default:
      return otherwise(s, e);
  }
}

export function whileOffered(s: In<"offered">, e: InteractionEvent): Step {
  switch (e.type) {
    case "legAnswered":
      if (e.leg !== s.offer.wire.leg) return otherwise(s, e);
      return to(
        { phase: "connected", ...contactOf(s), owner: s.offer, hold: NO_HOLD, since: e.at },
        stop("ring"),
        { type: "leaveQueue", queue: s.queue },
        { type: "engageAgent", agent: s.offer.agent },
        { type: "ownershipBegan", agent: s.offer.agent },
      );
    case "legFailed":
      if (e.leg === s.customer.wire.leg) return abandoned(s);
      return e.leg === s.offer.wire.leg ? offerOver(s, e.at, "not-answered") : to(s);
    case "timerFired":
      return e.timer === "ring" ? offerOver(s, e.at, "not-answered") : to(s);
    case "legHeld":
    case "legUnheld":
      return ownAudio(s, e);
    case "legUp":
      return to(markWire(s, e.leg, { up: true, lost: false }));
    case "legEnded":
      if (e.leg === s.customer.wire.leg) return abandoned(s);
      return e.leg === s.offer.wire.leg ? offerOver(s, e.at, "not-answered") : to(s);
    default:
      return otherwise(s, e);
  }
}

/** QU-1: the contact keeps its place, and the next agent is tried. */
const offerOver = (s: In<"offered">, at: number, how: Release): Step =>
  to(
    { phase: "waiting", ...contactOf(s), queue: s.queue, since: at },
    stop("ring"),
    endLeg(s.offer.wire.leg, "no-answer"),
    { type: "releaseAgent", agent: s.offer.agent, how },
    { type: "enqueue", queue: s.queue, front: false },
  );

/** QU-2: nothing is left behind, nobody wraps up. */
function abandoned(s: In<"waiting" | "offered">): Step {
  const offer = s.phase === "offered" ? s.offer : null;
  return to(
    { phase: "ended" },
    { type: "leaveQueue", queue: s.queue },
    ...(offer
      ? ([
          stop("ring"),
          endLeg(offer.wire.leg, "cancelled"),
          { type: "releaseAgent", agent: offer.agent, how: "caller-gone" },
        ] as const)
      : []),
    endLeg(s.customer.wire.leg, "normal"),
    { type: "closeInteraction" },
  );
}
