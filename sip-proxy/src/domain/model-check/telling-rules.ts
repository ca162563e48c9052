import type { LegId } from "@legwork/shared/ids";
import type { LegFailure } from "@legwork/shared/interaction";
import type { EndCause, InteractionState, NoticeKind, PartySeat, Who } from "../interaction-state.js";
import { seatsOf } from "../seats.js";
import { commandsOf } from "./bookkeeping-rules.js";
import { agentOf, changedHands, consultedOf, customerLeg, focusOf, ownerOf, ringingSeat } from "./facts.js";
import type { Transition } from "./reachable.js";
import { callMoved } from "./rights.js";
import { differ, rule, type Rule } from "./rule.js";

const text = (who: Who | null): string => (who === null ? "nobody" : "agent" in who ? who.agent : who.outside.number);
const told = (to: PartySeat, kind: NoticeKind, who: Who | null): string => `${agentOf(to)}: ${kind} ${text(who)}`;

const CONSULT: Readonly<Record<LegFailure["kind"], NoticeKind>> = {
  declined: "consult-declined",
  busy: "consult-busy",
  "no-answer": "consult-no-answer",
  unreachable: "consult-unreachable",
  "no-common-codec": "consult-unreachable",
  internal: "consult-unreachable",
};
const OUTBOUND: Readonly<Record<LegFailure["kind"], NoticeKind>> = {
  declined: "outbound-declined",
  busy: "outbound-busy",
  "no-answer": "outbound-no-answer",
  unreachable: "outbound-unreachable",
  "no-common-codec": "outbound-unreachable",
  internal: "outbound-unreachable",
};

/** How the leg of an event came to its end; null when the event is about something else. */
function goneHow({ event }: Transition): LegFailure["kind"] | null {
  if (event.type === "legFailed") return event.failure.kind;
  return event.type === "legEnded" || event.type === "legGivenUp" ? "declined" : null;
}
const goneLeg = (t: Transition) => (goneHow(t) !== null && "leg" in t.event ? t.event.leg : null);
const fired = ({ event }: Transition) => (event.type === "timerFired" ? event.timer : null);

/** Whom the rules tell something, and what. */
function notices(t: Transition): readonly string[] {
  const { before: b, event: e, step } = t;
  const a = step.state;
  if (!b || b.phase === "ended") return [];
  const owner = ownerOf(b);
  const from = b.phase === "blind-transferring" ? b.from : null;
  const gone = goneLeg(t);
  if (gone !== null && gone === customerLeg(b) && b.phase !== "dialling") {
    const whose = owner ?? from;
    return whose ? [told(whose, "customer-left", null)] : [];
  }
  const consulted = consultedOf(b);
  const asksToLeave = e.type === "leaveRequested" && e.by !== null && e.by === consulted?.seat && a !== b;
  const rings = b.phase === "consulting" && b.stage.kind !== "answered";
  const queued = b.phase === "consulting" && "queue" in b.consult.target;
  if (owner && consulted) {
    if (asksToLeave) return [told(owner, "consult-left", consulted)];
    if (gone === consulted.wire.leg) {
      if (!rings) return [told(owner, "consult-left", consulted)];
      return queued && b.stage.kind === "ringing" ? [] : [told(owner, CONSULT[goneHow(t)!], consulted)];
    }
    if (rings && !queued && fired(t) === "no-answer" && a !== b) return [told(owner, "consult-no-answer", consulted)];
    const undone =
      a.phase === "consulting"
        ? ({ asking: "transfer-declined", transferring: "transfer-failed", joining: "conference-failed" } as const)
        : null;
    const kind = undone?.[b.phase as keyof typeof undone];
    if (kind) return [told(owner, kind, consulted)];
    const hasIt = a.phase === "connected" && a.owner.seat === consulted.seat;
    return hasIt ? [told(consulted, "became-owner", owner)] : [];
  }
  if (b.phase === "blind-transferring") {
    if (a.phase !== "connected") return [];
    if (a.owner.seat === b.callee.seat) return [told(b.callee, "became-owner", from)];
    return from && e.type !== "backToCustomerRequested" ? [told(from, "transfer-failed", b.callee)] : [];
  }
  if (b.phase === "dialling" && b.calling === "customer" && a.phase === "ended") {
    if (gone === customerLeg(b)) return [told(b.caller, OUTBOUND[goneHow(t)!], { outside: b.outside })];
    if (fired(t) !== null) return [told(b.caller, "outbound-no-answer", { outside: b.outside })];
  }
  return [];
}

