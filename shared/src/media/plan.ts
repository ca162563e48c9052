import type { LegId, QueueId, SeatId } from "../ids/index.js";

/** ISO 3166-1 alpha-2 code, upper case: chooses the ringback cadence (ITU-T E.180). */
export type Country = string;

type SourceOf<Party> =
  | { readonly kind: "parties"; readonly parties: readonly Party[] }
  | { readonly kind: "music"; readonly queue: QueueId }
  | { readonly kind: "ringback"; readonly country: Country }
  | { readonly kind: "silence" };

/** What one person hears. A parties list never holds the listener. */
export type SeatSource = SourceOf<SeatId>;

/** Who hears whom, per person: a pure function of the interaction's state (MX-1). A seat that is absent hears silence. */
export type SeatPlan = ReadonlyMap<SeatId, SeatSource>;

/**
 * What is sent on one leg. `seat`: who listens there. Legs of one seat are one ear: who changes from one of them to another has not just begun
 * to listen (MX-1, CF-1).
 */
export type LegSource =
  | (Extract<SourceOf<LegId>, { kind: "parties" }> & { readonly seat?: SeatId | undefined })
  | Exclude<SourceOf<LegId>, { kind: "parties" }>;

/** The seat plan projected on the wires: exactly the legs of the interaction that have media. Sent whole, with a revision. */
export type LegPlan = ReadonlyMap<LegId, LegSource>;
