/** The call history of agents, read off an interaction's event log: pure, as `decide` is. */
import type { AgentId, EntryPointId, InteractionId, LegId, QueueId } from "@legwork/shared/ids";
import type { ConsultTarget, InteractionEvent, LegFailure } from "@legwork/shared/interaction";
import type { CallConsult, CallOutcome, CallParty, CallPart } from "@legwork/shared/store";
import type { AgentSeat, InteractionCommand, InteractionState, PartySeat, Step } from "./interaction-state.js";
import { isRinging, seatsOf } from "./seats.js";

/** What things are called now. */
export interface CallNames {
  nameOf(agent: AgentId): string;
  queueName(queue: QueueId): string;
  entryPointName(entryPoint: EntryPointId): string;
}

/** An interaction as far as its log has been read. */
export interface CallLog {
  readonly call: InteractionId;
  readonly state: InteractionState | null;
  readonly customer: CallParty;
  /** Those that have not ended. */
  readonly open: readonly CallPart[];
}

export const newCallLog = (call: InteractionId): CallLog => ({
  call,
  state: null,
  customer: { label: "", agent: null, number: null },
  open: [],
});

type Live = Exclude<InteractionState, { phase: "ended" }>;
type Originated = Extract<InteractionCommand, { type: "originateLeg" }>;

/** The log with one more event read, and the parts that are new or another. */
export function noted(
  log: CallLog,
  event: InteractionEvent,
  { commands, state }: Step,
  names: CallNames,
): { readonly log: CallLog; readonly changed: readonly CallPart[] } {
  const customer = customerOf(event) ?? log.customer;
  const next = { ...log, state, customer };
  const begun =
    state.phase === "ended" ? [] : [...dialled(next, state, event), ...called(next, state, event, commands, names)];
  const gone = log.open.flatMap((part) => after(part, log.state, event, state, customer, names));
  const open = [...gone.filter((part) => part.end === null), ...begun];
  const changed = [...gone.filter((part) => !log.open.includes(part)), ...begun];
  return { log: { ...next, open }, changed };
}

