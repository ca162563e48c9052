import { brand, type AgentId, type EntryPointId, type LegId } from "@legwork/shared/ids";
import type { ConsultTarget } from "@legwork/shared/interaction";
import type {
  AgentSeat,
  Consult,
  Hold,
  InteractionState,
  MetConsult,
  OutsideSeat,
  PartySeat,
  Stage,
  Talk,
  Undo,
  Wire,
} from "../interaction-state.js";
import {
  AGENTS,
  CUSTOMER_LEG,
  CUSTOMER_SEAT,
  EARLIER_HOLD,
  EARLIER_REFERRAL,
  EARLIER_REQUEST,
  FOCUS,
  legFor,
  LINE,
  OTHER_QUEUE,
  OUTSIDE_LEG,
  OUTSIDE_SEAT,
  QUEUE,
  returnLegFor,
  seatFor,
  TARGETS,
} from "./alphabet.js";

type Live = Exclude<InteractionState, { phase: "ended" }>;

/** What `canonical` leaves open: what decides who is heard, and what does not. */
type Open = "sound" | "other";
/** Chooses the n-th of each. */
export type Dress = (n: number, what: Open) => boolean;
export const PLAIN: Dress = () => false;
export const FULL: Dress = () => true;
/** One of the many mixtures, the same for the same text. */
export function mixed(text: string): Dress {
  let hash = 2166136261;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
  return (n) => ((hash >>> (n % 31)) & 1) === 1;
}

/** How many states are merged into this one, but for names. */
export function mergedInto(s: Live): number {
  let choices = 0;
  canonical(s, () => choices++ < 0);
  return 2 ** choices;
}

/** The same state with every mixture of what wires showed that decides who is heard. */
export function* everySound(s: Live): Generator<Live> {
  let sounds = 0;
  canonical(s, (_, what) => what === "sound" && sounds++ < 0);
  for (let mixture = 0; mixture < 2 ** sounds; mixture++)
    yield canonical(s, (n, what) => what === "sound" && ((mixture >>> n) & 1) === 1);
}

/**
 * One state for all that the rules cannot tell apart; every field is named here, so that a new one does not compile until somebody has said
 * which it is.
 *
 * - Names. Agents, seats, legs and queues are ids: rules compare them and look into none. The first agent of a state is called "one", a leg that
 *   took the place of another (a station that came back, the owner's consult dialog after a BYE on the other) is called as that one was, and what
 *   is still to be answered has ids that no later request has.
 * - What a wire showed: `held`, `up`, `lost`. A telephone sets and clears them at any moment and in any phase, so every mixture is reachable, and a
 *   rule asks for one of them at most. They are left open: the walk tries a state with all of them clear, with all of them set, and now and then
 *   with a mixture; the rules of who hears whom are tried with every mixture. Only a transfer asks for more, the customer's and the consulted
 *   party's `up` and `lost`: there they stay as they are, and the walk enters it with all of them. `lost` is of agents only.
 * - What a switch that is not heard yet, a transfer or a conference would go back to, and whether a hold was asked for before its consult: any.
 * - What nobody asks for any more: how a consulted party was reached, once it has answered; the entry point; whether a queue was reached through
 *   one; when a phase began (the walk has no time).
 */
