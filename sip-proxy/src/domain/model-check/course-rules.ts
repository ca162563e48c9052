import type { InteractionEvent } from "@legwork/shared/interaction";
import type { InteractionState, Wire } from "../interaction-state.js";
import { isRequest } from "../phases/steps.js";
import { seatOfLeg, seatsOf } from "../seats.js";
import { awaited, consultedOf, customerLeg, focusOf, legsOf, ownerOf } from "./facts.js";
import type { Transition } from "./reachable.js";
import { callMoved } from "./rights.js";
import { differInAnyOrder, rule, type Rule } from "./rule.js";

const same = (a: Wire, b: Wire): boolean => a.held === b.held && a.up === b.up && a.lost === b.lost;

type Live = Exclude<InteractionState, { phase: "ended" }>;
const wiresOf = (s: Live) => {
  const wires = [s.customer.wire, ...legsWithWires(s)];
  return new Map(wires.map((w) => [w.leg, w]));
};
const legsWithWires = (s: Live) => {
  switch (s.phase) {
    case "waiting":
      return [];
    case "offered":
      return [s.offer.wire];
    case "dialling":
      return [s.caller.wire];
    case "connected":
      return [s.owner.wire];
    case "blind-transferring":
      return s.from ? [s.from.wire, s.callee.wire] : [s.callee.wire];
    case "unowned":
      return [s.other.wire];
    default:
      return [s.owner.wire, s.consult.consulted?.wire, s.consult.line, focusOf(s)].filter((w) => w != null);
  }
};

const goneLegOf = (e: InteractionEvent): string | null =>
  e.type === "legEnded" || e.type === "legFailed" || e.type === "legGivenUp" ? e.leg : null;

