import type { InteractionEvent } from "@legwork/shared/interaction";
import type { QueueId } from "@legwork/shared/ids";
import type {
  PartySeat,
  In,
  InteractionCommand,
  InteractionPolicy,
  MetConsult,
  Stage,
  Step,
} from "../interaction-state.js";
import { transferRinging } from "./blind-transfer.js";
import { whileAnswered } from "./answered.js";
import { callTarget, consultRefused } from "./connected.js";
import { noticeOf } from "./notices.js";
import {
  accept,
  agentSeat,
  consultQueue,
  contactOf,
  dialOn,
  endLeg,
  endOwned,
  engage,
  holdsAll,
  howCalled,
  isConsulted,
  isHeldFor,
  isOwner,
  isRequest,
  leaveConsultQueue,
  markWire,
  notHeld,
  otherwise,
  ownAudio,
  ownerStays,
  refuse,
  release,
  start,
  stop,
  tell,
  to,
  type Event,
} from "./steps.js";

type Consulting = In<"consulting">;
export type At<K extends Stage["kind"]> = Consulting & { readonly stage: Extract<Stage, { kind: K }> };
const at = <K extends Stage["kind"]>(s: Consulting, kind: K): s is At<K> => s.stage.kind === kind;

export function whileConsulting(s: Consulting, e: InteractionEvent, policy: InteractionPolicy): Step {
  // CO-11: whatever client asks. The consulted party may hold its own leg (HO-5) and leave (CO-10), nothing else.
  if (isRequest(e) && !isOwner(s, e.by)) return notTheOwner(s, e, policy);
  switch (e.type) {
    case "legEnded":
    case "legFailed":
      return legGone(s, e, policy);
    case "legUp":
      return to(markWire(s, e.leg, { up: true, lost: false }));
    case "endRequested":
      return endOwned(s, null, ...interrupted(s), accept(e));
    default:
      break;
  }
  if (at(s, "holding")) return whileHolding(s, e, policy);
  if (at(s, "queued")) return whileQueued(s, e, policy);
  const { consulted } = s.consult;
  if (!consulted) return otherwise(s, e);
  const met = { ...s.consult, consulted };
  return at(s, "answered") ? whileAnswered(s, met, e, policy) : whileRinging(s, met, e, policy);
}

function notTheOwner(s: Consulting, e: Event<InteractionEvent["type"]>, policy: InteractionPolicy): Step {
  if (e.type === "legHeld" || e.type === "legUnheld") return ownAudio(s, e);
  if (e.type === "leaveRequested" && isConsulted(s, e.by)) {
    const left = tell(s.owner.agent, "consult-left", s.consult.consulted);
    return backToCustomer(s, e.at, policy, accept(e), left);
  }
  return isRequest(e) ? refuse(s, e, "not-owner") : to(s);
}

function whileHolding(s: At<"holding">, e: InteractionEvent, policy: InteractionPolicy): Step {
  switch (e.type) {
    case "mediaInForce": {
      const { request, hold } = s.stage;
      const { state, commands } = callTarget(s, request);
      const held: InteractionCommand[] = hold ? [{ type: "acceptRequest", request: hold, when: "now" }] : [];
      return to(state, stop("hold"), ...held, ...commands);
    }
    case "mediaFailed":
      return consultRefused(s, s.stage);
    case "timerFired":
      return e.timer === "hold" ? consultRefused(s, s.stage) : to(s);
    default:
      return notAnswered(s, e, policy);
  }
}

/** CO-14: the queue's music for the owner until the queue has found an agent; no time limit of its own. */
function whileQueued(s: At<"queued">, e: InteractionEvent, policy: InteractionPolicy): Step {
  if (e.type !== "offerStarted") return notAnswered(s, e, policy);
  const consulted = agentSeat(e.seat, e.agent, e.leg);
  return to(
    { ...s, consult: { ...s.consult, consulted }, stage: { kind: "ringing" }, since: e.at },
    { type: "originateLeg", leg: e.leg, to: { agent: e.agent }, reserve: false, rejoin: false, wanted: false },
    start("ring"),
  );
}

/** QU-1: this agent did not take it; the consult waits on in its place. */
function nextInQueue(s: Consulting, consulted: PartySeat, queue: QueueId, at: number): Step {
  return to(
    { ...s, consult: { ...s.consult, consulted: null }, stage: { kind: "queued" }, since: at },
    stop("ring"),
    endLeg(consulted.wire.leg, "no-answer"),
    ...release(consulted, "not-answered"),
    { type: "enqueue", queue, front: false },
  );
}

