import type { InteractionState, Talk, Wire } from "../interaction-state.js";
import { isRequest, type Event } from "../phases/steps.js";
import { agentOf, consultedOf, ringingSeat } from "./facts.js";
import type { Transition } from "./reachable.js";
import { callMoved, verdictOn } from "./rights.js";
import { rule, type Rule } from "./rule.js";
import { connected, consulting, inPhase, inWords, name, taken, talking } from "./words.js";

type In<P extends InteractionState["phase"]> = Extract<InteractionState, { phase: P }>;
type Of<P extends InteractionState["phase"]> = (s: In<P>, t: Transition) => string | null;

/** The leg an event is about, and how it is over. */
const gone = ({ event: e }: Transition): string | null =>
  e.type === "legEnded" || e.type === "legFailed" || e.type === "legGivenUp" ? e.leg : null;
const fired = ({ event: e }: Transition) => (e.type === "timerFired" ? e.timer : null);
const answered = ({ event: e }: Transition) => (e.type === "legAnswered" ? e.leg : null);

/** SE-1: an owner who was lost and does not come back. */
const givenUp = (s: InteractionState, t: Transition): string =>
  t.event.type === "legGivenUp" && "queue" in s && s.queue !== null && t.policy.seatLost === "queue"
    ? `waiting in ${s.queue}`
    : "ended";
/** CO-9: the customer comes off hold at once; where the site wants it, who is on hold stays there (HO-3: and only who is). */
function back(s: In<"consulting" | "asking" | "transferring" | "joining">, { policy }: Transition): string {
  const talks = s.phase === "transferring" || s.phase === "joining";
  const early = s.phase === "consulting" && s.stage.kind === "holding";
  const talk = s.phase === "asking" ? s.talk : s.phase === "consulting" && s.stage.kind === "answered" && s.stage.talk;
  const resumed = talk && talk.side === "customer" && !talk.held;
  const stays = policy.consultReturn === "stay-held" && !talks && !early && !resumed;
  return connected(s.owner, stays ? "in-force" : "none");
}

const offered: Of<"offered"> = (s, t) => {
  if (answered(t) === s.offer.wire.leg) return connected(s.offer, "none");
  return fired(t) === "ring" || gone(t) === s.offer.wire.leg ? `waiting in ${s.queue}` : null; // QU-1
};

const dialling: Of<"dialling"> = (s, t) => {
  const leg = answered(t);
  if (s.calling === "station") {
    if (leg === s.caller.wire.leg) return `dialling by ${s.caller.agent}, calling the customer`;
  } else if (leg === s.customer.wire.leg) return connected(s.caller, "none");
  const over = fired(t) === "no-answer" || gone(t) === s.caller.wire.leg;
  return over || t.event.type === "endRequested" || t.event.type === "leaveRequested" ? "ended" : null;
};

const whileConnected: Of<"connected"> = (s, t) => {
  const { event: e } = t;
  const keyed = "leg" in e && e.leg === s.owner.wire.leg;
  switch (e.type) {
    case "holdRequested":
      return connected(s.owner, s.hold.kind === "none" ? "starting" : "in-force");
    case "legHeld":
      return keyed ? connected(s.owner, s.hold.kind === "none" ? "starting" : "in-force") : null;
    case "unholdRequested":
      return connected(s.owner, "none");
    case "legUnheld":
      return keyed ? connected(s.owner, "none") : null;
    case "mediaInForce":
      return connected(s.owner, s.hold.kind === "starting" ? "in-force" : s.hold.kind);
    case "mediaFailed": // HO-4; CO-11: an un-hold that cannot be heard leaves the customer on hold
      if (s.hold.kind === "none" && s.undo?.was === "hold") return connected(s.owner, "in-force");
      return connected(s.owner, s.hold.kind === "starting" ? "none" : s.hold.kind);
    case "consultRequested": {
      const whom = e.target.kind === "agent" ? e.target.agent : e.target.kind === "outside" ? "outside" : "nobody";
      const how = s.hold.kind !== "in-force" ? "holding" : whom === "nobody" ? "queued" : "ringing"; // CO-2
      return `consulting by ${s.owner.agent} with ${whom}: ${how}`;
    }
    case "blindTransferRequested": {
      if ("queue" in e.target) return `waiting in ${e.target.queue}`;
      const callee = e.target.kind === "agent" ? e.target.agent : "outside";
      return `blind-transferring from ${s.owner.agent} to ${callee}`;
    }
    case "leaveRequested": // CO-13
    case "endRequested":
      return "ended";
    default:
      if (fired(t) === "hold" && s.hold.kind === "starting") return connected(s.owner, "none");
      return gone(t) === s.owner.wire.leg ? givenUp(s, t) : null;
  }
};

