import type { LegId, SeatId } from "@legwork/shared/ids";
import type { LegPlan, SeatPlan } from "@legwork/shared/media";
import type { InteractionState, PartySeat, Talk } from "../interaction-state.js";
import { activeLeg, legPlan, listenersOf } from "../leg-plan.js";
import { seatPlan } from "../seat-plan.js";
import { agentInCharge, seatOf, seatOfLeg, seatsOf } from "../seats.js";
import { AGENTS, STRANGER_LEG, STRANGER_SEAT } from "./alphabet.js";
import { agentOf, consultedOf, focusOf, notYetCalled, ownerOf } from "./facts.js";
import { differInAnyOrder, rule, type Rule } from "./rule.js";

type Live = Exclude<InteractionState, { phase: "ended" }>;

/** A state with what is planned for it. */
export interface Heard {
  readonly state: Live;
  readonly seats: SeatPlan;
  readonly legs: LegPlan;
}
export const COUNTRY = "NO";
export function heardIn(state: Live): Heard {
  const seats = seatPlan(state, COUNTRY);
  return { state, seats, legs: legPlan(state, seats) };
}

/** A source as a text, whoever's ear it is for: "music queue", "ringback NO", "silence", or who is heard. */
export function sound(source: { readonly kind: string; readonly seat?: unknown } | undefined): string {
  const { kind, seat: _, ...what } = source ?? { kind: "silence" };
  return [kind, ...Object.values(what).flatMap((v) => (Array.isArray(v) ? [...v].sort() : String(v)))].join(" ");
}
/** With whom the owner of an answered consult talks; null: nobody has answered, or it is none. */
const talkOf = (s: Live): Talk | null =>
  s.phase === "consulting" ? (s.stage.kind === "answered" ? s.stage.talk : null) : s.phase === "asking" ? s.talk : null;
const partiesOf = (source: { readonly kind: string; readonly parties?: readonly string[] } | undefined) =>
  source?.kind === "parties" ? (source.parties ?? []) : [];

/** The seats that talk with each other, as SPEC.md tells it. */
function circle(s: Live): readonly SeatId[] {
  const customer = s.customer.seat;
  switch (s.phase) {
    case "connected":
      return s.hold.kind === "none" ? [customer, s.owner.seat] : [];
    case "consulting":
    case "asking": {
      const talk = talkOf(s);
      if (!talk || talk.held) return [];
      return [s.owner.seat, talk.side === "customer" ? customer : s.consult.consulted!.seat];
    }
    case "transferring":
      return [customer, s.consult.consulted.seat];
    case "joining":
    case "conference":
      return [customer, s.owner.seat, s.consult.consulted.seat];
    case "unowned":
      return [customer, s.other.seat];
    default:
      return [];
  }
}

/** HO-5, SE-1: whose station holds the leg it speaks on, or is gone, is silent to the others. An owner's own hold key is a hold (HO-1). */
function silentSeats(s: Live): ReadonlySet<SeatId> {
  const silent = new Set<SeatId>();
  if (s.customer.wire.held) silent.add(s.customer.seat);
  const owner = ownerOf(s);
  for (const { seat, wire } of seatsOf(s)) if (wire.lost || (wire.held && seat !== owner?.seat)) silent.add(seat);
  if (s.phase === "joining" || s.phase === "conference") {
    const { line } = s.consult;
    const carriers = focusOf(s) ? [focusOf(s)] : [s.owner.wire, line];
    if (carriers.every((wire) => wire?.held ?? true)) silent.add(s.owner.seat);
  }
  return silent;
}

const musicFor = (s: Live): string => `music ${s.queue ?? "default"}`;

/** What who is not in the circle hears. */
function meanwhile(s: Live, seat: SeatId): string {
  if (seat === s.customer.seat) {
    if (s.phase === "dialling") return "silence"; // it rings, or is not called yet
    return s.phase === "blind-transferring" ? `ringback ${COUNTRY}` : musicFor(s); // BT-1: as if the target had been called
  }
  if (s.phase === "dialling") return s.calling === "customer" ? `ringback ${COUNTRY}` : "silence";
  if (s.phase === "asking") return seat === s.owner.seat ? "silence" : musicFor(s); // CO-5: as before
  if (s.phase !== "consulting") return "silence";
  if (seat === s.owner.seat) {
    if (s.stage.kind !== "queued" && s.stage.kind !== "ringing") return "silence";
    const { target } = s.consult;
    return "queue" in target ? `music ${target.queue}` : `ringback ${COUNTRY}`; // CO-14
  }
  return s.stage.kind === "answered" ? musicFor(s) : "silence"; // CO-3: agent 2 on hold
}