function whileRinging(
  s: Consulting,
  { consulted: target }: MetConsult,
  e: InteractionEvent,
  policy: InteractionPolicy,
): Step {
  const queue = consultQueue(s.consult.target);
  switch (e.type) {
    case "legAnswered":
      if (e.leg !== target.wire.leg) return otherwise(s, e);
      return to(
        // HO-2: a telephone that still holds its only line talks with nobody before its own key says so.
        { ...s, stage: { kind: "answered", talk: { side: "consult", held: holdsAll(s) } }, since: e.at },
        stop(queue ? "ring" : "no-answer"),
        ...leaveConsultQueue(s),
        ...engage(target),
        ...dialOn(target.wire.leg, s.consult.target.kind === "outside" ? s.consult.target.digits : ""),
        ...(s.consult.line ? [{ type: "answerLeg", leg: s.consult.line.leg } as const] : []),
      );
    case "timerFired":
      if (queue) return e.timer === "ring" ? nextInQueue(s, target, queue, e.at) : to(s);
      return e.timer === "no-answer"
        ? backToCustomer(s, e.at, policy, tell(s.owner.agent, "consult-no-answer", target))
        : to(s);
    default:
      return notAnswered(s, e, policy);
  }
}

/** Before the consulted party has answered (DF-6): only going back is possible, and ending the consult is going back (CO-8). */
function notAnswered(s: Consulting, e: InteractionEvent, policy: InteractionPolicy): Step {
  switch (e.type) {
    case "endConsultRequested":
    case "backToCustomerRequested":
      return backToCustomer(s, e.at, policy, accept(e));
    case "resumeRequested":
    case "transferRequested":
    case "conferenceRequested":
      return transferRinging(s, e) ?? refuse(s, e, "target-not-answered");
    case "legHeld":
      return ownAudio(s, e); // the customer is on hold already
    case "legUnheld": {
      // On two lines the customer's cannot run ahead of the consult; on one it is how the owner hears that somebody is called.
      const early = s.consult.line !== null && e.leg === s.owner.wire.leg && s.owner.wire.held;
      return early ? refuse(s, e, "target-not-answered") : ownAudio(s, e);
    }
    default:
      return otherwise(s, e);
  }
}

/** CO-9: only the consult ends; the customer comes off hold at once, or stays held by the site's policy. */
export function backToCustomer(
  s: In<"consulting" | "asking" | "transferring" | "joining">,
  at: number,
  policy: InteractionPolicy,
  ...first: readonly InteractionCommand[]
): Step {
  const { consulted, line } = s.consult;
  const ringing = s.phase === "consulting" && s.stage.kind !== "answered";
  const called = s.phase !== "consulting" || s.stage.kind !== "holding";
  return to(
    {
      phase: "connected",
      ...contactOf(s),
      owner: s.phase === "consulting" && s.stage.kind === "holding" && s.stage.hold ? notHeld(s.owner) : s.owner,
      hold: { kind: policy.consultReturn === "stay-held" && isHeldFor(s) ? "in-force" : "none" },
      since: at,
    },
    ...first,
    ...(s.phase === "consulting" ? interrupted(s) : []),
    ...(s.phase === "consulting" ? leaveConsultQueue(s) : []),
    ...(called && consulted ? [endLeg(consulted.wire.leg, ringing ? "cancelled" : "normal")] : []),
    ...(line ? [endLeg(line.leg, ringing ? "cancelled" : "normal")] : []),
    ...(called && consulted ? release(consulted, howCalled(s)) : []),
    ...ownerStays(s),
  );
}

/** One of the four legs is gone. */
function legGone(s: Consulting, e: Event<"legEnded" | "legFailed">, policy: InteractionPolicy): Step {
  const { consulted, line } = s.consult;
  switch (e.leg) {
    case s.customer.wire.leg: // CO-12
      return endOwned(s, e.leg, ...interrupted(s), tell(s.owner.agent, "customer-left", null));
    case s.owner.wire.leg: // CO-7: the owner hung up altogether
      return endOwned(s, e.leg, ...interrupted(s));
    case line?.leg: // CO-8, CO-9
      return backToCustomer(s, e.at, policy);
    case consulted?.wire.leg: {
      if (!consulted) return to(s);
      const queue = consultQueue(s.consult.target);
      if (queue && s.stage.kind === "ringing") return nextInQueue(s, consulted, queue, e.at);
      if (s.stage.kind === "answered") {
        return backToCustomer(s, e.at, policy, tell(s.owner.agent, "consult-left", consulted));
      }
      const failure = e.type === "legFailed" ? e.failure : ({ kind: "declined", status: 480 } as const);
      return backToCustomer(
        s,
        e.at,
        policy,
        tell(s.owner.agent, noticeOf(failure), consulted),
        ...(line ? [endLeg(line.leg, { failed: failure })] : []),
      );
    }
    default:
      return to(s);
  }
}

function stopTimers(s: Consulting): InteractionCommand[] {
  switch (s.stage.kind) {
    case "holding":
      return [stop("hold")];
    case "queued":
      return [];
    case "ringing":
      return [stop(consultQueue(s.consult.target) ? "ring" : "no-answer")];
    case "answered":
      return [];
  }
}

/** Who still waits for the hold, to consult or for the hold itself, is answered before anything else. */
const refuseHold = (s: Consulting): InteractionCommand[] =>
  s.stage.kind === "holding"
    ? [s.stage.hold, s.stage.request].flatMap((request) =>
        request ? [{ type: "refuseRequest", request, why: "not-in-this-phase" } as const] : [],
      )
    : [];

const interrupted = (s: Consulting): InteractionCommand[] => [...stopTimers(s), ...refuseHold(s)];