const whileConsulting: Of<"consulting"> = (s, t) => {
  const { event: e } = t;
  const { line, consulted } = s.consult;
  if (gone(t) === s.owner.wire.leg) return givenUp(s, t); // CO-7
  if (line && gone(t) === line.leg) return back(s, t); // CO-8, CO-9
  if (e.type === "endRequested") return "ended";
  if (e.type === "backToCustomerRequested" || e.type === "leaveRequested") return back(s, t);
  const { stage } = s;
  if (e.type === "transferRequested" && stage.kind === "ringing")
    return `blind-transferring from ${s.owner.agent} to ${name(consulted)}`; // BT-1: it rings already
  const queued = "queue" in s.consult.target;
  if (stage.kind === "answered") return afterAnswer(s, t, stage.talk);
  if (e.type === "endConsultRequested") return back(s, t); // CO-8
  if (stage.kind === "holding") {
    if (e.type === "mediaInForce") return consulting(s, queued ? "queued" : "ringing");
    if (consulted && gone(t) === consulted.wire.leg) return back(s, t);
    return e.type === "mediaFailed" || fired(t) === "hold" ? connected(s.owner, "none") : null;
  }
  if (stage.kind === "queued")
    return e.type === "offerStarted" ? `consulting by ${s.owner.agent} with ${e.agent}: ringing` : null;
  if (answered(t) === consulted?.wire.leg) return consulting(s, talking({ side: "consult", held: silent(s, t) }));
  const over = gone(t) === consulted?.wire.leg || fired(t) === (queued ? "ring" : "no-answer");
  if (!over) return null;
  return queued ? consulting(s, "queued", null) : back(s, t);
};

function afterAnswer(s: In<"consulting">, t: Transition, talk: Talk): string | null {
  const { event: e, policy } = t;
  const { line } = s.consult;
  // The line of that name; an only line is that of whoever is talked with, or was.
  const side = line === null ? talk.side : "leg" in e && e.leg === s.owner.wire.leg ? "customer" : "consult";
  const owners = isRequest(e) && e.by === s.owner.seat;
  const on = (next: Talk): string => consulting(s, talking(next));
  switch (e.type) {
    case "resumeRequested": // CO-3
      return on({ side: talk.side === "customer" && !talk.held ? "consult" : "customer", held: false });
    case "legUnheld": // the one that is un-held last talks
      return owners ? on({ side, held: false }) : null;
    case "legHeld": {
      // Off hold alone, the other line carries that side, too.
      const carries = side === talk.side ? !otherCarries(s, talk) : otherCarries(s, talk);
      return owners && !talk.held && carries ? on({ ...talk, held: true }) : null;
    }
    case "mediaFailed":
      return s.undo && s.undo.was !== null && s.undo.was !== "hold" ? on(s.undo.was) : null;
    case "transferRequested": {
      const asks = policy.transferAccept === "ask" && e.askable && agentOf(consultedOf(s)) !== null;
      return `${inPhase(s, asks ? "asking" : "transferring")} from ${talking(talk)}`;
    }
    case "conferenceRequested":
      return `${inPhase(s, "joining")} from ${talking(talk)}`;
    case "endConsultRequested": // CO-7
      return policy.consultEnd === "end-interaction" ? "ended" : back(s, t);
    default:
      return gone(t) === consultedOf(s)?.wire.leg ? back(s, t) : null;
  }
}

