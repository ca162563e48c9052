import { addPartial, toSamples } from "./tone.js";

/** Peak of one tone: about -16 dBm0 each. */
const AMPLITUDE = 0.12;
const EDGE_S = 0.01;

interface Cadence {
  readonly hz: readonly number[];
  /** Seconds on, off, on, off … */
  readonly rhythm: readonly number[];
}

/** Tones and cadences of ITU-T E.180 supplement 2. */
const EUROPE: Cadence = { hz: [425], rhythm: [1, 4] };
const NORTH_AMERICA: Cadence = { hz: [440, 480], rhythm: [2, 4] };
const BRITAIN: Cadence = { hz: [400, 450], rhythm: [0.4, 0.2, 0.4, 2] };

const BY_COUNTRY = new Map<string, Cadence>([
  ...["US", "CA", "PR"].map((c) => [c, NORTH_AMERICA] as const),
  ...["GB", "IE", "AU", "NZ", "HK", "SG", "IN", "ZA"].map((c) => [c, BRITAIN] as const),
  ["FR", { hz: [440], rhythm: [1.5, 3.5] }],
  ["JP", { hz: [400], rhythm: [1, 2] }],
]);

export const ringbackCountries: readonly string[] = [...BY_COUNTRY.keys()];

/** One period of the country's ringback tone, 48 kHz mono, to be looped. */
export function composeRingback(country: string): Int16Array {
  const { hz, rhythm } = cadenceOf(country);
  const period = rhythm.reduce((a, b) => a + b, 0);
  const sound = new Float32Array(Math.round(period * 48000));
  let atS = 0;
  rhythm.forEach((lengthS, i) => {
    const edge = (s: number): number => Math.min(1, s / EDGE_S, (lengthS - s) / EDGE_S);
    if (i % 2 === 0) for (const f of hz) addPartial(sound, { atS, lengthS, hz: f, amplitude: AMPLITUDE }, edge);
    atS += lengthS;
  });
  return toSamples(sound, 1);
}

/** Countries that sound alike share one recording. */
export const cadenceKey = (country: string): string => JSON.stringify(cadenceOf(country));

const cadenceOf = (country: string): Cadence => BY_COUNTRY.get(country) ?? EUROPE;
