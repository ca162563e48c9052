import type { LegId, SeatId } from "@legwork/shared/ids";
import type { LegPlan, LegSource, SeatPlan } from "@legwork/shared/media";
import type { InteractionState, Talk, Wire } from "./interaction-state.js";
import { seatPlan } from "./seat-plan.js";
import { seatsOf } from "./seats.js";

/** The wire on which a seat speaks and listens now, and its others, which get silence. */
interface SeatWires {
  readonly active: Wire;
  readonly idle: readonly Wire[];
}

/** The seat plan projected on the legs. A seat with two legs speaks and listens on one: the microphone is never taken twice. */
export function legPlan(s: InteractionState, plan: SeatPlan): LegPlan {
  const wires = wiresOf(s);
  const legs = new Map<LegId, LegSource>();
  for (const [seat, { active, idle }] of wires) {
    const source = plan.get(seat) ?? { kind: "silence" };
    legs.set(
      active.leg,
      source.kind === "parties"
        ? { kind: "parties", parties: source.parties.flatMap((p) => wires.get(p)?.active.leg ?? []), seat }
        : source,
    );
    for (const wire of idle) legs.set(wire.leg, { kind: "silence" });
  }
  return legs;
}

function wiresOf(s: InteractionState): ReadonlyMap<SeatId, SeatWires> {
  const wires = new Map<SeatId, SeatWires>();
  if (s.phase === "ended") return wires;
  wires.set(s.customer.seat, { active: s.customer.wire, idle: [] });
  for (const { seat, wire } of seatsOf(s)) wires.set(seat, { active: wire, idle: [] });
  if ("owner" in s) wires.set(s.owner.seat, ownerWires(s));
  return wires;
}

function ownerWires(s: Extract<InteractionState, { owner: unknown }>): SeatWires {
  const own = s.owner.wire;
  const line = "consult" in s ? s.consult.line : null;
  if ("focus" in s && s.focus) return { active: s.focus, idle: line ? [own, line] : [own] };
  if (!line) return { active: own, idle: [] };
  const onLine = { active: line, idle: [own] };
  const onOwn = { active: own, idle: [line] };
  // CO-3: the desktop switches sides on a telephone that still holds that side's line: the line that is off hold carries it.
  const carrying = ({ side }: Talk): SeatWires => {
    const [wanted, other] = side === "customer" ? [onOwn, onLine] : [onLine, onOwn];
    return wanted.active.held && !other.active.held ? other : wanted;
  };
  switch (s.phase) {
    case "consulting":
      return s.stage.kind === "answered" ? carrying(s.stage.talk) : onLine;
    case "asking":
      return carrying(s.talk);
    case "joining":
    case "conference":
      // CF-1: no gap: the dialog that is off hold carries the conference until the other one is.
      return own.held ? onLine : onOwn;
    default:
      return onOwn;
  }
}

/** The leg on which a seat speaks and listens now. */
export const activeLeg = (s: InteractionState, seat: SeatId): LegId | null => wiresOf(s).get(seat)?.active.leg ?? null;

/** The legs on which a leg is heard now. */
export function listenersOf(s: InteractionState, leg: LegId): readonly LegId[] {
  const anyCountry = "NO"; // ringback is no party
  return [...legPlan(s, seatPlan(s, anyCountry))].flatMap(([listener, source]) =>
    source.kind === "parties" && source.parties.includes(leg) ? [listener] : [],
  );
}

/** The part of a plan that is about these legs alone. Who has no media yet neither hears nor is heard. */
export function restrictPlan(plan: LegPlan, has: (leg: LegId) => boolean): LegPlan {
  const restricted = new Map<LegId, LegSource>();
  for (const [leg, source] of plan) {
    if (!has(leg)) continue;
    const heard = source.kind === "parties" ? { ...source, parties: source.parties.filter(has) } : source;
    restricted.set(leg, heard.kind === "parties" && heard.parties.length === 0 ? { kind: "silence" } : heard);
  }
  return restricted;
}

/** The same legs with the same sources: no new revision is needed. */
export function samePlan(a: LegPlan, b: LegPlan): boolean {
  if (a.size !== b.size) return false;
  for (const [leg, source] of a) {
    const other = b.get(leg);
    if (!other || JSON.stringify(other) !== JSON.stringify(source)) return false;
  }
  return true;
}