/** The side that is talked with is on a line that is held, and the other line is not. */
const otherCarries = (s: In<"consulting">, { side }: Talk): boolean => {
  const [own, line] = [s.owner.wire.held, s.consult.line?.held ?? true];
  return side === "customer" ? own && !line : line && !own && s.consult.line !== null;
};

/** HO-2: who holds every line by a key talks with nobody. A hold that could not be heard is none, and the reverse. */
function silent(s: In<"consulting" | "asking" | "transferring" | "joining">, { event }: Transition): boolean {
  const unheard = event.type === "mediaFailed" ? s.undo?.leg : null;
  return [s.owner.wire, s.consult.line].every((w) => w === null || w.held !== (w.leg === unheard));
}

/** What a roll-back goes back to. */
const rolledBack = (s: In<"asking" | "transferring" | "joining">, t: Transition): string =>
  consulting(s, talking({ ...s.talk, held: s.talk.held || silent(s, t) }));

const asking: Of<"asking"> = (s, t) => {
  const { consulted, line } = s.consult;
  if (t.event.type === "transferAccepted") return `${inPhase(s, "transferring")}, asked from ${talking(s.talk)}`;
  if (t.event.type === "transferDeclined" || fired(t) === "transfer-answer") return rolledBack(s, t);
  if (t.event.type === "leaveRequested" || gone(t) === consulted.wire.leg) return back(s, t);
  return gone(t) === s.owner.wire.leg && line === null ? taken(consulted) : null; // nobody is there to go back to
};

const transferring: Of<"transferring"> = (s, t) => {
  const { event: e } = t;
  const { consulted, line } = s.consult;
  if (gone(t) === consulted.wire.leg) return back(s, t);
  if (gone(t) === s.owner.wire.leg && line === null) return taken(consulted);
  const failed = e.type === "mediaFailed" || fired(t) === "transfer-up" || (fired(t) === "transfer-plan" && !s.heard);
  if (failed) return rolledBack(s, t);
  const heard = s.heard || e.type === "mediaInForce";
  const lost = (w: Wire) =>
    e.type === "legLost" && e.leg === w.leg && w === consulted.wire && agentOf(consulted) !== null;
  const up = (w: Wire) => (w.up && !w.lost && !lost(w)) || (e.type === "legUp" && e.leg === w.leg);
  if (heard && up(s.customer.wire) && up(consulted.wire)) return taken(consulted); // CO-4
  return `${inPhase(s)}${heard ? ", heard" : ""}${s.asked ? ", asked" : ""} from ${talking(s.talk)}`;
};

const joining: Of<"joining"> = (s, t) => {
  const { consulted, line } = s.consult;
  if (t.event.type === "mediaInForce") return inPhase(s, "conference");
  const cancelled = s.focus !== null && gone(t) === s.focus.leg;
  if (t.event.type === "mediaFailed" || fired(t) === "joining" || cancelled) return rolledBack(s, t);
  if (gone(t) === consulted.wire.leg) return back(s, t);
  if (gone(t) !== s.owner.wire.leg || line !== null) return null;
  return s.focus ? inPhase(s, "conference") : givenUp(s, t); // RFC 4579: the owner goes on in the dialog with the focus
};

const conference: Of<"conference"> = (s, t) => {
  const { event: e } = t;
  const { consulted, line } = s.consult;
  if (e.type === "endRequested") return "ended"; // CF-5
  const left = e.type === "leaveRequested" ? e.by : null;
  if (gone(t) === consulted.wire.leg || left === consulted.seat) return connected(s.owner, "none"); // CF-3
  return left === s.owner.seat || (gone(t) === s.owner.wire.leg && line === null) ? taken(consulted) : null; // CF-2
};

