import type { AgentId, InteractionId, LegId, QueueId, SeatId } from "@legwork/shared/ids";
import type { Hears, InteractionView, SeatView } from "@legwork/shared/api";
import type { ConsultTarget } from "@legwork/shared/interaction";
import type { SeatSource } from "@legwork/shared/media";
import { controlsFor } from "./controls.js";
import type { AgentSeat, InteractionState, PartySeat, Talk } from "./interaction-state.js";
import { seatPlan } from "./seat-plan.js";
import { seatOf, seatsOf } from "./seats.js";

/** What a view needs beside the state: names, and what the wires are called. */
export interface InteractionFacts {
  readonly id: InteractionId;
  readonly startedAt: number;
  readonly customer: { readonly name: string; readonly number: string };
  readonly queue: string | null;
  readonly entryPoint: string | null;
  readonly focusUri: string;
  readonly country: string;
  /** CO-5: how long a desktop is asked, in milliseconds. */
  readonly transferAnswerMs: number;
  nameOf(agent: AgentId): string;
  queueName(queue: QueueId): string;
  /** SIP Call-ID of a leg; null while it has none. */
  callIdOf(leg: LegId): string | null;
  /** Since when a seat has heard what it hears now: milliseconds since 1970; null before it has heard anything. */
  hearingSince(seat: SeatId): number | null;
  /** Milliseconds since 1970 as ISO 8601 in UTC. */
  iso(ms: number): string;
}

/** One interaction as one agent sees it; null when the agent has no part in it. */
export function interactionView(s: InteractionState, me: AgentId, facts: InteractionFacts): InteractionView | null {
  if (s.phase === "ended" || s.phase === "waiting" || s.phase === "unowned") return null; // nobody of ours is in it
  const mine = seatOf(s, me);
  if (!mine) return null;
  const { phase, role } = phaseAndRole(s, mine.seat);
  return {
    id: facts.id,
    phase,
    phaseSince: facts.iso(s.since),
    startedAt: facts.iso(facts.startedAt),
    role,
    customer: facts.customer,
    internal: false,
    queue: facts.queue,
    entryPoint: facts.entryPoint,
    seats: seatViews(s, mine.seat, facts),
    consult: "consult" in s ? consultView(s, facts) : null,
    transfer: transferView(s, mine.seat, facts),
    legs: legViews(s, mine, facts),
    focusUri: facts.focusUri,
    controls: controlsFor(s, mine.seat),
  };
}

type Live = Exclude<InteractionState, { phase: "ended" | "waiting" | "unowned" }>;
type WithConsult = Extract<Live, { consult: unknown }>;

function phaseAndRole(s: Live, mine: SeatId): Pick<InteractionView, "phase" | "role"> {
  if (s.phase === "offered") return { phase: "offered", role: "offered" };
  if (s.phase === "dialling") return { phase: "dialling", role: "owner" };
  if (s.phase === "blind-transferring") {
    return mine === s.callee.seat ? { phase: "offered", role: "offered" } : { phase: "transferring", role: "owner" };
  }
  const role = mine === s.owner.seat ? "owner" : "consulted";
  switch (s.phase) {
    case "connected":
      return { phase: s.hold.kind === "in-force" ? "held" : "connected", role }; // HO-3
    case "consulting":
      // Who is being called sees an offer until they answer.
      return role === "consulted" && s.stage.kind !== "answered"
        ? { phase: "offered", role: "offered" }
        : { phase: "consulting", role };
    case "asking":
      return { phase: role === "owner" ? "transferring" : "consulting", role };
    case "joining":
      return { phase: "consulting", role };
    case "transferring":
    case "conference":
      return { phase: s.phase, role };
  }
}

/** Of a conference there is no side to tell. */
const WITH_AGENT_2: Talk = { side: "consult", held: false };

