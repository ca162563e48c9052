import type { AgentId, LegId, QueueId, ReferralId, SeatId } from "@legwork/shared/ids";
import type { ErrorCode } from "@legwork/shared/api";
import type { ConsultTarget, InteractionEvent, Request, TimerName } from "@legwork/shared/interaction";
import { seatOfLeg, seatsOf } from "../seats.js";
import type {
  AgentSeat,
  Consult,
  EndCause,
  Hold,
  In,
  InteractionCommand,
  InteractionState,
  NoticeKind,
  PartySeat,
  Release,
  Step,
  Undo,
  Who,
  Wire,
} from "../interaction-state.js";

/** An event of one kind, with the request or time it came with. */
export type Event<T extends InteractionEvent["type"]> = Extract<InteractionEvent, { type: T }>;
type Consulting = In<"consulting" | "asking" | "transferring" | "joining" | "conference">;
type Owned = In<"connected"> | Consulting;

export const to = (state: InteractionState, ...commands: readonly InteractionCommand[]): Step => ({ state, commands });

export const wire = (leg: LegId): Wire => ({ leg, held: false, up: false, lost: false });
export const agentSeat = (seat: SeatId, agent: AgentId, leg: LegId): AgentSeat => ({
  seat,
  agent,
  wire: wire(leg),
  returning: null,
});
export const start = (timer: TimerName): InteractionCommand => ({ type: "startTimer", timer });
export const stop = (timer: TimerName): InteractionCommand => ({ type: "stopTimer", timer });
export const endLeg = (leg: LegId, cause: EndCause): InteractionCommand => ({ type: "endLeg", leg, cause });
export const accept = (e: Request, when: "now" | "heard" = "now"): InteractionCommand => ({
  type: "acceptRequest",
  request: e.request,
  when,
});
export const tell = (agent: AgentId, kind: NoticeKind, who: Who | null): InteractionCommand => ({
  type: "notifyAgent",
  agent,
  kind,
  who: who && nameable(who),
});

const nameable = (who: Who): Who => ("agent" in who ? { agent: who.agent } : { outside: who.outside });

/** Gives an agent back; an outside party was never taken. */
export const release = (seat: PartySeat, how: Release): InteractionCommand[] =>
  "agent" in seat ? [{ type: "releaseAgent", agent: seat.agent, how }] : [];

export const engage = (seat: PartySeat): InteractionCommand[] =>
  "agent" in seat ? [{ type: "engageAgent", agent: seat.agent }] : [];

/** Calls somebody in; an agent is taken first (AG-3). */
export const call = (seat: PartySeat): InteractionCommand => ({
  type: "originateLeg",
  leg: seat.wire.leg,
  to: nameable(seat),
  reserve: "agent" in seat,
  rejoin: false,
  wanted: false,
});

/** DN-5: what follows the number is sent once it has answered. */
export const dialOn = (leg: LegId, digits: string): InteractionCommand[] =>
  digits === "" ? [] : [{ type: "sendDigits", leg, digits }];

/** A REFER that is carried out: 202, and NOTIFY 100. */
export const takeReferral = (referral: ReferralId | null): InteractionCommand[] =>
  referral
    ? [
        { type: "acceptReferral", referral },
        { type: "notifyReferrer", referral, status: 100 },
      ]
    : [];

/** The one final NOTIFY of a REFER: 200, the status that the target's line gave, or 503 for what is not the target's. */
export const endReferral = (referral: ReferralId | null, status: number): InteractionCommand[] =>
  referral ? [{ type: "notifyReferrer", referral, status }] : [];

/** Who is with the customer from now on: an agent of ours owns it, an outside party does not (CO-4, CF-2). */
export function handOver(
  s: Exclude<InteractionState, { phase: "ended" }>,
  party: PartySeat,
  since: number,
): In<"connected" | "unowned"> {
  return "agent" in party
    ? { phase: "connected", ...contactOf(s), owner: party, hold: NO_HOLD, since }
    : { phase: "unowned", ...contactOf(s), other: party, since };
}

/** A new owner is told; an outside party has nothing to be told by. */
export const ownershipTo = (party: PartySeat, from: Who | null): InteractionCommand[] =>
  "agent" in party ? [{ type: "ownershipBegan", agent: party.agent }, tell(party.agent, "became-owner", from)] : [];

