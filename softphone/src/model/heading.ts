import type { InteractionView } from "@legwork/shared/api";
import { transferStage } from "./transfer.js";

/** What the call is called on this agent's page, and since when. */
export interface Heading {
  readonly phase: InteractionView["phase"] | "consulted-on-hold" | "asking";
  readonly since: string;
}

/** The phase, except for a consulted agent who waits while the owner is with the customer (CO-3), and an owner who waits for an answer (CO-5). */
export function headingOf(view: InteractionView): Heading {
  const { phase, phaseSince, role, seats } = view;
  if (transferStage(view) === "asked") return { phase: "asking", since: phaseSince };
  const mine = seats.find((seat) => seat.me);
  return phase === "consulting" && role === "consulted" && mine?.status === "on-hold"
    ? { phase: "consulted-on-hold", since: mine.since }
    : { phase, since: phaseSince };
}