/** What an event leads to, rule by rule. */
export const courseRules: readonly Rule<Transition>[] = [
  rule("[CO-2] calls nobody before the customer's hold is in force", ({ before, event, step }) => {
    const calls = step.commands.some((c) => c.type === "originateLeg" && !c.rejoin);
    if (!calls || step.state.phase !== "consulting" || event.type === "offerStarted") return null;
    const wasHeld = before?.phase === "connected" && before.hold.kind === "in-force";
    return wasHeld || event.type === "mediaInForce" ? null : "a target was called too early";
  }),
  rule("[CO-12] [CF-4] [QU-2] ends when the customer hangs up, whatever the state", ({ before, event, step }) => {
    const hungUp =
      before && customerLeg(before) !== null && event.type === "legEnded" && event.leg === customerLeg(before);
    return hungUp && step.state.phase !== "ended" ? "still there" : null;
  }),
  rule("forgets nobody who has hung up", ({ before, event, step }) => {
    if (event.type !== "legEnded" && event.type !== "legFailed" && event.type !== "legGivenUp") return null;
    const calledBack =
      event.type === "legGivenUp" &&
      before !== null &&
      seatsOf(before).some((seat) => "returning" in seat && seat.returning === event.leg);
    if (calledBack) return null; // it has no media yet that could be lost
    return legsOf(before).includes(event.leg) && legsOf(step.state).includes(event.leg)
      ? "still counts on that leg"
      : null;
  }),
  rule("takes note of every answer that it waits for", ({ before, event, step }) =>
    event.type === "legAnswered" && event.leg === awaited(before) && awaited(step.state) === event.leg
      ? "still waits"
      : null,
  ),
  rule(
    "[HO-5] [CO-4] [SE-1] remembers what each leg showed, until it shows something else",
    ({ before, event, step }) => {
      const s = step.state;
      if (!before || before.phase === "ended" || s.phase === "ended") return null;
      const old = wiresOf(before);
      const owner = ownerOf(before)?.wire.leg;
      const refused = step.commands.some(
        (c) => c.type === "refuseRequest" && isRequest(event) && c.request === event.request,
      );
      for (const [leg, wire] of wiresOf(s)) {
        const was = old.get(leg) ?? { leg, held: false, up: false, lost: false };
        const about = "leg" in event && event.leg === leg && old.has(leg) ? event.type : null;
        const want = { ...was };
        if (about === "legUp") Object.assign(want, { up: true, lost: false });
        if (about === "legLost" && leg !== customerLeg(before) && !leg.includes("outside")) want.lost = true;
        if ((about === "legHeld" || about === "legUnheld") && !refused) want.held = about === "legHeld";
        // HO-4: a hold that failed is none, whoever asked for it.
        const tried = before.phase === "connected" && before.hold.kind === "starting" && s.phase === "connected";
        const failed = event.type === "mediaFailed" || (event.type === "timerFired" && event.timer === "hold");
        const joined = before.phase === "consulting" && before.stage.kind === "holding" && before.stage.hold !== null;
        if (event.type === "mediaFailed" && before.undo?.leg === leg) want.held = !want.held; // CO-11: as before the switch
        if (leg === owner && ((tried && failed) || (joined && s.phase === "connected"))) want.held = false;
        if (!same(wire, want)) return `${leg}: ${JSON.stringify(wire)} instead of ${JSON.stringify(want)}`;
      }
      return null;
    },
  ),
  rule("[SE-1] keeps seat, customer and entry point as they are, and calls a lost station back once", (t) => {
    const { before: b, event: e, step } = t;
    const s = step.state;
    if (!b || b.phase === "ended" || s.phase === "ended") return null;
    if (s.customer.seat !== b.customer.seat || s.customer.wire.leg !== b.customer.wire.leg) return "another customer";
    const moved = b.phase !== "waiting" && s.phase === "waiting";
    const line =
      moved && e.type === "blindTransferRequested" && e.target.kind === "entry-point"
        ? e.target.entryPoint
        : b.entryPoint;
    if (s.entryPoint !== line) return `came through ${s.entryPoint} instead of ${line}`;
    const queue = moved && e.type === "blindTransferRequested" && "queue" in e.target ? e.target.queue : b.queue;
    if (s.queue !== queue) return `waits in ${s.queue} instead of ${queue}`;
    for (const seat of [ownerOf(b), consultedOf(b), b.phase === "blind-transferring" ? b.from : null]) {
      if (!seat || !("agent" in seat) || e.type !== "stationReturned" || e.seat !== seat.seat) continue;
      const rings = b.phase === "consulting" && b.stage.kind !== "answered" && seat.seat === consultedOf(b)?.seat;
      const wants = seat.wire.lost && seat.returning === null && !rings;
      if (wants !== (s !== b)) return wants ? "is not called back" : "is called back";
    }
    return null;
  }),
  rule("[DN-5] [OB-1] [BT-1] keeps whom and what it was asked to dial", ({ before, event, step }) => {
    const s = step.state;
    if (
      before === s ||
      !["callPlaced", "blindTransferRequested", "consultRequested", "transferRequested"].includes(event.type)
    )
      return null;
    switch (s.phase) {
      case "dialling":
        return event.type === "callPlaced" && (s.digits !== event.digits || s.outside !== event.outside)
          ? "dials something else"
          : null;
      case "blind-transferring": {
        const consulted = before?.phase === "consulting" ? before.consult.target : null;
        const target = event.type === "blindTransferRequested" ? event.target : consulted;
        if (!target) return null;
        const digits = target.kind === "outside" ? target.digits : "";
        return s.digits === digits ? null : `will dial ${s.digits} instead of ${digits}`;
      }
      case "consulting":
        return event.type === "consultRequested" && s.consult.target !== event.target ? "consults somebody else" : null;
      default:
        return null;
    }
  }),
  rule("[CF-1] [SG-1] ends the consult's dialog once the one the call came on carries the conference", (t) => {
    const { before: b, event: e, step } = t;
    const s = step.state;
    if (s.phase !== "conference" || (b?.phase !== "joining" && b?.phase !== "conference")) return null;
    if (e.type !== "mediaInForce") return null;
    const focus = focusOf(b);
    if (focus) return s.owner.wire.leg === focus.leg && s.consult.line === null ? null : "the focus does not carry it";
    const stays = b.consult.line !== null && s.owner.wire.held;
    return stays === (s.consult.line !== null) ? null : "one dialog too many, or too few";
  }),
  rule(
    "[SE-1] [CF-1] keeps an owner's dialog for a consult until it is over, or the owner is back on another leg",
    (t) => {
      const { before: b, event: e, step } = t;
      const s = step.state;
      if (!b || !("consult" in b) || !("consult" in s) || b.consult.line === null) return null;
      if (e.type === "handOffRequested") return s.consult.line === null ? "the dialog is gone" : null;
      const over = goneLegOf(e) === b.consult.line.leg || goneLegOf(e) === b.owner.wire.leg;
      const back = e.type === "legAnswered" && e.leg === b.owner.returning;
      const settled = s.phase === "conference" && e.type === "mediaInForce";
      if (settled) return null;
      return (over || back) === (s.consult.line === null) ? null : "the dialog is kept, or not, against all reason";
    },
  ),
  rule("[SG-3] moves an end of a call to the leg that asks for it, and no other", ({ before: b, event: e, step }) => {
    const s = step.state;
    if (e.type !== "handOffRequested" || s === b || !b || b.phase === "ended" || s.phase === "ended") return null;
    const call = callMoved(b, e);
    for (const seat of seatsOf(b).filter((one) => "agent" in one)) {
      const after = seatsOf(s).find((one) => one.seat === seat.seat);
      const want = call?.own === seat.wire.leg ? null : seat.returning; // who is there is not called back
      if (after && "agent" in after && after.returning !== want) return `${seat.agent} is called back, or not any more`;
    }
    const stay = [...wiresOf(b).keys()].filter((leg) => leg !== call?.own);
    const left = call?.how === "rings" && b.phase === "blind-transferring" ? b.from?.wire.leg : null; // BT-1: it is answered
    return differInAnyOrder([...wiresOf(s).keys()], [...stay.filter((leg) => leg !== left), e.leg]);
  }),
  rule("[SG-4] hangs up on an answer that nobody waits for any more", ({ before, event, step }) => {
    if (event.type !== "legAnswered" || (before && before.phase !== "ended" && seatOfLeg(before, event.leg) !== null))
      return null;
    if (legsOf(before).includes(event.leg)) return null; // a station called back (SE-1)
    const [only, ...more] = step.commands;
    const ends = only?.type === "endLeg" && only.leg === event.leg && only.cause === "answered-elsewhere";
    return ends && more.length === 0 ? null : "it stays up";
  }),
];