export const NO_HOLD: Hold = { kind: "none" };

/** A refused request changes nothing (CO-11). What came as an INVITE is answered on its own leg. */
export function refuse(s: InteractionState, e: Request, why: ErrorCode): Step {
  const own = invitedLeg(e);
  return to(s, { type: "refuseRequest", request: e.request, why }, ...(own ? [endLeg(own, { refused: why })] : []));
}

/** The asker's own INVITE, if it was asked by one. */
function invitedLeg(e: Request): LegId | null {
  switch (e.type) {
    case "consultRequested":
      return e.line;
    case "conferenceRequested":
      return e.focus;
    case "handOffRequested":
      return e.leg;
    default:
      return null;
  }
}

/** Requests come from a person and deserve an answer; late reports are normal and deserve silence. */
export function otherwise(s: InteractionState, e: InteractionEvent): Step {
  if (isRequest(e)) return refuse(s, e, "not-in-this-phase");
  // An answer that crossed our own hang-up: nobody waits for this leg any more.
  if (e.type === "legAnswered" && seatOfLeg(s, e.leg) === null) return to(s, endLeg(e.leg, "answered-elsewhere"));
  // The queue reserved an agent for a contact that is no longer waiting.
  if (e.type === "offerStarted") return to(s, { type: "releaseAgent", agent: e.agent, how: "caller-gone" });
  return to(s);
}

export const isRequest = (e: InteractionEvent): e is Request & { at: number } => "by" in e;

/** The owner's own dialog for the consult is gone, or has done its work. */
export const withoutLine = <S extends Consulting>(s: S): S => ({ ...s, consult: { ...s.consult, line: null } });

/** The dialog the call came on is gone: the owner goes on in the one for the consult. */
export const ontoLine = <S extends Consulting>(s: S, line: Wire): S => ({
  ...withoutLine(s),
  owner: { ...s.owner, wire: line },
});

export const isOwner = (s: Owned, seat: SeatId | null): boolean => seat === s.owner.seat;
export const isConsulted = (s: Consulting, seat: SeatId | null): boolean =>
  seat !== null && seat === s.consult.consulted?.seat;

export const contactOf = (s: Exclude<InteractionState, { phase: "ended" }>) => ({
  queue: s.queue,
  entryPoint: s.entryPoint,
  customer: s.customer,
});

/** Marks what the station of a leg did or showed, or that another leg is in its place, wherever that leg is in the state. */
export function markWire<S extends Exclude<InteractionState, { phase: "ended" }>>(
  s: S,
  leg: LegId,
  change: Partial<Wire>,
): S {
  const marked = (w: Wire): Wire => (w.leg === leg ? { ...w, ...change } : w);
  const seat = <P extends PartySeat>(a: P): P => ({ ...a, wire: marked(a.wire) });
  const consult = (c: Consult): Consult => ({
    ...c,
    consulted: c.consulted && seat(c.consulted),
    line: c.line && marked(c.line),
  });
  return {
    ...s,
    customer: { ...s.customer, wire: marked(s.customer.wire) },
    ...("offer" in s && { offer: seat(s.offer) }),
    ...("owner" in s && { owner: seat(s.owner) }),
    ...("consult" in s && { consult: consult(s.consult) }),
    ...("focus" in s && { focus: s.focus && marked(s.focus) }),
    ...("caller" in s && { caller: seat(s.caller) }),
    ...("callee" in s && { callee: seat(s.callee), from: s.from && seat(s.from) }),
    ...("other" in s && { other: seat(s.other) }),
  };
}

/** A leg of the state; null when it is in none. */
export function wireOf(s: Exclude<InteractionState, { phase: "ended" }>, leg: LegId): Wire | null {
  const consult = "consult" in s ? s.consult : null;
  const wires = [s.customer.wire, ...seatsOf(s).map((seat) => seat.wire), consult?.line, "focus" in s ? s.focus : null];
  return wires.find((w) => w?.leg === leg) ?? null;
}

/** A leg holds, or does no longer, and with it perhaps something greater: `was`, what has ended by it. Put back unless it is heard (CO-11). */
export function switched<S extends Exclude<InteractionState, { phase: "ended" }>>(
  s: S,
  key: Event<"legHeld" | "legUnheld"> | null,
  was: Undo["was"],
): S {
  if (!key) return { ...s, undo: { leg: null, was } };
  const held = key.type === "legHeld";
  const changes = (wireOf(s, key.leg)?.held ?? held) !== held;
  return changes || was ? { ...markWire(s, key.leg, { held }), undo: { leg: changes ? key.leg : null, was } } : s;
}

