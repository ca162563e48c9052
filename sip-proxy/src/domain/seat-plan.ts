import type { QueueId, SeatId } from "@legwork/shared/ids";
import type { SeatPlan, SeatSource } from "@legwork/shared/media";
import type { InteractionState, MetConsult } from "./interaction-state.js";

const SILENCE: SeatSource = { kind: "silence" };

interface Speaker {
  readonly seat: SeatId;
  /** HO-5: its station holds the leg it speaks on, so the others hear silence from it. */
  readonly silent: boolean;
}

/** Who hears whom: one function of the state (MX-1). `country` chooses the ringback. */
export function seatPlan(s: InteractionState, country: string): SeatPlan {
  if (s.phase === "ended") return new Map();
  const customer: Speaker = { seat: s.customer.seat, silent: s.customer.wire.held };
  const music: SeatSource = { kind: "music", queue: s.queue };
  switch (s.phase) {
    case "waiting":
    case "offered":
      return new Map([[customer.seat, music]]);
    case "connected":
      return s.hold.kind === "none"
        ? mesh([customer, { seat: s.owner.seat, silent: false }])
        : new Map([
            [customer.seat, music],
            [s.owner.seat, SILENCE],
          ]);
    case "consulting":
      return consultPlan(s, customer, country);
    case "transferring":
      return new Map([...mesh([customer, consultedOf(s.consult)]), [s.owner.seat, SILENCE]]);
    case "joining":
    case "conference": {
      const line = s.consult.line;
      const silent = s.owner.wire.held && (!line || line.held);
      return mesh([customer, { seat: s.owner.seat, silent }, consultedOf(s.consult)]);
    }
  }
}

function consultPlan(
  s: Extract<InteractionState, { phase: "consulting" }>,
  customer: Speaker,
  country: string,
): SeatPlan {
  const music = (queue: QueueId): SeatSource => ({ kind: "music", queue });
  const owner: Speaker = { seat: s.owner.seat, silent: false };
  const held = new Map<SeatId, SeatSource>([[customer.seat, music(s.queue)]]);
  if (s.stage.kind === "holding") return held.set(owner.seat, SILENCE);
  if (s.stage.kind === "queued" || s.stage.kind === "ringing") {
    const { target } = s.consult;
    return held.set(owner.seat, target.kind === "agent" ? { kind: "ringback", country } : music(target.queue)); // CO-14
  }
  if (!s.consult.consulted) return held.set(owner.seat, SILENCE);
  const consulted = consultedOf({ ...s.consult, consulted: s.consult.consulted });
  switch (s.stage.active) {
    case "consult":
      return new Map([...held, ...mesh([owner, consulted])]);
    case "customer":
      return new Map([...mesh([customer, owner]), [consulted.seat, music(s.queue)]]);
    case "none":
      return held.set(owner.seat, SILENCE).set(consulted.seat, music(s.queue));
  }
}

const consultedOf = (c: MetConsult): Speaker => ({ seat: c.consulted.seat, silent: c.consulted.wire.held });

/** Each hears the others, nobody themself. */
function mesh(speakers: readonly Speaker[]): Map<SeatId, SeatSource> {
  return new Map(
    speakers.map((listener) => {
      const parties = speakers.filter((s) => s.seat !== listener.seat && !s.silent).map((s) => s.seat);
      return [listener.seat, parties.length > 0 ? { kind: "parties", parties } : SILENCE];
    }),
  );
}
