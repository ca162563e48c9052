import type { LegId } from "@legwork/shared/ids";
import type { InteractionEvent } from "@legwork/shared/interaction";
import type { AgentSeat, InteractionCommand, InteractionPolicy, InteractionState, Step } from "../interaction-state.js";
import { isRinging, seatsOf } from "../seats.js";
import { endLeg, markWire, to, wire, withoutLine, type Event } from "./steps.js";

type Live = Exclude<InteractionState, { phase: "ended" }>;
type Phase = (s: InteractionState, e: InteractionEvent, policy: InteractionPolicy) => Step;

/** SE-1: a seat that is gone without a word is kept, called back, or given up. The same in every phase. */
export function withLostSeats(s: Live, e: InteractionEvent, policy: InteractionPolicy, phase: Phase): Step {
  return letGo(s, ofLostSeat(s, e) ?? (e.type === "legGivenUp" ? givenUp(s, e, policy, phase) : phase(s, e, policy)));
}

/** What is about a lost seat and nothing else; null when it is not. */
function ofLostSeat(s: Live, e: InteractionEvent): Step | null {
  switch (e.type) {
    case "legLost":
      return isAgents(s, e.leg) ? to(markWire(s, e.leg, { lost: true })) : to(s);
    case "stationReturned": {
      const seat = agentSeats(s).find((one) => one.seat === e.seat);
      if (!seat?.wire.lost || seat.returning !== null || isRinging(s, seat.seat)) return to(s);
      return to(withSeat(s, { ...seat, returning: e.leg }), {
        type: "originateLeg",
        leg: e.leg,
        to: { agent: seat.agent },
        reserve: false,
        rejoin: true,
        wanted: true,
      });
    }
    case "legAnswered":
    case "legFailed":
    case "legEnded": {
      const seat = agentSeats(s).find(({ returning }) => returning === e.leg);
      if (!seat) return null;
      return e.type === "legAnswered" ? returned(s, seat, e.leg) : to(withSeat(s, { ...seat, returning: null }));
    }
    default:
      return null;
  }
}

/** The seat goes on on its new leg; the ones it had are over, the owner's own dialogs for a consult and with the focus among them. */
function returned(s: Live, seat: AgentSeat, leg: LegId): Step {
  const back = withSeat(s, { ...seat, wire: wire(leg), returning: null });
  const own = "consult" in back && back.owner.seat === seat.seat ? back : null;
  const others = own ? [own.consult.line, "focus" in own ? own.focus : null].filter((w) => w !== null) : [];
  const rest = own ? { ...withoutLine(own), ...("focus" in own && { focus: null }) } : back;
  return to(rest, ...[seat.wire, ...others].map((one) => endLeg(one.leg, "normal")));
}

/** The seat has ended as if by a hang-up. An owner's customer goes to the head of the queue, where the site wants it. */
function givenUp(s: Live, e: Event<"legGivenUp">, policy: InteractionPolicy, phase: Phase): Step {
  const step = phase(s, { type: "legEnded", leg: e.leg, at: e.at }, policy);
  const owners = "owner" in s && s.owner.wire.leg === e.leg;
  if (!owners || s.queue === null || step.state.phase !== "ended" || policy.seatLost === "end") return step;
  const { queue, entryPoint, customer } = s;
  const kept = step.commands.filter(
    (c) => c.type !== "closeInteraction" && !(c.type === "endLeg" && c.leg === customer.wire.leg),
  );
  return to({ phase: "waiting", queue, entryPoint, customer, since: e.at }, ...kept, {
    type: "enqueue",
    queue,
    front: true,
  });
}

/** A station that was being called back into a seat that is no longer there. */
function letGo(before: Live, step: Step): Step {
  const wanted = new Set<LegId>(
    step.state.phase === "ended" ? [] : agentSeats(step.state).flatMap((a) => [a.wire.leg, a.returning ?? a.wire.leg]),
  );
  const forgotten = agentSeats(before).flatMap(({ returning }) =>
    returning !== null && !wanted.has(returning) ? [returning] : [],
  );
  if (forgotten.length === 0) return step;
  const ends: InteractionCommand[] = forgotten.map((leg) => endLeg(leg, "cancelled"));
  const last = step.commands.findIndex((c) => c.type === "closeInteraction");
  const at = last === -1 ? step.commands.length : last;
  return { state: step.state, commands: [...step.commands.slice(0, at), ...ends, ...step.commands.slice(at)] };
}

export const agentSeats = (s: Live): AgentSeat[] => seatsOf(s).filter((seat): seat is AgentSeat => "agent" in seat);

const isAgents = (s: Live, leg: LegId): boolean =>
  agentSeats(s).some((seat) => seat.wire.leg === leg && !seat.wire.lost) ||
  ("consult" in s && s.consult.line?.leg === leg && !s.consult.line.lost) ||
  ("focus" in s && s.focus?.leg === leg && !s.focus.lost);

export function withSeat(s: Live, seat: AgentSeat): Live {
  const put = <P extends { readonly seat: string }>(old: P): P => (old.seat === seat.seat ? { ...old, ...seat } : old);
  return {
    ...s,
    ...("owner" in s && { owner: put(s.owner) }),
    ...("consult" in s && {
      consult: { ...s.consult, consulted: s.consult.consulted && put(s.consult.consulted) },
    }),
    ...("from" in s && { from: s.from && put(s.from) }),
  } as Live;
}
