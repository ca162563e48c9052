import type { Hears, InteractionView, SeatView } from "@legwork/shared/api";

/** A line between two people: who of them hears the other. */
export interface Line {
  readonly from: number; // index in the seats
  readonly to: number;
  readonly sound: "both" | "from-to" | "to-from"; // "from-to": `to` hears `from`
}

/** The seats from left to right: customer, owner, consulted. */
export function seatsInOrder(seats: readonly SeatView[]): readonly SeatView[] {
  const place = { customer: 0, owner: 1, consulted: 2 };
  return seats.toSorted((a, b) => place[a.role] - place[b.role]);
}

const listensTo = (hears: Hears, seat: SeatView): boolean => hears.kind === "people" && hears.seats.includes(seat.seat);

/** Who hears whom, as lines between the given seats. */
export function linesBetween(seats: readonly SeatView[]): readonly Line[] {
  const lines: Line[] = [];
  seats.forEach((a, from) =>
    seats.slice(from + 1).forEach((b, offset) => {
      const forth = listensTo(b.hears, a);
      const back = listensTo(a.hears, b);
      if (!forth && !back) return;
      lines.push({ from, to: from + 1 + offset, sound: forth && back ? "both" : forth ? "from-to" : "to-from" });
    }),
  );
  return lines;
}

/** The people a seat hears, by their labels; a seat that the view does not list is left out. */
export function heardBy(seat: SeatView, seats: readonly SeatView[]): readonly SeatView[] {
  const { hears } = seat;
  return hears.kind === "people" ? seats.filter((other) => hears.seats.includes(other.seat)) : [];
}

/** The seat of one role, if somebody sits there. */
export const seatOf = (interaction: InteractionView, role: SeatView["role"]): SeatView | undefined =>
  interaction.seats.find((seat) => seat.role === role);

/** Whom a seat speaks with when that is not this agent: empty for everyone whom this agent can hear. */
export function busyWith(seat: SeatView, seats: readonly SeatView[]): readonly SeatView[] {
  if (seat.me || seat.status !== "talking") return [];
  const mine = seats.find((other) => other.me);
  return mine && listensTo(mine.hears, seat) ? [] : heardBy(seat, seats).filter((other) => !other.me);
}
