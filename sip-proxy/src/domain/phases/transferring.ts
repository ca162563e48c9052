import type { InteractionEvent } from "@legwork/shared/interaction";
import type { In, InteractionCommand, InteractionPolicy, Step } from "../interaction-state.js";
import { backToCustomer } from "./consulting.js";
import { outcome, rollBack } from "./moving.js";
import {
  accept,
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
  start,
  stop,
  tell,
  to,
  withoutLine,
} from "./steps.js";

type Asking = In<"asking">;
type Transferring = In<"transferring">;

/** CO-4: from the request to the commit, or the roll-back. */
export function whileTransferring(s: Transferring, e: InteractionEvent, policy: InteractionPolicy): Step {
  if (isRequest(e)) {
    if (e.type === "legHeld" || e.type === "legUnheld") return ownAudio(s, e);
    return refuse(s, e, isOwner(s, e.by) ? "busy-with-request" : "not-owner");
  }
  switch (e.type) {
    case "mediaInForce":
      return s.heard ? to(s) : commitWhenAlive({ ...s, heard: true }, stop("transfer-plan"));
    case "legUp":
      return commitWhenAlive(markWire(s, e.leg, { up: true, lost: false }));
    case "mediaFailed":
      return undo(s);
    case "timerFired":
      return (e.timer === "transfer-plan" && !s.heard) || e.timer === "transfer-up" ? undo(s) : to(s);
    case "legEnded":
    case "legFailed":
      return legGone(s, e.leg, e.at, policy);
    default:
      return otherwise(s, e);
  }
}

/** CO-5: the consulted party's desktop is asked; the consult goes on meanwhile, and the owner may wrap up already. */
export const ask = (s: In<"asking">, ...first: readonly InteractionCommand[]): Step =>
  to(s, ...first, { type: "ownershipEnded", agent: s.owner.agent }, start("transfer-answer"));

/** CO-4: the plan changes at once. */
export const carryOver = (s: Transferring, ...first: readonly InteractionCommand[]): Step =>
  to(s, ...first, start("transfer-plan"), start("transfer-up"));

export function whileAsking(s: Asking, e: InteractionEvent, policy: InteractionPolicy): Step {
  if (isRequest(e)) {
    if (e.type === "legHeld" || e.type === "legUnheld") return ownAudio(s, e);
    if (isOwner(s, e.by)) return refuse(s, e, "busy-with-request");
    if (!isConsulted(s, e.by)) return refuse(s, e, "not-owner");
    const answered = stop("transfer-answer");
    switch (e.type) {
      case "transferAccepted":
        return carryOver({ ...s, phase: "transferring", heard: false, asked: true }, accept(e), answered);
      case "transferDeclined":
        return rollBack(s, "transfer-declined", "transfer-declined", accept(e), answered);
      case "leaveRequested":
        return backToCustomer(s, e.at, policy, accept(e), ...over(s), left(s));
      default:
        return refuse(s, e, "not-owner");
    }
  }
  switch (e.type) {
    case "timerFired":
      return e.timer === "transfer-answer" ? rollBack(s, "transfer-declined", "transfer-declined") : to(s);
    case "legUp":
      return to(markWire(s, e.leg, { up: true, lost: false }));
    case "legEnded":
    case "legFailed":
      return legGone(s, e.leg, e.at, policy);
    default:
      return otherwise(s, e);
  }
}

const left = (s: Asking | Transferring): InteractionCommand => tell(s.owner.agent, "consult-left", s.consult.consulted);

/** Both survivors have been heard of, and the plan is in force. */
function commitWhenAlive(s: Transferring, ...first: readonly InteractionCommand[]): Step {
  const alive = [s.customer.wire, s.consult.consulted.wire].every(({ up, lost }) => up && !lost);
  return s.heard && alive ? commit(s, ...first) : to(s, ...first);
}

function commit(s: Transferring, ...first: readonly InteractionCommand[]): Step {
  const { consulted, line } = s.consult;
  return to(
    handOver(s, consulted, s.since),
    ...first,
    stop("transfer-plan"),
    stop("transfer-up"),
    ...outcome(s, true), // before the BYE: on BYE both stacks drop the dialog, subscription included (RFC 3515)
    ...(line ? [endLeg(line.leg, "transferred")] : []),
    endLeg(s.owner.wire.leg, "transferred"),
    ...ownerGoes(s),
    ...ownershipTo(consulted, s.owner),
  );
}

const undo = (s: Transferring): Step =>
  rollBack(s, "media-failed", "transfer-failed", stop("transfer-plan"), stop("transfer-up"));

/** One of the legs is gone, asked or on its way. */
function legGone(s: Asking | Transferring, leg: string, at: number, policy: InteractionPolicy): Step {
  const { consulted, line } = s.consult;
  switch (leg) {
    case s.customer.wire.leg:
      return endOwned(s, s.customer.wire.leg, ...over(s), tell(s.owner.agent, "customer-left", null));
    case consulted.wire.leg:
      return backToCustomer(s, at, policy, ...over(s), left(s));
    case line?.leg: // the transferor's early BYE is part of the transfer
      return to(withoutLine(s));
    case s.owner.wire.leg:
      if (line) return to(ontoLine(s, line));
      // Nobody is left to roll back to: the customer is agent 2's, who is on the line, whatever comes.
      return s.phase === "transferring"
        ? commit(s)
        : commit({ ...s, phase: "transferring", heard: true, asked: true }, stop("transfer-answer"));
    default:
      return to(s);
  }
}

const over = (s: Asking | Transferring): InteractionCommand[] => [
  ...(s.phase === "asking" ? [stop("transfer-answer")] : [stop("transfer-plan"), stop("transfer-up")]),
  ...outcome(s, "media-failed"),
];
