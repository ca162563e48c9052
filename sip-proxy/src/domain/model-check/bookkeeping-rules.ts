import type { InteractionCommand } from "../interaction-state.js";
import { isRequest } from "../phases/steps.js";
import {
  agentOf,
  agentsIn,
  changedHands,
  consultedOf,
  customerLeg,
  engagedIn,
  focusOf,
  legsOf,
  ownerOf,
  pendingReferral,
  periodOf,
  placeOf,
  ringingSeat,
  timersOf,
} from "./facts.js";
import type { Transition } from "./reachable.js";
import { differ, differInAnyOrder, rule, type Rule } from "./rule.js";

type Command<T extends InteractionCommand["type"]> = Extract<InteractionCommand, { type: T }>;
export const commandsOf = <T extends InteractionCommand["type"]>({ step }: Transition, type: T): Command<T>[] =>
  step.commands.filter((c): c is Command<T> => c.type === type);

/** The leg that an event says is over. */
/** SG-3: what the final NOTIFY says of a transfer that failed: what the target's line gave, and 503 where it was not the target's. */
function failedWith({ before, event }: Transition): number {
  if (before?.phase !== "blind-transferring") return 503;
  if (event.type === "timerFired") return 480;
  if (event.type === "legEnded" || event.type === "legGivenUp") return event.leg === before.callee.wire.leg ? 480 : 503;
  if (event.type !== "legFailed" || event.leg !== before.callee.wire.leg) return 503;
  const statuses = {
    busy: 486,
    declined: 603,
    "no-answer": 480,
    unreachable: 480,
    "no-common-codec": 488,
    internal: 500,
  };
  return statuses[event.failure.kind];
}

const goneLeg = ({ event }: Transition): string | null =>
  event.type === "legEnded" || event.type === "legFailed" || event.type === "legGivenUp" ? event.leg : null;

/** The INVITE that a request came as. */
export function invitesOf(e: Transition["event"]): readonly string[] {
  const leg =
    e.type === "consultRequested"
      ? e.line
      : e.type === "conferenceRequested"
        ? e.focus
        : e.type === "handOffRequested"
          ? e.leg
          : null;
  return leg === null ? [] : [leg];
}

/** The legs an event brings: somebody calls us. */
function broughtBy({ event, before, step }: Transition): readonly string[] {
  if (event.type === "callArrived" && before === null) return [event.leg];
  if (event.type === "callPlaced" && before === null && event.invited) return [event.station];
  return step.state !== before ? invitesOf(event) : [];
}

export const timerRule: Rule<Transition> = rule("runs exactly the timers its state needs", (t) => {
  const { before, event, step } = t;
  const running = new Set<string>(timersOf(before));
  if (event.type === "timerFired") {
    if (!running.has(event.timer)) return step.commands.length === 0 ? null : "a timer that does not run did something";
    if (step.state === before) return `nothing came of ${event.timer}`;
    running.delete(event.timer);
  }
  for (const c of step.commands) {
    if (c.type === "startTimer") running.add(c.timer);
    if (c.type === "stopTimer") running.delete(c.timer);
  }
  return differInAnyOrder([...running], timersOf(step.state));
});

