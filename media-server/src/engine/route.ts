import type { LegId, QueueId } from "@legwork/shared/ids";
import type { LegSource } from "@legwork/shared/media";
import { sameSource } from "./plan-ledger.js";
import { SAMPLING_RATE, type Codec, type MixRate } from "../audio/codec.js";

/** How a leg's outgoing stream is made. */
export type Route =
  | { readonly kind: "silence" }
  | { readonly kind: "music"; readonly queue: QueueId }
  | { readonly kind: "ringback"; readonly country: string }
  /** One party of the same codec: its packets, renumbered. */
  | { readonly kind: "relay"; readonly from: LegId }
  /** Decoded, added up, encoded. */
  | { readonly kind: "mix"; readonly from: readonly LegId[]; readonly rate: MixRate };

/** What routing needs to know of a leg. */
export interface RoutedLeg {
  readonly source: LegSource;
  /** What it sends to its peer, and what comes from the peer; null before there is an agreement. */
  readonly sends: Codec | null;
  readonly receives: Codec | null;
}

/** The routes of all legs of one interaction. A party that is not there or says nothing yet is silence. */
export function routesOf(legs: ReadonlyMap<LegId, RoutedLeg>): Map<LegId, Route> {
  const rate = mixRateOf(legs);
  return new Map([...legs].map(([id, leg]) => [id, routeOf(id, leg, legs, rate)]));
}

function routeOf(id: LegId, leg: RoutedLeg, legs: ReadonlyMap<LegId, RoutedLeg>, rate: MixRate): Route {
  if (leg.source.kind !== "parties") return leg.source;
  const speaking = partiesOf(id, leg, legs);
  if (speaking.length === 0) return { kind: "silence" };
  if (isRelay(leg, speaking, legs)) return { kind: "relay", from: speaking[0]! };
  return { kind: "mix", from: speaking, rate };
}

/** The lowest rate at which nothing is lost that more than one can hear: the second highest of the legs that mixes are made for or of. */
function mixRateOf(legs: ReadonlyMap<LegId, RoutedLeg>): MixRate {
  const rates = new Map<LegId, MixRate>();
  const use = (id: LegId, codec: Codec): void => {
    if (SAMPLING_RATE[codec] > (rates.get(id) ?? 0)) rates.set(id, SAMPLING_RATE[codec]);
  };
  for (const [id, leg] of legs) {
    const speaking = partiesOf(id, leg, legs);
    if (speaking.length === 0 || isRelay(leg, speaking, legs)) continue;
    if (leg.sends) use(id, leg.sends);
    for (const party of speaking) use(party, legs.get(party)!.receives!);
  }
  return [...rates.values()].sort((a, b) => b - a)[1] ?? 8000;
}

/** Those the listener hears who can be heard; never the listener itself. */
function partiesOf(id: LegId, leg: RoutedLeg, legs: ReadonlyMap<LegId, RoutedLeg>): readonly LegId[] {
  if (leg.source.kind !== "parties") return [];
  return leg.source.parties.filter((party) => party !== id && (legs.get(party)?.receives ?? null) !== null);
}

const isRelay = (leg: RoutedLeg, speaking: readonly LegId[], legs: ReadonlyMap<LegId, RoutedLeg>): boolean =>
  speaking.length === 1 && leg.sends !== null && legs.get(speaking[0]!)!.receives === leg.sends;

export function sameRoute(a: Route, b: Route): boolean {
  switch (a.kind) {
    case "relay":
      return b.kind === "relay" && a.from === b.from;
    case "mix":
      return (
        b.kind === "mix" &&
        a.rate === b.rate &&
        a.from.length === b.from.length &&
        a.from.every((p) => b.from.includes(p))
      );
    default:
      return b.kind !== "relay" && b.kind !== "mix" && sameSource(a, b);
  }
}
