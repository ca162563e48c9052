import type { AgentId, LegId, SeatId } from "@legwork/shared/ids";
import type { Clock } from "../ports/clock.js";
import type { Signalling } from "../ports/signalling.js";
import type { InteractionRegistry } from "./interaction-registry.js";

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
  readonly seats: Pick<InteractionRegistry, "keptSeatOf" | "keptSeatOfLeg" | "wireOf">;
  signalling(): Pick<Signalling, "isBrowser" | "probe" | "stationIsThere">;
  lost(leg: LegId): void;
  givenUp(leg: LegId): void;
  callBack(seat: SeatId, leg: LegId): void;
}

/** A station that is alive but lost its media has this long to mend it by itself before it is called back. */
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
        this.#callBack(leg);
      }),
    );
  }

  /** No RTP comes. A browser has gone then; a telephone may be silent for as long as it likes (MX-5), so it is asked whether it knows the call. */
  async silent(leg: LegId): Promise<void> {
    const { seats, signalling } = this.deps;
    if (signalling().isBrowser(leg)) return this.legLost(leg);
    if (seats.wireOf(leg)?.held !== false || !seats.keptSeatOfLeg(leg)) return;
    if ((await signalling().probe(leg)) === "gone" && seats.keptSeatOfLeg(leg)) this.legLost(leg);
  }

  /** The station does not know the call any more: one that was lost before is there again. False: it is no agent's. */
  gone(leg: LegId): boolean {
    if (!this.deps.seats.keptSeatOfLeg(leg)) return false;
    if (this.#timers.has(leg) && !this.#mending.has(leg)) this.#callBack(leg);
    else this.legLost(leg);
    return true;
  }

  /** The agent's browser registered from another page: whatever the old one had is gone with it. */
  pageReplaced(agent: AgentId): void {
    const seat = this.deps.seats.keptSeatOf(agent);
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

  #callBack(leg: LegId): void {
    const seat = this.deps.seats.keptSeatOfLeg(leg);
    if (seat && this.deps.signalling().stationIsThere(seat.agent)) this.deps.callBack(seat.seat, leg);
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
