import type { AgentId, LegId, SeatId } from "@legwork/shared/ids";
import type { Clock } from "../ports/clock.js";

/** An agent's seat, as far as losing and keeping it goes. */
export interface KeptSeat {
  readonly seat: SeatId;
  readonly agent: AgentId;
  /** The seat's legs that are up. */
  readonly legs: readonly LegId[];
}

export interface LostSeatsDeps {
  readonly clock: Clock;
  /** How long a seat is kept for somebody whose page, network or phone has gone without a word: milliseconds. */
  readonly keptMs: number;
  seatOfLeg(leg: LegId): KeptSeat | null;
  seatOfAgent(agent: AgentId): KeptSeat | null;
  /** A browser is registered that an agent speaks with: it can be called back. */
  browserIsThere(agent: AgentId): boolean;
  lost(leg: LegId): void;
  givenUp(leg: LegId): void;
  callBack(seat: SeatId, leg: LegId): void;
}

/** A page that is alive but lost its media has this long to mend it by itself before it is called back. */
const MEND_MS = 3_000;

/** SE-1: seats whose station has gone without a BYE: kept for a while, called back as soon as the station is there again, given up at last. */
export class LostSeats {
  readonly #timers = new Map<LegId, () => void>();
  readonly #mending = new Map<LegId, () => void>();

  constructor(private readonly deps: LostSeatsDeps) {}

  /** Nothing is heard from this leg any more. */
  legLost(leg: LegId): void {
    if (this.#timers.has(leg)) return;
    this.#keep(leg);
    this.#mending.set(
      leg,
      this.deps.clock.after(MEND_MS, () => {
        this.#mending.delete(leg);
        const seat = this.deps.seatOfLeg(leg);
        if (seat && this.deps.browserIsThere(seat.agent)) this.deps.callBack(seat.seat, leg);
      }),
    );
  }

  /** The agent's browser registered from another page: whatever the old one had is gone with it. */
  pageReplaced(agent: AgentId): void {
    const seat = this.deps.seatOfAgent(agent);
    const [leg] = seat?.legs ?? [];
    if (!seat || !leg) return;
    for (const each of seat.legs) this.#keep(each);
    this.#settle(this.#mending, leg);
    this.deps.callBack(seat.seat, leg);
  }

  /** It is back, or nobody waits for it any more. */
  found(leg: LegId): void {
    this.#settle(this.#timers, leg);
    this.#settle(this.#mending, leg);
  }

  #keep(leg: LegId): void {
    if (this.#timers.has(leg)) return;
    const { clock, givenUp, keptMs, lost } = this.deps;
    lost(leg);
    this.#timers.set(
      leg,
      clock.after(keptMs, () => {
        this.found(leg);
        givenUp(leg);
      }),
    );
  }

  #settle(timers: Map<LegId, () => void>, leg: LegId): void {
    timers.get(leg)?.();
    timers.delete(leg);
  }
}
