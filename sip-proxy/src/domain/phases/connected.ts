import type { InteractionEvent } from "@legwork/shared/interaction";
import type { In, InteractionCommand, Stage, Step } from "../interaction-state.js";
import { beginBlindTransfer } from "./blind-transfer.js";
import {
  accept,
  call,
  consultQueue,
  contactOf,
  endLeg,
  endOwned,
  isOwner,
  markWire,
  notHeld,
  otherwise,
  ownAudio,
  partyFor,
  refuse,
  start,
  stop,
  switched,
  tell,
  to,
  wire,
  type Event,
} from "./steps.js";

type Connected = In<"connected">;

export function whileConnected(s: Connected, e: InteractionEvent): Step {
  switch (e.type) {
    case "holdRequested":
      return isOwner(s, e.by) ? hold(s, e) : refuse(s, e, "not-owner");
    case "unholdRequested":
      return isOwner(s, e.by) ? unhold(s, e) : refuse(s, e, "not-owner");
    case "legHeld":
      return e.leg === s.owner.wire.leg ? hold(s, e) : ownAudio(s, e);
    case "legUnheld":
      return e.leg === s.owner.wire.leg ? unhold(s, e) : ownAudio(s, e);
    case "blindTransferRequested":
      return isOwner(s, e.by) ? beginBlindTransfer(s, e) : refuse(s, e, "not-owner");
    case "consultRequested":
      return isOwner(s, e.by) ? consult(s, e) : refuse(s, e, "not-owner");
    case "mediaInForce":
      return s.hold.kind === "starting"
        ? to({ ...s, hold: { kind: "in-force" } }, stop("hold"), acceptHold(s.hold.request))
        : to(s);
    case "mediaFailed":
      return holdFailed(s);
    case "timerFired":
      return e.timer === "hold" ? holdFailed(s) : to(s);
    case "legUp":
      return to(markWire(s, e.leg, { up: true, lost: false }));
    case "leaveRequested": // with nobody to leave the customer to, leaving is ending (CO-13)
    case "endRequested":
      return isOwner(s, e.by) ? endOwned(s, null, ...stopHold(s), accept(e)) : refuse(s, e, "not-owner");
    case "legEnded":
    case "legFailed":
      if (e.leg === s.customer.wire.leg) {
        return endOwned(s, e.leg, ...stopHold(s), tell(s.owner.agent, "customer-left", null));
      }
      return e.leg === s.owner.wire.leg ? endOwned(s, e.leg, ...stopHold(s)) : to(s);
    default:
      return otherwise(s, e);
  }
}

/** HO-1, HO-2: asked by the desktop or by the station's own key. */
function hold(s: Connected, e: Event<"holdRequested" | "legHeld">): Step {
  const held = e.type === "legHeld" ? markWire(s, e.leg, { held: true }) : s;
  switch (s.hold.kind) {
    case "none":
      return to({ ...heard(held), hold: { kind: "starting", request: e.request }, since: e.at }, start("hold"));
    case "starting":
      return refuse(s, e, "busy-with-request");
    case "in-force":
      return to(held, accept(e));
  }
}

function unhold(s: Connected, e: Event<"unholdRequested" | "legUnheld">): Step {
  const key = e.type === "legUnheld" ? e : null;
  if (s.hold.kind === "none") return to(key ? markWire(s, key.leg, { held: false }) : s, accept(e)); // the media was switched before
  const was = s.hold.kind === "in-force" ? "hold" : null;
  const unheld = key || was ? switched(s, key, was) : s;
  return to({ ...unheld, hold: { kind: "none" }, since: e.at }, ...stopHold(s), accept(e, "heard"));
}

/** Another switch follows: what waited for the one before is settled by this one. */
function heard({ undo: _, ...s }: Connected): Connected {
  return s;
}

/** HO-4: no acknowledgement in time, or an error: the customer stays connected. */
function holdFailed(s: Connected): Step {
  if (s.hold.kind !== "starting") return to(s);
  return to({ ...s, owner: notHeld(s.owner), hold: { kind: "none" } }, stop("hold"), {
    type: "refuseRequest",
    request: s.hold.request,
    why: "hold-failed",
  });
}

/** A hold that was on its way when something stronger happened: its asker is told, its timer stopped. */
function stopHold(s: Connected): InteractionCommand[] {
  return s.hold.kind === "starting"
    ? [stop("hold"), { type: "refuseRequest", request: s.hold.request, why: "not-in-this-phase" }]
    : [];
}

const acceptHold = (request: Event<"holdRequested">["request"]): InteractionCommand => ({
  type: "acceptRequest",
  request,
  when: "now",
});

/** CO-2: first the customer's hold, then the call. A hold that is on its way is that hold (SG-4: an INVITE that follows it at once). */
function consult(s: Connected, e: Event<"consultRequested">): Step {
  const consulting = {
    phase: "consulting",
    ...contactOf(s),
    owner: s.owner,
    consult: {
      target: e.target,
      consulted: partyFor(e),
      line: e.line && wire(e.line),
      since: e.at,
    },
    since: e.at,
  } as const;
  switch (s.hold.kind) {
    case "in-force":
      return callTarget({ ...consulting, stage: { kind: "ringing" } }, e.request);
    case "starting":
      return to({ ...consulting, stage: { kind: "holding", request: e.request, hold: s.hold.request } });
    case "none":
      return to({ ...consulting, stage: { kind: "holding", request: e.request, hold: null } }, start("hold"));
  }
}

/** The hold is in force: now, and not before, the target is called (CO-2). */
export function callTarget(s: In<"consulting">, request: Event<"consultRequested">["request"]): Step {
  const { consulted, line } = s.consult;
  const queue = consultQueue(s.consult.target);
  return to(
    { ...s, stage: { kind: queue ? "queued" : "ringing" } },
    { type: "acceptRequest", request, when: "now" },
    ...(line ? [{ type: "progressLeg", leg: line.leg } as const] : []),
    ...(queue ? [{ type: "enqueue", queue, front: false } as const] : []),
    ...(consulted ? [call(consulted), start("no-answer")] : []),
  );
}

type Holding = Extract<Stage, { kind: "holding" }>;

/** The hold failed: the consult is refused and the customer stays connected (CO-2). */
export const consultRefused = (s: In<"consulting">, { request, hold }: Holding): Step =>
  to(
    {
      phase: "connected",
      ...contactOf(s),
      owner: hold ? notHeld(s.owner) : s.owner,
      hold: { kind: "none" },
      since: s.since,
    },
    stop("hold"),
    ...(hold ? [{ type: "refuseRequest", request: hold, why: "hold-failed" } as const] : []),
    { type: "refuseRequest", request, why: "hold-failed" },
    ...(s.consult.line ? [endLeg(s.consult.line.leg, { refused: "hold-failed" })] : []),
  );
