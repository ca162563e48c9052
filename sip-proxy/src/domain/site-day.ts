/** Milliseconds since 1970 at which the day of `at` began in a time zone (IANA), whatever the clocks did since. */
export function startOfDay(at: number, timeZone: string): number {
  const day = dayOf(at, timeZone);
  // The offset at midnight is another than now on the days when clocks change; a day may even begin after midnight.
  let start = day - offsetAt(day, timeZone);
  start = day - offsetAt(start, timeZone);
  return dayOf(start, timeZone) < day ? start + HOUR_MS : start;
}

const HOUR_MS = 3_600_000;

/** Midnight of the calendar day in the zone, as if it were UTC. */
const dayOf = (at: number, timeZone: string): number => {
  const wall = at + offsetAt(at, timeZone);
  return wall - (((wall % DAY_MS) + DAY_MS) % DAY_MS);
};
const DAY_MS = 24 * HOUR_MS;

/** What the zone's clocks are ahead of UTC, in milliseconds. */
function offsetAt(at: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat("en", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { day, hour, minute, month, second, year } = parts as Record<string, number>;
  return Date.UTC(year!, month! - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

/** Does this runtime know the zone? */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
