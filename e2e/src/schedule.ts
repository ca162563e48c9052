/** What happens in one call of a customer, and when somebody disturbs it: drawn from a seed, the same for the same seed. */
export interface Schedule {
  readonly seed: number;
  /** What the owner begins with. */
  readonly way: "consult" | "blind-transfer";
  /** Whom: a colleague at a desk phone, the queue that the colleague serves, or a number outside, through a trunk. */
  readonly target: "agent" | "queue" | "number";
  /** What the called party's telephone does. */
  readonly party: "answers" | "declines" | "rings";
  /** What the owner does once the consulted party has answered. */
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
  "blind-transfer",
  "conference",
  "end-consult",
  "back-to-customer",
  "leave",
  "end",
] as const;
export type OwnersCommand = (typeof OWNERS_COMMANDS)[number];

const HANG_UPS = ["the customer hangs up", "the owner hangs up", "the party hangs up"] as const;
const DEEDS = [
  ...HANG_UPS,
  "the owner presses the hold key",
  "the party presses the hold key",
  "the party leaves",
  "the party asks for what is the owner's",
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
    what: next() < 0.4 ? one(HANG_UPS) : one(DEEDS),
  });
  const first = one(MOMENTS);
  return {
    seed,
    way: next() < 0.2 ? "blind-transfer" : "consult",
    target: one(["agent", "agent", "queue", "number"] as const),
    party: next() < 0.7 ? "answers" : one(["declines", "rings"] as const),
    then: Array.from({ length: Math.floor(next() * 3) }, () => one(["resume", "transfer", "conference"] as const)),
    // Two at the same moment cross each other on the wire.
    strikes: next() < 0.5 ? [strike(first)] : [strike(first), strike(next() < 0.6 ? first : one(MOMENTS))],
  };
}

const MEETINGS: readonly string[] = ["transfer", "conference", "blind-transfer"];

/** Whether the customer and the called party may hear each other in it at all. */
export const mayMeet = ({ way, then, strikes }: Schedule): boolean =>
  [way, ...then, ...strikes.map(({ what }) => what)].some((deed) => MEETINGS.includes(deed));

export const describeSchedule = (s: Schedule): string =>
  `seed ${s.seed}: ${s.way} to the ${s.target}, who ${s.party}` +
  `${s.way === "consult" ? s.then.map((c) => `, ${c}`).join("") : ""}; ` +
  s.strikes.map(({ at, afterMs, what }) => `${afterMs} ms after "${at}": ${what}`).join("; ");
