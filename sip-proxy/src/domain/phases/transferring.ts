import type { InteractionEvent } from "@legwork/shared/interaction";
import type { In, InteractionCommand, InteractionPolicy, Step } from "../interaction-state.js";
import { backToCustomer } from "./consulting.js";
import { outcome, rollBack } from "./moving.js";
import {
  contactOf,
  endLeg,
  endOwned,
  isOwner,
  isRequest,
  markWire,
  otherwise,
  ownAudio,
  refuse,
  stop,
  tell,
  to,
} from "./steps.js";

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
      return commitWhenAlive(markWire(s, e.leg, { up: true }));
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

/** Both survivors have been heard of, and the plan is in force. */
function commitWhenAlive(s: Transferring, ...first: readonly InteractionCommand[]): Step {
  const alive = s.customer.wire.up && s.consult.consulted.wire.up;
  return s.heard && alive ? commit(s, ...first) : to(s, ...first);
}

function commit(s: Transferring, ...first: readonly InteractionCommand[]): Step {
  const { consulted, line } = s.consult;
  return to(
    {
      phase: "connected",
      ...contactOf(s),
      owner: consulted,
      hold: { kind: "none" },
      since: s.since,
    },
    ...first,
    stop("transfer-plan"),
    stop("transfer-up"),
    ...outcome(s, true), // before the BYE: on BYE both stacks drop the dialog, subscription included (RFC 3515)
    ...(line ? [endLeg(line.leg, "transferred")] : []),
    endLeg(s.owner.wire.leg, "transferred"),
    { type: "ownershipEnded", agent: s.owner.agent },
    { type: "releaseAgent", agent: s.owner.agent, how: "handled" },
    { type: "ownershipBegan", agent: consulted.agent },
    tell(consulted.agent, "became-owner", s.owner.agent),
  );
}

const undo = (s: Transferring): Step => rollBack(s, "transfer-failed", stop("transfer-plan"), stop("transfer-up"));

function legGone(s: Transferring, leg: string, at: number, policy: InteractionPolicy): Step {
  const { consulted, line } = s.consult;
  switch (leg) {
    case s.customer.wire.leg:
      return endOwned(s, s.customer.wire.leg, ...over(s, false), tell(s.owner.agent, "customer-left", null));
    case consulted.wire.leg: {
      const left = tell(s.owner.agent, "consult-left", consulted.agent);
      return backToCustomer(s, at, policy, "consulted", ...over(s, false), left);
    }
    case line?.leg: // the transferor's early BYE is part of the transfer
      return to({ ...s, consult: { ...s.consult, line: null } });
    case s.owner.wire.leg:
      // With a line left there is still somebody to roll back to; without one the survivors go on whatever comes.
      return line ? to({ ...s, owner: { ...s.owner, wire: line }, consult: { ...s.consult, line: null } }) : commit(s);
    default:
      return to(s);
  }
}

const over = (s: Transferring, done: boolean): InteractionCommand[] => [
  stop("transfer-plan"),
  stop("transfer-up"),
  ...outcome(s, done),
];