const CALLABLE = /^\+?[0-9*#]{3,18}$/;

/** Somebody who is known by a number, or what stands in its place. */
export const partyAt = (number: string, name: string): CallParty => ({
  label: name || number,
  agent: null,
  number: CALLABLE.test(number) ? number : null,
});

function customerOf(event: InteractionEvent): CallParty | null {
  if (event.type === "callArrived") return partyAt(event.number, event.name);
  return event.type === "callPlaced" ? partyAt(event.outside.number, event.outside.name ?? "") : null;
}

const partyOf = (seat: PartySeat, names: CallNames): CallParty =>
  "agent" in seat
    ? { label: names.nameOf(seat.agent), agent: seat.agent, number: null }
    : partyAt(seat.outside.number, seat.outside.name ?? "");

const begin = (
  log: CallLog,
  seat: AgentSeat,
  at: number,
  how: Pick<CallPart, "direction" | "role" | "other" | "about" | "from" | "queue" | "entryPoint">,
): CallPart => ({
  id: seat.seat,
  call: log.call,
  agent: seat.agent,
  ...how,
  began: at,
  answered: null,
  consults: [],
  end: null,
});

const NOTHING = { about: null, from: null, queue: null, entryPoint: null } as const;

/** OB-1: the agent called a number. */
const dialled = (log: CallLog, s: Live, e: InteractionEvent): CallPart[] =>
  e.type === "callPlaced" && s.phase === "dialling"
    ? [begin(log, s.caller, e.at, { ...NOTHING, direction: "out", role: "owner", other: log.customer })]
    : [];

/** Agents' stations that begin to ring: not those called back into a seat they have (SE-1), nor a caller's own telephone. */
function called(
  log: CallLog,
  s: Live,
  e: InteractionEvent,
  commands: readonly InteractionCommand[],
  names: CallNames,
): CallPart[] {
  if (s.phase === "dialling") return [];
  const rings = (c: InteractionCommand): c is Originated => c.type === "originateLeg" && "agent" in c.to && !c.rejoin;
  return commands.filter(rings).flatMap(({ leg }) => {
    const seat = agentOn(s, leg);
    return seat ? [begin(log, seat, e.at, { direction: "in", ...cameFrom(log, s, names) })] : [];
  });
}

const agentOn = (s: Live, leg: LegId): AgentSeat | undefined =>
  seatsOf(s).find((seat): seat is AgentSeat => "agent" in seat && seat.wire.leg === leg);

/** How a call comes to the agent who is called now. */
function cameFrom(log: CallLog, s: Live, names: CallNames): Omit<Parameters<typeof begin>[3], "direction"> {
  if (s.phase === "consulting") {
    const { target } = s.consult;
    const queue = "queue" in target ? names.queueName(target.queue) : null;
    const entryPoint = "entryPoint" in target ? names.entryPointName(target.entryPoint) : null;
    return { role: "consulted", other: partyOf(s.owner, names), about: log.customer, from: null, queue, entryPoint };
  }
  return {
    role: "owner",
    other: log.customer,
    about: null,
    from: s.phase === "blind-transferring" && s.from ? partyOf(s.from, names) : null,
    queue: s.queue && names.queueName(s.queue),
    entryPoint: s.entryPoint && names.entryPointName(s.entryPoint),
  };
}

/** A part after one more event; none when the agent turns out never to have been called. */
function after(
  part: CallPart,
  before: InteractionState | null,
  e: InteractionEvent,
  s: InteractionState,
  customer: CallParty,
  names: CallNames,
): CallPart[] {
  const seat = seatsOf(s).find((one) => one.seat === part.id);
  if (s.phase === "ended" || !seat) return over(part, before, e, s, names);
  const answered = part.answered ?? (isRinging(s, seat.seat) ? null : e.at);
  const owns = "owner" in s && s.owner.seat === seat.seat;
  const consults = owns ? withConsult(part.consults, s, e.at, names) : part.consults;
  const risen = owns && part.role === "consulted";
  if (answered === part.answered && consults === part.consults && !risen) return [part];
  const role = risen && ({ role: "owner", other: customer, about: null, from: part.other } as const);
  return [{ ...part, answered, consults, ...role }];
}

function withConsult(known: readonly CallConsult[], s: Live, at: number, names: CallNames): readonly CallConsult[] {
  const last = known.at(-1);
  const current = last?.ended === null ? last : null;
  // While the customer's hold is not in force nobody is called (CO-2).
  const now = "consult" in s && !(s.phase === "consulting" && s.stage.kind === "holding") ? s.consult : null;
  if (!now) return current ? [...known.slice(0, -1), { ...current, ended: at }] : known;
  const met = s.phase !== "consulting" || s.stage.kind === "answered" ? now.consulted : null;
  const begun: CallConsult = current ?? {
    with: targetParty(now.target, names),
    kind: now.target.kind,
    began: at,
    answered: null,
    ended: null,
    conference: false,
  };
  const conference = begun.conference || s.phase === "conference";
  const answered = begun.answered ?? (met ? at : null);
  if (begun === current && conference === begun.conference && answered === begun.answered) return known;
  const updated = { ...begun, conference, answered, ...(met && { with: partyOf(met, names) }) };
  return [...(current ? known.slice(0, -1) : known), updated];
}

function targetParty(target: ConsultTarget, names: CallNames): CallParty {
  switch (target.kind) {
    case "agent":
      return { label: names.nameOf(target.agent), agent: target.agent, number: null };
    case "queue":
      return { label: names.queueName(target.queue), agent: null, number: null };
    case "entry-point":
      return { label: names.entryPointName(target.entryPoint), agent: null, number: null };
    case "outside":
      return partyAt(target.outside.number, target.outside.name ?? "");
  }
}

function over(
  part: CallPart,
  before: InteractionState | null,
  e: InteractionEvent,
  s: InteractionState,
  names: CallNames,
): CallPart[] {
  // AG-3: taken by somebody else in the meantime. This agent's station never rang.
  if (part.answered === null && e.type === "legFailed" && wasNotFree(e.failure)) return [];
  const transferredTo = part.answered === null ? null : taker(part, e, s, names);
  const outcome = transferredTo
    ? "transferred"
    : part.answered === null
      ? missed(part, before, e)
      : talked(part, before, e);
  const consults = part.consults.map((c) => (c.ended === null ? { ...c, ended: e.at } : c));
  return [{ ...part, consults, end: { at: e.at, outcome, transferredTo } }];
}

const wasNotFree = (failure: LegFailure): boolean => failure.kind === "unreachable" && failure.why === "agent-state";

/** Who has the customer when an owner has gone and the call goes on. */
function taker(part: CallPart, e: InteractionEvent, s: InteractionState, names: CallNames): CallParty | null {
  if (part.role !== "owner" || e.type === "legGivenUp") return null;
  switch (s.phase) {
    case "waiting":
      return { label: names.queueName(s.queue), agent: null, number: null };
    case "blind-transferring":
      return partyOf(s.callee, names);
    case "connected":
      return partyOf(s.owner, names);
    case "unowned":
      return partyOf(s.other, names);
    default:
      return null;
  }
}

const talked = (part: CallPart, before: InteractionState | null, e: InteractionEvent): CallOutcome =>
  e.type === "legGivenUp" && before && e.leg === legOf(before, part) ? "interrupted" : "answered";

const legOf = (s: InteractionState, part: CallPart): LegId | null =>
  seatsOf(s).find((seat) => seat.seat === part.id)?.wire.leg ?? null;

/** Why a part ended without an answer. */
function missed(part: CallPart, before: InteractionState | null, e: InteractionEvent): CallOutcome {
  if (!before || before.phase === "ended") return "abandoned";
  // The agent did not come to the telephone of their own that was called first (OB-1).
  if (before.phase === "dialling" && before.calling === "station") return "abandoned";
  if (e.type === "timerFired") return "not-answered";
  const called = part.direction === "out" ? before.customer.wire.leg : legOf(before, part);
  if (!("leg" in e) || e.leg !== called) return "abandoned";
  return e.type === "legFailed" ? outcomeOf(e.failure, part.direction) : "declined";
}

/** A failure as a history calls it. Who is called declines with a busy line, too. */
export function outcomeOf(failure: LegFailure, direction: CallPart["direction"]): CallOutcome {
  switch (failure.kind) {
    case "declined":
      return "declined";
    case "busy":
      return direction === "in" ? "declined" : "busy";
    case "no-answer":
      return "not-answered";
    case "unreachable":
    case "no-common-codec":
    case "internal":
      return "unreachable";
  }
}