const blind: Of<"blind-transferring"> = (s, t) => {
  if (answered(t) === s.callee.wire.leg) return taken(s.callee);
  if (s.from && gone(t) === s.from.wire.leg) return `blind-transferring from nobody to ${name(s.callee)}`;
  const over = gone(t) === s.callee.wire.leg || fired(t) === "no-answer" || t.event.type === "backToCustomerRequested";
  if (!over) return null;
  return s.from ? connected(s.from, "none") : s.queue === null ? "ended" : `waiting in ${s.queue}`;
};

/** What comes next by SPEC.md; null: nothing that changes these words. */
function next(s: InteractionState, t: Transition): string | null {
  if (s.phase === "ended") return null;
  if (gone(t) === s.customer.wire.leg) return "ended"; // CO-12, CF-4, QU-2
  if (t.event.type === "handOffRequested") return handedOff(s, t.event, t);
  switch (s.phase) {
    case "waiting":
      return t.event.type === "offerStarted" ? `offered to ${t.event.agent}` : null;
    case "offered":
      return offered(s, t);
    case "dialling":
      return dialling(s, t);
    case "connected":
      return whileConnected(s, t);
    case "consulting":
      return whileConsulting(s, t);
    case "asking":
      return asking(s, t);
    case "transferring":
      return transferring(s, t);
    case "joining":
      return joining(s, t);
    case "conference":
      return conference(s, t);
    case "blind-transferring":
      return blind(s, t);
    case "unowned":
      return gone(t) === s.other.wire.leg ? "ended" : null;
  }
}

/** SG-3: on another telephone all goes on; one that rings is answered there, and a hold of the former one's key is over. */
function handedOff(s: InteractionState, e: Event<"handOffRequested">, t: Transition): string | null {
  if (s.phase === "ended") return null;
  const call = callMoved(s, e);
  if (call?.how === "rings") return next(s, { ...t, event: { type: "legAnswered", leg: call.own, at: 0 } });
  if (!("owner" in s) || call?.own !== s.owner.wire.leg || !s.owner.wire.held) return null;
  if (s.phase === "connected") return s.hold.kind === "in-force" ? connected(s.owner, "none") : null;
  return s.phase === "consulting" && s.stage.kind === "answered" && s.consult.line === null
    ? consulting(s, talking({ ...s.stage.talk, held: false }))
    : null;
}

function first({ event: e }: Transition): string {
  if (e.type === "callArrived") return `waiting in ${e.queue}`;
  if (e.type === "callPlaced") return `dialling by ${e.agent}, calling the ${e.invited ? "customer" : "station"}`;
  return "ended";
}

/** The whole course of an interaction, told a second time and in a few words: the two must agree on every step. */
export const storyRule: Rule<Transition> = rule(
  "[CO-3] [CO-4] [CO-5] [CO-6] [CO-7] [CO-8] [CO-9] [CO-13] [CF-2] [CF-3] [HO-1] [QU-1] [OB-1] [BT-1] [SE-1] goes on as SPEC.md tells it",
  (t) => {
    const { before, event, step } = t;
    if (before === null) return inWords(step.state) === first(t) ? null : `begins as ${inWords(step.state)}`;
    // SE-1: whether a leg is called back into its seat changes nothing else.
    const back = "leg" in event && ringsBack(before, event.leg);
    const refused = isRequest(event) && verdictOn(before, event) !== "granted";
    const want = (refused || back ? null : next(before, t)) ?? inWords(before);
    return inWords(step.state) === want ? null : `${inWords(step.state)} instead of ${want}`;
  },
);

function ringsBack(s: InteractionState, leg: string): boolean {
  const seats =
    "owner" in s ? [s.owner, consultedOf(s)] : s.phase === "blind-transferring" ? [s.from] : [ringingSeat(s)];
  return seats.some((seat) => seat !== null && "returning" in seat && seat.returning === leg);
}