function expected(s: Live, seat: SeatId): string {
  const talking = circle(s);
  if (!talking.includes(seat)) return meanwhile(s, seat);
  const silent = silentSeats(s);
  const parties = talking.filter((other) => other !== seat && !silent.has(other));
  if (parties.length > 0) return sound({ kind: "parties", parties } as never);
  const alone = seat === s.customer.seat && seatsOf(s).some(({ wire }) => wire.lost);
  return alone ? musicFor(s) : "silence"; // SE-1
}

const seatsIn = (s: Live): readonly SeatId[] => [s.customer.seat, ...seatsOf(s).map(({ seat }) => seat)];

/** The leg an owner with two of them speaks and listens on. */
function ownersLeg(s: Live, owner: PartySeat): LegId {
  const own = owner.wire.leg;
  const line = "consult" in s ? s.consult.line?.leg : null;
  const focus = focusOf(s);
  if (focus) return focus.leg; // RFC 4579
  if (line == null) return own;
  if (s.phase === "joining" || s.phase === "conference") return owner.wire.held ? line : own; // CF-1: the one that is off hold
  if (s.phase !== "consulting" && s.phase !== "asking") return own;
  // CO-3: that side's own, unless only the other one is off hold.
  const talk = talkOf(s);
  if (!talk) return line;
  const [here, there] = [owner.wire.held, s.consult.line!.held];
  return (talk.side === "customer" ? here && !there : here || !there) ? line : own;
}

/** The questions that are asked about a plan beside the plan itself. */
export const listeningRules: readonly Rule<Live>[] = [
  rule("[MX-4] knows the leg that a seat uses and the legs that hear it", (state) => {
    const { legs } = heardIn(state);
    const owner = ownerOf(state);
    for (const { seat, wire } of [state.customer, ...seatsOf(state)]) {
      const leg = owner?.seat === seat ? ownersLeg(state, owner) : wire.leg;
      if (activeLeg(state, seat) !== leg) return `${seat} is said to use another leg than ${leg}`;
    }
    for (const leg of legs.keys()) {
      const hearing = [...legs].flatMap(([other, source]) => (partiesOf(source).includes(leg) ? [other] : []));
      const wrong = differInAnyOrder(listenersOf(state, leg), hearing);
      if (wrong) return `${leg} is heard on ${wrong}`;
    }
    return activeLeg(state, STRANGER_SEAT) === null ? null : "a stranger uses a leg";
  }),
  rule("[AG-3] knows whose leg it is, which seat an agent has, and which agent is in charge", (state) => {
    const owner = ownerOf(state);
    const others = ["consult" in state ? state.consult.line : null, focusOf(state)];
    const own = others.flatMap((wire) => (wire && owner ? [{ seat: owner.seat, wire }] : []));
    const seats = [state.customer, ...seatsOf(state), ...own];
    const wrong = seats.find(({ seat, wire }) => seatOfLeg(state, wire.leg) !== seat);
    if (wrong) return `${wrong.wire.leg} is said to be of ${seatOfLeg(state, wrong.wire.leg)}`;
    for (const agent of AGENTS) {
      const has = seatsOf(state).find((seat) => agentOf(seat) === agent) ?? null;
      if (seatOf(state, agent) !== has) return `${agent} is said to have another seat`;
    }
    const caller = state.phase === "dialling" ? state.caller : state.phase === "blind-transferring" ? state.from : null;
    if (agentInCharge(state) !== agentOf(owner ?? caller)) return `${agentInCharge(state)} is said to be in charge`;
    return seatOfLeg(state, STRANGER_LEG) === null ? null : "a strange leg is somebody's";
  }),
];

