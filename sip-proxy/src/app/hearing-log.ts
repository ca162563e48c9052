import type { SeatId } from "@legwork/shared/ids";
import type { SeatPlan } from "@legwork/shared/media";

/** Since when each person has heard what they hear: a customer's wait on hold is one wait, whatever happens meanwhile. */
export class HearingLog {
  readonly #seats = new Map<SeatId, { readonly source: string; readonly since: number }>();

  /** After each change of the plan; `at` in milliseconds since 1970. */
  note(plan: SeatPlan, at: number): void {
    for (const [seat, heard] of plan) {
      const source = JSON.stringify(heard);
      if (this.#seats.get(seat)?.source !== source) this.#seats.set(seat, { source, since: at });
    }
  }

  since(seat: SeatId): number | undefined {
    return this.#seats.get(seat)?.since;
  }
}