/** What each step leaves outside: every leg, timer, agent, place in a queue and promise is accounted for. */
export const bookkeepingRules: readonly Rule<Transition>[] = [
  rule("leaves no leg behind: one that is no longer in the state was ended or has ended, and no other", (t) => {
    const after = legsOf(t.step.state);
    const ended = commandsOf(t, "endLeg").map(({ leg }) => leg);
    const gone = goneLeg(t);
    const left = legsOf(t.before).filter((leg) => !after.includes(leg) && leg !== gone && !ended.includes(leg));
    if (left.length > 0) return `left behind: ${left.join()}`;
    const cut = ended.filter((leg) => after.includes(leg));
    if (cut.length > 0) return `ended, and still in the state: ${cut.join()}`;
    const { event } = t;
    const there: readonly string[] = [...legsOf(t.before), ...("leg" in event ? [event.leg] : []), ...invitesOf(event)];
    const never = ended.filter((leg) => !there.includes(leg));
    return never.length > 0 ? `ended, and was never there: ${never.join()}` : null;
  }),
  rule("calls each leg of ours once, and only to have it in the state", (t) => {
    const had = legsOf(t.before);
    const brought = broughtBy(t);
    const fresh = legsOf(t.step.state).filter((leg) => !had.includes(leg) && !brought.includes(leg));
    return differInAnyOrder(
      commandsOf(t, "originateLeg").map(({ leg }) => leg),
      fresh,
    );
  }),
  rule("[OB-1] [BT-1] calls whom it was asked to, and takes an agent that nobody has taken yet", (t) => {
    const { event, step } = t;
    for (const c of commandsOf(t, "originateLeg")) {
      const s = step.state;
      const seat =
        s.phase === "ended"
          ? null
          : [
              ownerOf(s),
              consultedOf(s),
              ringingSeat(s),
              "caller" in s ? s.caller : null,
              "from" in s ? s.from : null,
            ].find((one) => one && (one.wire.leg === c.leg || ("returning" in one && one.returning === c.leg)));
      const outside = "outside" in s && s.phase === "dialling" && c.leg === s.customer.wire.leg ? s.outside : null;
      const want = outside ?? (seat && ("agent" in seat ? seat.agent : seat.outside)) ?? null;
      if (("agent" in c.to ? c.to.agent : c.to.outside) !== want) return `${c.leg} calls somebody else`;
      const taken = event.type === "offerStarted" || event.type === "callPlaced" || event.type === "stationReturned";
      if (c.reserve !== ("agent" in c.to && !taken)) return "reserves wrongly";
      if (c.rejoin !== (event.type === "stationReturned")) return "rejoins wrongly";
      const own = event.type === "callPlaced" && "caller" in s && c.leg === s.caller.wire.leg; // OB-1: their own telephone
      if (c.wanted !== (own || c.rejoin))
        return own ? "has to be answered by hand" : "answers by itself what nobody wanted";
    }
    return null;
  }),
  rule(
    "answers who called us: the customer at once, others with the progress and the answer of whom they call",
    (t) => {
      const { before, event, step } = t;
      const line = (s: typeof before) => (s && "consult" in s ? s.consult.line : null);
      const progress: string[] = [];
      const answer: string[] = [];
      if (event.type === "callArrived" && before === null) answer.push(event.leg);
      if (event.type === "callPlaced" && before === null && event.invited) progress.push(event.station);
      const s = step.state;
      const own = s.phase === "consulting" ? line(s) : null;
      if (s.phase === "consulting" && own) {
        const waited = before?.phase !== "consulting" || before.stage.kind === "holding";
        if (waited && (s.stage.kind === "queued" || s.stage.kind === "ringing")) {
          if (before?.phase === "connected" || before?.phase === "consulting") progress.push(own.leg);
        }
        if (before?.phase === "consulting" && before.stage.kind === "ringing" && s.stage.kind === "answered")
          answer.push(own.leg);
      }
      if (before?.phase === "dialling" && before.invited && s.phase === "connected")
        answer.push(before.caller.wire.leg);
      const focus = focusOf(before);
      if (focus && s.phase === "conference") answer.push(focus.leg);
      if (event.type === "handOffRequested" && before && step.state !== before) answer.push(event.leg);
      return (
        differ(
          commandsOf(t, "progressLeg").map(({ leg }) => leg),
          progress,
        ) ??
        differInAnyOrder(
          commandsOf(t, "answerLeg").map(({ leg }) => leg),
          answer,
        )
      );
    },
  ),
  timerRule,
  rule("[QU-1] [QU-2] [CO-14] keeps exactly the places in queues that its state needs", (t) => {
    let place = placeOf(t.before);
    for (const c of t.step.commands) {
      if (c.type === "enqueue") {
        if (place !== null && place !== c.queue) return `in ${place} and ${c.queue} at once`;
        place = c.queue;
      }
      if (c.type === "leaveQueue") {
        if (place !== c.queue) return `leaves ${c.queue} without a place there`;
        place = null;
      }
    }
    if (place !== placeOf(t.step.state)) return `has a place in ${place} instead of ${placeOf(t.step.state)}`;
    // QU-1: who was offered is to be offered again.
    const waits = (s: typeof t.before) =>
      s?.phase === "waiting" || (s?.phase === "consulting" && s.stage.kind === "queued");
    const asks = waits(t.step.state) && (!waits(t.before) || placeOf(t.before) !== placeOf(t.step.state));
    return asks !== commandsOf(t, "enqueue").length > 0 ? "is not offered again, or in vain" : null;
  }),
  rule("[SE-1] [BT-1] puts a customer who was served already at the head of the queue, and nobody else", (t) => {
    const lost = ownerOf(t.before) !== null && t.step.state.phase === "waiting" && t.event.type === "legGivenUp";
    const returned = t.before?.phase === "blind-transferring";
    return commandsOf(t, "enqueue").every(({ front }) => front === (lost || returned))
      ? null
      : "the wrong end of the queue";
  }),
  rule("[AG-3] gives back every agent it has taken, and only those", (t) => {
    const { before, event, step } = t;
    const taken = new Set<string>([...agentsIn(before), ...(event.type === "offerStarted" ? [event.agent] : [])]);
    if (event.type === "callPlaced" && before === null) taken.add(event.agent);
    for (const c of commandsOf(t, "originateLeg")) if ("agent" in c.to) taken.add(c.to.agent);
    const kept = agentsIn(step.state);
    const want = [...taken].filter((agent) => !(kept as readonly string[]).includes(agent));
    return differInAnyOrder(
      commandsOf(t, "releaseAgent").map(({ agent }) => agent),
      want,
    );
  }),
  rule("[AG-3] [WU-2] an agent who was engaged is so since the answer, and is given back as what they were", (t) => {
    const { before, event, step } = t;
    const engaged = engagedIn(before);
    const fresh = engagedIn(step.state).filter((agent) => !engaged.includes(agent));
    const wrong = differInAnyOrder(
      commandsOf(t, "engageAgent").map(({ agent }) => agent),
      fresh,
    );
    if (wrong) return `engages ${wrong}`;
    const fromQueue = placeOf(before) !== null;
    const rings = ringingSeat(before);
    const unanswered = (event.type === "timerFired" && event.timer === "ring") || goneLeg(t) === rings?.wire.leg;
    for (const { agent, how } of commandsOf(t, "releaseAgent")) {
      const want =
        ownerOf(before)?.agent === agent || (before?.phase === "blind-transferring" && before.from?.agent === agent)
          ? ["handled"]
          : engaged.includes(agent)
            ? ["consulted"]
            : fromQueue && agentOf(rings) === agent && unanswered
              ? ["not-answered"]
              : ["caller-gone"]; // QU-1: nobody loses a place by a call that was not theirs to answer any more
      if (!want.includes(how)) return `${agent} is given back as ${how} instead of ${want.join(" or ")}`;
    }
    return null;
  }),
  rule("[WU-2] begins and ends ownership in pairs, and so opens exactly one wrap-up per period", (t) => {
    const [was, is] = [periodOf(t.before), periodOf(t.step.state)];
    const began = commandsOf(t, "ownershipBegan").map(({ agent }) => agent);
    const ended = commandsOf(t, "ownershipEnded").map(({ agent }) => agent);
    return (
      differ(began, is !== null && is !== was ? [is] : []) ?? differ(ended, was !== null && is !== was ? [was] : [])
    );
  }),
  rule("[CO-10] never opens a wrap-up for who was only consulted", (t) => {
    const consulted = agentOf(consultedOf(t.before));
    return commandsOf(t, "ownershipEnded").some(({ agent }) => agent === consulted)
      ? "a consulted party wraps up"
      : null;
  }),
  rule("[DN-5] sends what follows a number once it has answered", (t) => {
    const { before, event } = t;
    const answered = event.type === "legAnswered";
    const digits =
      before?.phase === "dialling" && before.calling === "customer" && answered && event.leg === customerLeg(before)
        ? before.digits
        : before?.phase === "blind-transferring" && answered && event.leg === before.callee.wire.leg
          ? before.digits
          : before?.phase === "consulting" &&
              before.stage.kind === "ringing" &&
              answered &&
              event.leg === consultedOf(before)?.wire.leg &&
              before.consult.target.kind === "outside"
            ? before.consult.target.digits
            : "";
    const want = digits === "" || !answered ? [] : [`${event.leg} ${digits}`];
    return differ(
      commandsOf(t, "sendDigits").map((c) => `${c.leg} ${c.digits}`),
      want,
    );
  }),
  rule("[SG-3] sends one final NOTIFY per referral, with the outcome, and before the legs end", (t) => {
    const { before, event, step } = t;
    const refused = commandsOf(t, "refuseRequest").some((c) => isRequest(event) && c.request === event.request);
    const asked = isRequest(event) && "referral" in event && !refused ? event.referral : null;
    const owed = asked ?? pendingReferral(before);
    const still = pendingReferral(step.state);
    const joined = before?.phase === "joining" && step.state.phase === "conference";
    const done = joined || changedHands(before, step.state) || event.type === "blindTransferRequested";
    const want = [
      ...(asked === null ? [] : [`accept ${asked}`, `${asked} 100`]),
      ...(owed !== null && still === null ? [`${owed} ${done ? 200 : failedWith(t)}`] : []),
    ];
    const got = step.commands.flatMap((c) =>
      c.type === "acceptReferral"
        ? [`accept ${c.referral}`]
        : c.type === "notifyReferrer"
          ? [`${c.referral} ${c.status}`]
          : [],
    );
    const wrong = differ(got, want);
    if (wrong) return wrong;
    const last = step.commands.map((c) => c.type).lastIndexOf("notifyReferrer");
    const ends = step.commands.findIndex((c) => c.type === "endLeg");
    return last !== -1 && ends !== -1 && ends < last ? "a leg ends before the final NOTIFY" : null;
  }),
  rule("closes the interaction exactly when it ends, and last", ({ before, step }) => {
    const closes = step.commands.map((c) => c.type).indexOf("closeInteraction");
    const ends = step.state.phase === "ended" && before !== null && before.phase !== "ended";
    return closes === (ends ? step.commands.length - 1 : -1) ? null : "is closed too early, twice, or never";
  }),
];
