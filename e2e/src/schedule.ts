/** What happens in one call of a customer, and when somebody disturbs it: drawn from a seed, the same for the same seed. */
export interface Schedule {
  readonly seed: number;
  readonly target: "agent" | "queue";
  readonly colleague: "answers" | "declines" | "rings";
  /** What the owner does once the colleague has answered. */
  readonly then: readonly OwnersCommand[];
  readonly strikes: readonly Strike[];
}

/** Moments of a call, in order. */
export const MOMENTS = ["dialled", "offered", "connected", "asked", "ringing", "answered", "moved"] as const;
export type Moment = (typeof MOMENTS)[number];

const OWNERS_COMMANDS = [
  "hold",
  "unhold",
  "resume",
  "transfer",
  "conference",
  "end-consult",
  "back-to-customer",
  "leave",
  "end",
] as const;
export type OwnersCommand = (typeof OWNERS_COMMANDS)[number];

const DEEDS = [
  "the customer hangs up",
  "the owner hangs up",
  "the colleague hangs up",
  "the owner presses the hold key",
  "the colleague presses the hold key",
  "the colleague leaves",
  "the colleague asks for what is the owner's",
  ...OWNERS_COMMANDS,
] as const;
export type Deed = (typeof DEEDS)[number];

/** One disturbance, so long after its moment. */
export interface Strike {
  readonly at: Moment;
  readonly afterMs: number;
  readonly what: Deed;
}

/** Mulberry32: good enough to mix, and the same everywhere. */
function chance(seed: number): () => number {
  let a = seed | 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function drawSchedule(seed: number): Schedule {
  const next = chance(seed);
  const one = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!;
  const strike = (at: Moment): Strike => ({
    at,
    afterMs: next() < 0.4 ? 0 : Math.floor(next() * 250),
    what: next() < 0.4 ? one(DEEDS.slice(0, 3)) : one(DEEDS),
  });
  const first = one(MOMENTS);
  return {
    seed,
    target: next() < 0.3 ? "queue" : "agent",
    colleague: next() < 0.7 ? "answers" : one(["declines", "rings"] as const),
    then: Array.from({ length: Math.floor(next() * 3) }, () => one(["resume", "transfer", "conference"] as const)),
    // Two at the same moment cross each other on the wire.
    strikes: next() < 0.5 ? [strike(first)] : [strike(first), strike(next() < 0.6 ? first : one(MOMENTS))],
  };
}

/** Whether the customer and the colleague may hear each other in it at all. */
export const mayMeet = ({ then, strikes }: Schedule): boolean =>
  [...then, ...strikes.map(({ what }) => what)].some((deed) => deed === "transfer" || deed === "conference");

export const describeSchedule = (s: Schedule): string =>
  `seed ${s.seed}: consults the ${s.target}, who ${s.colleague}` +
  `${s.then.map((c) => `, ${c}`).join("")}; ` +
  s.strikes.map(({ at, afterMs, what }) => `${afterMs} ms after "${at}": ${what}`).join("; ");
