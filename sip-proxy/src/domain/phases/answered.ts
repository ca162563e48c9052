import type { InteractionEvent } from "@legwork/shared/interaction";
import type { In, InteractionPolicy, MetConsult, Step, Talk } from "../interaction-state.js";
import { activeLeg } from "../leg-plan.js";
import { backToCustomer, type At } from "./consulting.js";
import { ask, carryOver } from "./transferring.js";
import {
  accept,
  contactOf,
  endOwned,
  markWire,
  otherwise,
  start,
  switched,
  takeReferral,
  to,
  wire,
  type Event,
} from "./steps.js";

/** The consulted party has answered: the owner talks with one or the other, and may end it, transfer, or make it a conference. */
export function whileAnswered(
  s: At<"answered">,
  met: MetConsult,
  e: InteractionEvent,
  policy: InteractionPolicy,
): Step {
  const { talk } = s.stage;
  switch (e.type) {
    case "resumeRequested": {
      const other = talk.side === "customer" && !talk.held ? "consult" : "customer";
      return talkWith(s, e, { side: other, held: false });
    }
    case "legUnheld": {
      const side = e.leg === s.owner.wire.leg ? "customer" : "consult";
      return talkWith(s, e, { side: s.consult.line ? side : talk.side, held: false });
    }
    case "legHeld": {
      // The other side's hold after a switch is a plain 200; holding the leg one talks on leaves both held (CO-3).
      const talksThere = !talk.held && activeLeg(s, s.owner.seat) === e.leg;
      return talksThere ? talkWith(s, e, { ...talk, held: true }) : to(markWire(s, e.leg, { held: true }), accept(e));
    }
    case "transferRequested":
    case "conferenceRequested":
      return beginMove(s, met, e, policy);
    case "endConsultRequested": // CO-7
      return policy.consultEnd === "end-interaction"
        ? endOwned(s, null, accept(e))
        : backToCustomer(s, e.at, policy, accept(e));
    case "backToCustomerRequested":
      return backToCustomer(s, e.at, policy, accept(e));
    default:
      return otherwise(s, e);
  }
}

/** CO-3: one side off hold and the other on, in one step. */
function talkWith(s: At<"answered">, e: Event<"resumeRequested" | "legHeld" | "legUnheld">, talk: Talk): Step {
  const after = switched<In<"consulting">>(s, e.type === "resumeRequested" ? null : e, s.stage.talk);
  return to({ ...after, stage: { kind: "answered", talk }, since: e.at }, accept(e, "heard"));
}

/** CO-4, CO-6: the plan changes at once; the outcome is reported when it is in force. */
function beginMove(
  s: At<"answered">,
  consult: MetConsult,
  e: Event<"transferRequested" | "conferenceRequested">,
  policy: InteractionPolicy,
): Step {
  const { request, referral } = e;
  const moving = {
    ...contactOf(s),
    owner: s.owner,
    consult,
    request,
    referral,
    talk: s.stage.talk,
    since: e.at,
  };
  const told = takeReferral(referral);
  if (e.type === "conferenceRequested") {
    return to({ phase: "joining", focus: e.focus && wire(e.focus), ...moving }, ...told, start("joining"));
  }
  return policy.transferAccept === "ask" && e.askable && "agent" in consult.consulted
    ? ask({ phase: "asking", ...moving }, ...told)
    : carryOver({ phase: "transferring", ...moving, heard: false, asked: false }, ...told);
}
