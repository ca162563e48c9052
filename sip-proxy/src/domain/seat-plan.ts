import { brand, type QueueId, type SeatId } from "@legwork/shared/ids";
import type { SeatPlan, SeatSource } from "@legwork/shared/media";
import type { InteractionState, MetConsult, PartySeat, Talk } from "./interaction-state.js";
import { seatsOf } from "./seats.js";

const SILENCE: SeatSource = { kind: "silence" };
/** The music of a call that came through no queue. */
const NO_QUEUE = brand<QueueId>("default");

interface Speaker {
  readonly seat: SeatId;
  /** HO-5: its station holds the leg it speaks on, so the others hear silence from it. */
  readonly silent: boolean;
}

/** Who hears whom: one function of the state (MX-1). `country` chooses the ringback. */
export function seatPlan(s: InteractionState, country: string): SeatPlan {
  if (s.phase === "ended") return new Map();
  const plan = plannedFor(s, country);
  const alone = plan.get(s.customer.seat)?.kind === "silence" && seatsOf(s).some(({ wire }) => wire.lost);
  return alone ? new Map([...plan, [s.customer.seat, musicOf(s)]]) : plan; // SE-1: who lost the agent is not left in silence
}

function plannedFor(s: Exclude<InteractionState, { phase: "ended" }>, country: string): SeatPlan {
  const customer: Speaker = { seat: s.customer.seat, silent: s.customer.wire.held };
  const music = musicOf(s);
  const ringback: SeatSource = { kind: "ringback", country };
  switch (s.phase) {
    case "waiting":
    case "offered":
      return new Map([[customer.seat, music]]);
    case "dialling":
      return new Map([[s.caller.seat, s.calling === "customer" ? ringback : SILENCE]]);
    case "blind-transferring":
      return new Map([[customer.seat, ringback]]); // BT-1: as if the customer had called the target
    case "unowned":
      return mesh([customer, heldOut(s.other)]);
    case "connected":
      return s.hold.kind === "none"
        ? mesh([customer, speaker(s.owner)])
        : new Map([
            [customer.seat, music],
            [s.owner.seat, SILENCE],
          ]);
    case "consulting":
      return consultPlan(s, customer, country);
    case "asking": // CO-5: the consult goes on until the desktop has answered
      return talkPlan(s, s.consult, s.talk, customer);
    case "transferring":
      return new Map([...mesh([customer, consultedOf(s.consult)]), [s.owner.seat, SILENCE]]);
    case "joining":
    case "conference": {
      const line = s.consult.line;
      const held = "focus" in s && s.focus ? s.focus.held : s.owner.wire.held && (!line || line.held);
      return mesh([customer, { seat: s.owner.seat, silent: s.owner.wire.lost || held }, consultedOf(s.consult)]);
    }
  }
}

function consultPlan(
  s: Extract<InteractionState, { phase: "consulting" }>,
  customer: Speaker,
  country: string,
): SeatPlan {
  const music = musicOf(s);
  const held = new Map<SeatId, SeatSource>([[customer.seat, music]]);
  if (s.stage.kind === "holding") return held.set(s.owner.seat, SILENCE);
  if (s.stage.kind === "queued" || s.stage.kind === "ringing") {
    const { target } = s.consult;
    return held.set(
      s.owner.seat,
      "queue" in target ? { kind: "music", queue: target.queue } : { kind: "ringback", country },
    ); // CO-14
  }
  if (!s.consult.consulted) return held.set(s.owner.seat, SILENCE);
  return talkPlan(s, { ...s.consult, consulted: s.consult.consulted }, s.stage.talk, customer);
}

/** CO-3: the owner talks with one side, the other hears music; or both do. */
function talkPlan(
  s: Extract<InteractionState, { phase: "consulting" | "asking" }>,
  consult: MetConsult,
  talk: Talk,
  customer: Speaker,
): SeatPlan {
  const music = musicOf(s);
  const owner = speaker(s.owner);
  const consulted = consultedOf(consult);
  if (talk.held)
    return new Map([
      [customer.seat, music],
      [owner.seat, SILENCE],
      [consulted.seat, music],
    ]);
  return talk.side === "consult"
    ? new Map([[customer.seat, music], ...mesh([owner, consulted])])
    : new Map([...mesh([customer, owner]), [consulted.seat, music]]);
}

const musicOf = (s: { readonly queue: QueueId | null }): SeatSource => ({ kind: "music", queue: s.queue ?? NO_QUEUE });

const consultedOf = (c: MetConsult): Speaker => heldOut(c.consulted);

/** An owner's hold key is a hold, not silence; only a lost owner is not heard (SE-1). */
const speaker = ({ seat, wire }: PartySeat): Speaker => ({ seat, silent: wire.lost });

const heldOut = ({ seat, wire }: PartySeat): Speaker => ({ seat, silent: wire.held || wire.lost });

/** Each hears the others, nobody themself. */
function mesh(speakers: readonly Speaker[]): Map<SeatId, SeatSource> {
  return new Map(
    speakers.map((listener) => {
      const parties = speakers.filter((s) => s.seat !== listener.seat && !s.silent).map((s) => s.seat);
      return [listener.seat, parties.length > 0 ? { kind: "parties", parties } : SILENCE];
    }),
  );
}