/** What holds of who hears whom, in every state. */
export const hearingRules: readonly Rule<Heard>[] = [
  rule("[MX-1] lets each hear exactly whom the rules say, and music or a tone otherwise", ({ state, seats }) => {
    for (const seat of seatsIn(state)) {
      const [got, want] = [sound(seats.get(seat)), expected(state, seat)];
      if (got !== want) return `${seat} hears ${got} instead of ${want}`;
    }
    return [...seats.keys()].every((seat) => seatsIn(state).includes(seat)) ? null : "somebody hears who is not there";
  }),
  rule(
    "[MX-1] lets the customer hear no part of a consult, and the consulted party nothing of the customer",
    (heard) => {
      const { state, seats } = heard;
      if (state.phase !== "consulting" && state.phase !== "asking") return null;
      const consulted = state.consult.consulted?.seat;
      const customerHears = partiesOf(seats.get(state.customer.seat));
      if (consulted && customerHears.includes(consulted)) return "the customer hears the consulted party";
      if (consulted && partiesOf(seats.get(consulted)).includes(state.customer.seat)) return "it hears the customer";
      const talk = talkOf(state);
      return customerHears.includes(state.owner.seat) && (talk?.side !== "customer" || talk.held)
        ? "the customer hears the owner"
        : null;
    },
  ),
  rule("[MX-1] lets nobody hear themself, not on any leg", ({ state, seats, legs }) => {
    for (const [seat, source] of seats) if (partiesOf(source).includes(seat)) return `${seat} hears itself`;
    const owner = ownerOf(state);
    const own: string[] = owner ? [owner.wire.leg] : [];
    if ("consult" in state && state.consult.line) own.push(state.consult.line.leg);
    const focus = focusOf(state);
    if (focus) own.push(focus.leg);
    for (const [leg, source] of legs) {
      const heard = partiesOf(source);
      if (heard.includes(leg)) return `${leg} hears itself`;
      if (own.includes(leg) && heard.some((p) => own.includes(p))) return `${leg} hears its own other leg`;
    }
    return null;
  }),
  rule("[MX-1] takes an agent's microphone from one leg only", ({ state, legs }) => {
    const line = "consult" in state ? state.consult.line?.leg : undefined;
    const own = [ownerOf(state)?.wire.leg, line, focusOf(state)?.leg];
    const heard = new Set([...legs.values()].flatMap(partiesOf));
    return own.filter((leg) => leg !== undefined && heard.has(leg)).length > 1
      ? "two legs of the owner are heard"
      : null;
  }),
  rule(
    "[MX-1] [CF-1] gives each seat its sound on the leg it uses, and silence on its other one",
    ({ state, seats, legs }) => {
      const used = new Map<string, LegId>(seatsOf(state).map(({ seat, wire }) => [seat, wire.leg]));
      used.set(state.customer.seat, state.customer.wire.leg);
      const owner = ownerOf(state);
      if (owner) used.set(owner.seat, ownersLeg(state, owner));
      const all = [state.customer.wire.leg, ...seatsOf(state).map(({ wire }) => wire.leg)];
      if ("consult" in state && state.consult.line) all.push(state.consult.line.leg);
      const focus = focusOf(state);
      if (focus) all.push(focus.leg);
      const missing = differInAnyOrder([...legs.keys()], all);
      if (missing) return `the plan is about ${missing}`;
      for (const leg of all) {
        const seat = [...used].find(([, one]) => one === leg)?.[0];
        const source = seat === undefined ? undefined : seats.get(seat as SeatId);
        const parties = partiesOf(source).flatMap((p) => used.get(p) ?? []);
        const want = sound(parties.length > 0 ? ({ kind: "parties", parties } as never) : source);
        const got = legs.get(leg);
        if (sound(got) !== want) return `${leg} gets ${sound(got)} instead of ${want}`;
        if (got?.kind === "parties" && got.seat !== seat) return `${leg} is said to be the ear of ${got.seat}`;
      }
      return null;
    },
  ),
  rule("[SE-1] [HO-1] never leaves the customer in silence, but for the other's own hold key", ({ state, seats }) => {
    if (state.phase === "dialling" || sound(seats.get(state.customer.seat)) !== "silence") return null;
    const others = circle(state).filter((seat) => seat !== state.customer.seat);
    const speaksOn = ({ seat, wire }: PartySeat) => (seat === ownerOf(state)?.seat && focusOf(state)) || wire;
    const held = seatsOf(state).filter((one) => others.includes(one.seat) && speaksOn(one).held && !one.wire.lost);
    return others.length > 0 && held.length === others.length ? null : "the customer hears nothing";
  }),
  rule(
    "[CO-4] [CF-2] has an owner whenever an agent of ours is in it who was not only consulted, offered or calling",
    ({ state }) => {
      if (["offered", "dialling", "blind-transferring"].includes(state.phase)) return null; // nobody answered, or BT-1
      const agents = seatsOf(state).filter((seat) => "agent" in seat && seat.seat !== consultedOf(state)?.seat);
      const owner = ownerOf(state);
      if (agents.length !== (owner ? 1 : 0) || agents[0]?.seat !== owner?.seat)
        return "an agent is in it and owns nothing";
      return state.phase === "unowned" && !("outside" in state.other) ? "unowned with an agent of ours" : null;
    },
  ),
  rule("[CO-4] commits a transfer as soon as it can: none is in force, both alive, and not committed", ({ state }) =>
    state.phase === "transferring" &&
    state.heard &&
    [state.customer.wire, state.consult.consulted.wire].every(({ up, lost }) => up && !lost)
      ? "nobody commits it"
      : null,
  ),
  rule("[CO-2] has nobody called who is not held for", ({ state }) =>
    notYetCalled(state) !== null && state.phase === "consulting" && state.stage.kind !== "holding"
      ? "not called"
      : null,
  ),
];
