import type { AgentId, InteractionId, LegId, QueueId, SeatId } from "@legwork/shared/ids";
import type { Hears, InteractionView, SeatView } from "@legwork/shared/api";
import type { ConsultTarget } from "@legwork/shared/interaction";
import type { SeatSource } from "@legwork/shared/media";
import { controlsFor } from "./controls.js";
import type { AgentSeat, InteractionState } from "./interaction-state.js";
import { seatPlan } from "./seat-plan.js";
import { seatOf } from "./seats.js";

/** What a view needs beside the state: names, and what the wires are called. */
export interface InteractionFacts {
  readonly id: InteractionId;
  readonly startedAt: number;
  readonly customer: { readonly name: string; readonly number: string };
  readonly queue: string | null;
  readonly entryPoint: string | null;
  readonly focusUri: string;
  readonly country: string;
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
  if (s.phase === "ended" || s.phase === "waiting") return null;
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
    queue: facts.queue,
    entryPoint: facts.entryPoint,
    seats: seatViews(s, mine.seat, facts),
    consult: "consult" in s ? consultView(s, facts) : null,
    legs: legViews(s, mine, facts),
    focusUri: facts.focusUri,
    controls: controlsFor(s, mine.seat),
  };
}

type Live = Exclude<InteractionState, { phase: "ended" | "waiting" }>;
type WithConsult = Extract<Live, { consult: unknown }>;

function phaseAndRole(s: Live, mine: SeatId): Pick<InteractionView, "phase" | "role"> {
  if (s.phase === "offered") return { phase: "offered", role: "offered" };
  const role = mine === s.owner.seat ? "owner" : "consulted";
  switch (s.phase) {
    case "connected":
      return { phase: s.hold.kind === "in-force" ? "held" : "connected", role }; // HO-3
    case "consulting":
      // Who is being called sees an offer until they answer.
      return role === "consulted" && s.stage.kind !== "answered"
        ? { phase: "offered", role: "offered" }
        : { phase: "consulting", role };
    case "joining":
      return { phase: "consulting", role };
    case "transferring":
    case "conference":
      return { phase: s.phase, role };
  }
}

function consultView(s: WithConsult, facts: InteractionFacts): InteractionView["consult"] {
  const stage = s.phase === "consulting" ? s.stage : ({ kind: "answered", active: "consult" } as const);
  return {
    target: targetView(s.consult.target, s.consult.consulted, facts),
    stage: stage.kind,
    active: stage.kind === "answered" ? stage.active : "consult",
    since: facts.iso(s.consult.since),
  };
}

function targetView(
  target: ConsultTarget,
  consulted: AgentSeat | null,
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
        label: consulted ? facts.nameOf(consulted.agent) : facts.queueName(target.queue),
      };
  }
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
  const ringing = s.phase === "offered" ? s.offer.seat : ringingSeat(s);
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
  const seats = [view(s.customer.seat, "customer", facts.customer.name || facts.customer.number)];
  if (s.phase === "offered") seats.push(view(s.offer.seat, "owner", facts.nameOf(s.offer.agent)));
  else seats.push(view(s.owner.seat, "owner", facts.nameOf(s.owner.agent)));
  const consulted = "consult" in s ? s.consult.consulted : null;
  if (consulted) seats.push(view(consulted.seat, "consulted", facts.nameOf(consulted.agent)));
  return seats;
}

const ringingSeat = (s: Live): SeatId | null =>
  s.phase === "consulting" && s.stage.kind === "ringing" ? (s.consult.consulted?.seat ?? null) : null;

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