export function canonical(s: Live, dress: Dress): Live {
  const choices = { sound: 0, other: 0 };
  const open = (what: Open = "other"): boolean => dress(choices[what]++, what);
  const names = new Map<AgentId, AgentId>();
  const named = (agent: AgentId): AgentId => {
    const name = names.get(agent) ?? AGENTS[names.size] ?? agent;
    names.set(agent, name);
    return name;
  };
  const asks = s.phase === "transferring";
  const wire = (w: Wire, leg: LegId, { upCounts = false, agents = false } = {}): Wire => ({
    leg,
    held: open("sound"),
    up: upCounts ? w.up : open(),
    lost: agents && !upCounts ? open("sound") : w.lost,
  });
  // A switch that is not heard yet may wait in any state, and take back any talk, or the hold.
  const undo = (): { readonly undo?: Undo } => {
    if (!open()) return {};
    const answered = s.phase === "consulting" && s.stage.kind === "answered";
    const was = answered ? talk() : s.phase === "connected" && s.hold.kind === "none" ? ("hold" as const) : null;
    return { undo: { leg: "owner" in s ? legFor(named(s.owner.agent)) : CUSTOMER_LEG, was } };
  };
  const talk = (what: Open = "other"): Talk => ({ side: open(what) ? "customer" : "consult", held: open(what) });
  const agentSeat = (a: AgentSeat, upCounts = false): AgentSeat => {
    const agent = named(a.agent);
    return {
      seat: seatFor(agent),
      agent,
      wire: wire(a.wire, legFor(agent), { upCounts, agents: true }),
      returning: a.returning && returnLegFor(agent),
    };
  };
  const outsideSeat = (o: OutsideSeat, upCounts = false): OutsideSeat => ({
    seat: OUTSIDE_SEAT,
    outside: o.outside,
    wire: wire(o.wire, OUTSIDE_LEG, { upCounts }),
  });
  const party = (p: PartySeat, upCounts = false): PartySeat =>
    "agent" in p ? agentSeat(p, upCounts) : outsideSeat(p, upCounts);
  const contact = {
    queue: s.queue && QUEUE,
    entryPoint: open() ? brand<EntryPointId>("line") : null,
    customer: { seat: CUSTOMER_SEAT, wire: wire(s.customer.wire, CUSTOMER_LEG, { upCounts: asks }) },
    since: 0,
    ...undo(),
  };
  const pending = (as: Talk) => ({
    request: EARLIER_REQUEST,
    referral: "referral" in s ? s.referral && EARLIER_REFERRAL : null,
    talk: as,
  });
  const line = (c: Consult): Wire | null => c.line && wire(c.line, LINE, { agents: true });
  const met = (c: MetConsult): MetConsult => {
    const consulted = party(c.consulted, asks);
    return { target: forgotten(consulted, open()), consulted, line: line(c), since: 0 };
  };
  const consult = (c: Consult): Consult => {
    const consulted = c.consulted && party(c.consulted);
    return { target: target(c.target, consulted, open), consulted, line: line(c), since: 0 };
  };
  switch (s.phase) {
    case "waiting":
      return { phase: s.phase, ...contact, queue: QUEUE };
    case "offered":
      return { phase: s.phase, ...contact, queue: QUEUE, offer: agentSeat(s.offer) };
    case "dialling": {
      const { phase, calling, invited, outside, digits } = s;
      return { phase, ...contact, caller: agentSeat(s.caller), calling, invited, outside, digits };
    }
    case "connected":
      return { phase: s.phase, ...contact, owner: agentSeat(s.owner), hold: hold(s.hold) };
    case "consulting": {
      const owner = agentSeat(s.owner);
      const answered = s.stage.kind === "answered" && s.consult.consulted;
      const own = answered ? met({ ...s.consult, consulted: answered }) : consult(s.consult);
      return { phase: s.phase, ...contact, owner, consult: own, stage: stage(s.stage, open) };
    }
    case "asking": {
      const owner = agentSeat(s.owner);
      return { phase: s.phase, ...contact, owner, consult: met(s.consult), ...pending(talk("sound")) };
    }
    case "joining": {
      const owner = agentSeat(s.owner);
      const focus = s.focus && wire(s.focus, FOCUS);
      return { phase: s.phase, focus, ...contact, owner, consult: met(s.consult), ...pending(talk()) };
    }
    case "transferring": {
      const { phase, heard, asked } = s;
      const owner = agentSeat(s.owner);
      return { phase, ...contact, owner, consult: met(s.consult), ...pending(talk()), heard, asked };
    }
    case "conference":
      return { phase: s.phase, ...contact, owner: agentSeat(s.owner), consult: met(s.consult) };
    case "blind-transferring": {
      const { phase, digits } = s;
      const from = s.from && agentSeat(s.from);
      const referral = s.referral && EARLIER_REFERRAL;
      return { phase, ...contact, from, callee: party(s.callee), digits, referral };
    }
    case "unowned":
      return { phase: s.phase, ...contact, other: outsideSeat(s.other) };
  }
}

/** Any target that may have led to who is there now. */
const forgotten = (consulted: PartySeat, choice: boolean): ConsultTarget =>
  "agent" in consulted
    ? choice
      ? TARGETS.queue
      : { kind: "agent", agent: consulted.agent }
    : choice
      ? TARGETS.outside
      : TARGETS.plainOutside;

function target(t: ConsultTarget, consulted: PartySeat | null, open: () => boolean): ConsultTarget {
  switch (t.kind) {
    case "queue":
    case "entry-point":
      return open()
        ? { kind: "entry-point", entryPoint: TARGETS.entryPoint.entryPoint, queue: OTHER_QUEUE }
        : TARGETS.queue;
    case "agent":
      return consulted && "agent" in consulted ? { kind: "agent", agent: consulted.agent } : t;
    case "outside":
      return t;
  }
}

const hold = (h: Hold): Hold => (h.kind === "starting" ? { kind: h.kind, request: EARLIER_REQUEST } : { kind: h.kind });

function stage(g: Stage, open: () => boolean): Stage {
  switch (g.kind) {
    case "holding":
      return { kind: g.kind, request: EARLIER_REQUEST, hold: open() ? EARLIER_HOLD : null };
    case "answered":
      return { kind: g.kind, talk: { side: g.talk.side, held: g.talk.held } };
    default:
      return { kind: g.kind };
  }
}