function consultView(s: WithConsult, facts: InteractionFacts): InteractionView["consult"] {
  const stage =
    s.phase === "consulting" ? s.stage : { kind: "answered" as const, talk: "talk" in s ? s.talk : WITH_AGENT_2 };
  return {
    target: targetView(s.consult.target, s.consult.consulted, facts),
    stage: stage.kind,
    active: stage.kind !== "answered" ? "consult" : stage.talk.held ? "none" : stage.talk.side,
    since: facts.iso(s.consult.since),
  };
}

function targetView(
  target: ConsultTarget,
  consulted: PartySeat | null,
  facts: InteractionFacts,
): NonNullable<InteractionView["consult"]>["target"] {
  switch (target.kind) {
    case "agent":
      return { kind: "agent", agent: target.agent, label: facts.nameOf(target.agent) };
    case "queue":
    case "entry-point":
      // Once the queue has found somebody, that is who the consult is with.
      return {
        kind: target.kind,
        queue: target.queue,
        label: consulted ? nameOf(consulted, facts) : facts.queueName(target.queue),
      };
    case "outside":
      return { kind: "outside", number: target.outside.number, label: target.outside.name ?? target.outside.number };
  }
}

/** CO-5: who asks whom, and until when. */
function transferView(s: Live, mine: SeatId, facts: InteractionFacts): InteractionView["transfer"] {
  if (s.phase !== "asking") return null;
  const stage = mine === s.owner.seat ? "asked" : "to-answer";
  return { stage, until: facts.iso(s.since + facts.transferAnswerMs) };
}

function legViews(s: Live, mine: AgentSeat, facts: InteractionFacts): InteractionView["legs"] {
  const line = "consult" in s && mine.seat === s.owner.seat ? s.consult.line : null;
  const view = (side: "customer" | "consult", leg: LegId | undefined) => {
    const callId = leg ? facts.callIdOf(leg) : null;
    return callId ? [{ side, callId }] : [];
  };
  return [...view("customer", mine.wire.leg), ...view("consult", line?.leg)];
}

function seatViews(s: Live, mine: SeatId, facts: InteractionFacts): SeatView[] {
  const plan = seatPlan(s, facts.country);
  const ringing = ringingSeat(s);
  const view = (seat: SeatId, role: SeatView["role"], label: string): SeatView => {
    const source = plan.get(seat);
    return {
      seat,
      role,
      label,
      me: seat === mine,
      status: seat === ringing ? "ringing" : statusOf(source),
      since: facts.iso(facts.hearingSince(seat) ?? s.since),
      hears: hearsOf(source),
    };
  };
  const customer = view(s.customer.seat, "customer", facts.customer.name || facts.customer.number);
  const others = seatsOf(s).map((seat, i) => view(seat.seat, i === 0 ? "owner" : "consulted", nameOf(seat, facts)));
  return [customer, ...others];
}

const nameOf = (seat: PartySeat, facts: InteractionFacts): string =>
  "agent" in seat ? facts.nameOf(seat.agent) : (seat.outside.name ?? seat.outside.number);

/** Whose line rings. */
function ringingSeat(s: Live): SeatId | null {
  switch (s.phase) {
    case "offered":
      return s.offer.seat;
    case "dialling":
      return s.calling === "customer" ? s.customer.seat : s.caller.seat;
    case "blind-transferring":
      return s.callee.seat;
    case "consulting":
      return s.stage.kind === "ringing" ? (s.consult.consulted?.seat ?? null) : null;
    default:
      return null;
  }
}

function statusOf(source: SeatSource | undefined): SeatView["status"] {
  switch (source?.kind) {
    case "parties":
      return "talking";
    case "music":
      return "on-hold";
    default:
      return "waiting";
  }
}

function hearsOf(source: SeatSource | undefined): Hears {
  switch (source?.kind) {
    case "parties":
      return { kind: "people", seats: [...source.parties] };
    case "music":
      return { kind: "music" };
    case "ringback":
      return { kind: "ringback" };
    default:
      return { kind: "silence" };
  }
}
