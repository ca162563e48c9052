import type { InteractionView } from "@legwork/shared/api";

/** What the call is called on this agent's page, and since when. */
export interface Heading {
  readonly phase: InteractionView["phase"] | "consulted-on-hold";
  readonly since: string;
}

/** The phase, except for a consulted agent who waits while the owner is with the customer (CO-3). */
export function headingOf({ phase, phaseSince, role, seats }: InteractionView): Heading {
  const mine = seats.find((seat) => seat.me);
  return phase === "consulting" && role === "consulted" && mine?.status === "on-hold"
    ? { phase: "consulted-on-hold", since: mine.since }
    : { phase, since: phaseSince };
}
