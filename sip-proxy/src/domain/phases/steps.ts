import type { AgentId, LegId, QueueId, SeatId } from "@legwork/shared/ids";
import type { ErrorCode } from "@legwork/shared/api";
import type { ConsultTarget, InteractionEvent, LegFailure, Request, TimerName } from "@legwork/shared/interaction";
import type {
  AgentSeat,
  Consult,
  EndCause,
  In,
  InteractionCommand,
  InteractionState,
  NoticeKind,
  Step,
  Wire,
} from "../interaction-state.js";

/** An event of one kind, with the request or time it came with. */
export type Event<T extends InteractionEvent["type"]> = Extract<InteractionEvent, { type: T }>;
type Owned = In<"connected" | "consulting" | "transferring" | "joining" | "conference">;
type Consulting = In<"consulting" | "transferring" | "joining" | "conference">;

export const to = (state: InteractionState, ...commands: readonly InteractionCommand[]): Step => ({ state, commands });

export const wire = (leg: LegId): Wire => ({ leg, held: false, up: false });
export const start = (timer: TimerName): InteractionCommand => ({ type: "startTimer", timer });
export const stop = (timer: TimerName): InteractionCommand => ({ type: "stopTimer", timer });
export const endLeg = (leg: LegId, cause: EndCause): InteractionCommand => ({ type: "endLeg", leg, cause });
export const accept = (e: Request, when: "now" | "heard" = "now"): InteractionCommand => ({
  type: "acceptRequest",
  request: e.request,
  when,
});
export const tell = (agent: AgentId, kind: NoticeKind, who: AgentId | null): InteractionCommand => ({
  type: "notifyAgent",
  agent,
  kind,
  who,
});

/** A refused request changes nothing (CO-11). A consult that came as an INVITE is answered on its own leg. */
export function refuse(s: InteractionState, e: Request, why: ErrorCode): Step {
  const commands: InteractionCommand[] = [{ type: "refuseRequest", request: e.request, why }];
  if (e.type === "consultRequested" && e.line) commands.push(endLeg(e.line, { refused: why }));
  return to(s, ...commands);
}

/** Requests come from a person and deserve an answer; late reports are normal and deserve silence. */
export function otherwise(s: InteractionState, e: InteractionEvent): Step {
  if (isRequest(e)) return refuse(s, e, "not-in-this-phase");
  // An answer that crossed our own hang-up: nobody waits for this leg any more.
  if (e.type === "legAnswered") return to(s, endLeg(e.leg, "answered-elsewhere"));
  // The queue reserved an agent for a contact that is no longer waiting.
  if (e.type === "offerStarted") return to(s, { type: "releaseAgent", agent: e.agent, how: "caller-gone" });
  return to(s);
}

export const isRequest = (e: InteractionEvent): e is Request & { at: number } => "request" in e;

export const isOwner = (s: Owned, seat: SeatId | null): boolean => seat === s.owner.seat;
export const isConsulted = (s: Consulting, seat: SeatId | null): boolean =>
  seat !== null && seat === s.consult.consulted?.seat;

export const contactOf = (s: Exclude<InteractionState, { phase: "ended" }>) => ({
  queue: s.queue,
  entryPoint: s.entryPoint,
  customer: s.customer,
});

/** Marks what the station of a leg did or showed, wherever that leg is in the state. */
export function markWire<S extends Exclude<InteractionState, { phase: "ended" }>>(
  s: S,
  leg: LegId,
  change: Partial<Omit<Wire, "leg">>,
): S {
  const marked = (w: Wire): Wire => (w.leg === leg ? { ...w, ...change } : w);
  const seat = (a: AgentSeat): AgentSeat => ({ ...a, wire: marked(a.wire) });
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
  };
}

/** HO-5: a hold key that is not the owner's hold of the customer takes only that leg's own audio out. */
export const ownAudio = (s: Exclude<InteractionState, { phase: "ended" }>, e: Event<"legHeld" | "legUnheld">): Step =>
  to(markWire(s, e.leg, { held: e.type === "legHeld" }), accept(e, "heard"));

/** The end of the interaction with an owner in it: exactly one wrap-up, for the owner (CO-7, CO-12, CF-4). */
export function endOwned(s: Owned, gone: LegId | null, ...first: readonly InteractionCommand[]): Step {
  const consult = "consult" in s ? s.consult : null;
  const called = consult && !(s.phase === "consulting" && s.stage.kind === "holding") ? consult.consulted : null;
  const waiting = s.phase === "consulting" ? leaveConsultQueue(s) : [];
  const legs = [s.customer.wire, s.owner.wire, consult?.line, called?.wire].filter((w) => w != null);
  return to(
    { phase: "ended" },
    ...first,
    ...waiting,
    ...legs.filter((w) => w.leg !== gone).map((w) => endLeg(w.leg, "normal")),
    { type: "ownershipEnded", agent: s.owner.agent },
    { type: "releaseAgent", agent: s.owner.agent, how: "handled" },
    ...(called ? [{ type: "releaseAgent", agent: called.agent, how: "consulted" } as const] : []),
    { type: "closeInteraction" },
  );
}

/** The queue in which a consult waits for an agent, or for one to answer. */
export const consultQueue = (target: ConsultTarget): QueueId | null => (target.kind === "agent" ? null : target.queue);

export function leaveConsultQueue(s: In<"consulting">): InteractionCommand[] {
  const queue = consultQueue(s.consult.target);
  return queue && (s.stage.kind === "queued" || s.stage.kind === "ringing") ? [{ type: "leaveQueue", queue }] : [];
}

/** What the owner is told when the consulted party did not come (CO-9). */
export function noticeOf(failure: LegFailure): NoticeKind {
  switch (failure.kind) {
    case "declined":
      return "consult-declined";
    case "busy":
      return "consult-busy";
    case "no-answer":
      return "consult-no-answer";
    case "unreachable":
    case "no-common-codec":
    case "internal":
      return "consult-unreachable";
  }
}
