/** The events of RFC 4733 section 3.2 as keys, by their number. */
const EVENTS = "0123456789*#ABCD";

/**
 * The key in the body of an INFO: `Signal=5` (application/dtmf-relay) or `5` (application/dtmf). Some write the event's number for it, 10 for the star.
 * Null: none.
 */
export function digitOfInfo(body: string): string | null {
  const signal = (/^\s*signal\s*=\s*(\S+)\s*$/im.exec(body) ?? /^\s*(\S+)\s*$/.exec(body))?.[1]?.toUpperCase() ?? "";
  if (/^1[0-5]$/.test(signal)) return EVENTS[Number(signal)] ?? null;
  return signal.length === 1 && EVENTS.includes(signal) ? signal : null;
}