/** Why a leg is ended: it chooses what its far end sees. */
function causes(t: Transition, leg: string): readonly EndCause[] {
  const { before: b, event: e, step } = t;
  const a: InteractionState = step.state;
  if (e.type === "legAnswered" && e.leg === leg) return ["answered-elsewhere"];
  if (!b || b.phase === "ended") return [];
  if (e.type === "handOffRequested" && a !== b && callMoved(b, e)?.own === leg)
    return [callMoved(b, e)?.how === "rings" ? "answered-elsewhere" : "moved"];
  const calledBack = seatsOf(b).flatMap((seat) => ("agent" in seat ? [seat.returning] : []));
  if (calledBack.includes(leg as LegId)) return ["cancelled"];
  if (e.type === "legAnswered" && calledBack.includes(e.leg)) return ["normal"]; // SE-1: its other legs are over
  const failure: LegFailure | null =
    e.type === "legFailed" ? e.failure : goneHow(t) !== null ? { kind: "declined", status: 480 } : null;
  const customerGone = goneLeg(t) === customerLeg(b);
  switch (b.phase) {
    case "offered":
      return leg === b.offer.wire.leg ? [customerGone ? "cancelled" : "no-answer"] : ["normal"];
    case "dialling": {
      if (leg === b.customer.wire.leg) return ["cancelled"];
      const reached = fired(t) === null && goneLeg(t) !== b.customer.wire.leg;
      return [reached ? "cancelled" : { failed: fired(t) ? { kind: "no-answer" } : failure! }];
    }
    case "connected":
      return e.type === "blindTransferRequested" ? ["transferred"] : ["normal"];
    case "consulting": {
      if (a.phase === "ended" || a.phase === "waiting" || b.stage.kind === "answered") return ["normal"];
      if (a.phase === "blind-transferring") return ["transferred"];
      if (a.phase === "consulting") return ["no-answer"]; // QU-1: the next one
      const hold = e.type === "mediaFailed" || fired(t) === "hold";
      if (hold) return [{ refused: "hold-failed" }];
      const calledGone = goneLeg(t) !== null && goneLeg(t) === b.consult.consulted?.wire.leg;
      return calledGone && leg === b.consult.line?.leg ? [{ failed: failure! }, "cancelled"] : ["cancelled"];
    }
    case "blind-transferring":
      if (leg !== b.callee.wire.leg) return [a.phase === "ended" ? "normal" : "transferred"];
      return [fired(t) ? "no-answer" : "cancelled"];
    case "asking":
    case "transferring":
      return [changedHands(b, a) ? "transferred" : "normal"];
    case "joining":
    case "conference": {
      const focus = focusOf(b);
      if (focus && a.phase === "conference") return ["in-focus"];
      if (leg === focus?.leg) return a.phase === "consulting" ? [{ refused: "media-failed" }] : ["normal"];
      const settled = a.phase === "connected" && a.owner.seat === b.owner.seat;
      const joined = a.phase === "conference" || (b.phase === "conference" && settled);
      return leg === b.consult.line?.leg && joined ? ["joined"] : ["normal"];
    }
    default:
      return ["normal"];
  }
}

/** What people and far ends are told. */
export const tellingRules: readonly Rule<Transition>[] = [
  rule("[CO-9] [CO-10] [CO-4] [OB-1] tells the agents concerned what happened, once, and nobody else", (t) =>
    differ(
      commandsOf(t, "notifyAgent").map((c) => `${c.agent}: ${c.kind} ${text(c.who)}`),
      notices(t),
    ),
  ),
  rule("[SG-4] [CO-9] ends each leg with the reason that its far end is to see", (t) => {
    if (
      t.step.commands.some((c) => c.type === "refuseRequest" && "request" in t.event && c.request === t.event.request)
    )
      return null;
    for (const leg of new Set(commandsOf(t, "endLeg").map((c) => c.leg))) {
      const got = commandsOf(t, "endLeg").flatMap((c) => (c.leg === leg ? [JSON.stringify(c.cause)] : []));
      const [want, ...also] = causes(t, leg).map((cause) => JSON.stringify(cause));
      if (got[0] !== want || got.slice(1).some((more) => more !== want && !also.includes(more)))
        return `${leg}: ${got.join(" ")} instead of ${want}`;
    }
    return null;
  }),
  rule("[AG-3] gives up on an agent who was offered in vain", (t) => {
    const { before, event, step } = t;
    if (event.type !== "offerStarted") return null;
    const waits = before?.phase === "waiting" || (before?.phase === "consulting" && before.stage.kind === "queued");
    return waits === (agentOf(ringingSeat(step.state)) === event.agent) ? null : "is offered nothing, or too much";
  }),
];