/** HO-5: a hold key that is not the owner's hold of the customer takes only that leg's own audio out. */
export const ownAudio = (s: Exclude<InteractionState, { phase: "ended" }>, e: Event<"legHeld" | "legUnheld">): Step =>
  to(switched(s, e, null), accept(e, "heard"));

/** HO-4: a hold that failed is none, whoever asked for it. */
export const notHeld = (owner: AgentSeat): AgentSeat => ({ ...owner, wire: { ...owner.wire, held: false } });

/** Every leg of the owner is held by its station: nothing comes from there but, perhaps, music of its own. */
export const holdsAll = ({ owner, consult }: { owner: AgentSeat; consult: Consult }): boolean =>
  owner.wire.held && (consult.line?.held ?? true);

/** The end of the interaction with an owner in it: exactly one wrap-up, for the owner (CO-7, CO-12, CF-4). */
export function endOwned(s: Owned, gone: LegId | null, ...first: readonly InteractionCommand[]): Step {
  const consult = "consult" in s ? s.consult : null;
  const called = consult && !(s.phase === "consulting" && s.stage.kind === "holding") ? consult.consulted : null;
  const waiting = s.phase === "consulting" ? leaveConsultQueue(s) : [];
  const focus = "focus" in s ? s.focus : null;
  const legs = [s.customer.wire, s.owner.wire, consult?.line, called?.wire, focus].filter((w) => w != null);
  return to(
    { phase: "ended" },
    ...first,
    ...waiting,
    ...legs.filter((w) => w.leg !== gone).map((w) => endLeg(w.leg, "normal")),
    ...ownerGoes(s),
    ...(called ? release(called, howCalled(s)) : []),
    { type: "closeInteraction" },
  );
}

/** How whom the owner called is given back: who has not answered loses no place by it (QU-1). */
export const howCalled = (s: Owned): Release =>
  s.phase === "consulting" && s.stage.kind !== "answered" ? "caller-gone" : "consulted";

/** The owner is done with this interaction and wraps up, unless the wrap-up was opened when the transfer was asked for (CO-5). */
export const ownerGoes = (s: Owned): InteractionCommand[] => [
  ...(wrapUpIsOpen(s) ? [] : [{ type: "ownershipEnded", agent: s.owner.agent } as const]),
  ...release(s.owner, "handled"),
];

const wrapUpIsOpen = (s: Owned): boolean => s.phase === "asking" || (s.phase === "transferring" && s.asked);

/** The owner stays after all: a wrap-up that was opened beforehand is withdrawn (CO-4, CO-5). */
export const ownerStays = (s: Owned): InteractionCommand[] =>
  wrapUpIsOpen(s) ? [{ type: "ownershipBegan", agent: s.owner.agent }] : [];

/** The queue in which a consult waits for an agent, or for one to answer. */
export const consultQueue = (target: ConsultTarget): QueueId | null => ("queue" in target ? target.queue : null);

/** Who is to be called for a target; null when a queue has to find somebody first. */
export function partyFor(e: Event<"consultRequested" | "blindTransferRequested">): PartySeat | null {
  switch (e.target.kind) {
    case "agent":
      return agentSeat(e.seat, e.target.agent, e.leg);
    case "outside":
      return { seat: e.seat, outside: e.target.outside, wire: wire(e.leg) };
    default:
      return null;
  }
}

export function leaveConsultQueue(s: In<"consulting">): InteractionCommand[] {
  const queue = consultQueue(s.consult.target);
  return queue && (s.stage.kind === "queued" || s.stage.kind === "ringing") ? [{ type: "leaveQueue", queue }] : [];
}

/** The customer hears the music of a hold that is in force (HO-4): only who is held can stay so. */
export function isHeldFor(s: In<"consulting" | "asking" | "transferring" | "joining">): boolean {
  if (s.phase === "transferring" || s.phase === "joining") return false;
  const talk = s.phase === "asking" ? s.talk : s.stage.kind === "answered" ? s.stage.talk : null;
  if (talk) return talk.held || talk.side === "consult";
  return s.phase === "consulting" && s.stage.kind !== "holding";
}
