/** Named telephone events (RFC 4733): the keys of a phone. */
const DIGITS = "0123456789*#ABCD";

/** The longest duration one event packet can say (16 bits, RFC 4733 section 2.3.5). */
export const MAX_EVENT_DURATION = 0xffff;

export interface TelephoneEvent {
  readonly digit: string;
  readonly end: boolean;
  /** Power of the tone in -dBm0, 0 to 63. */
  readonly volume: number;
  /** Units of the payload type's clock rate. */
  readonly duration: number;
}

/** Reads an event payload; null for events that are no keys, and for anything malformed. */
export function parseTelephoneEvent(payload: Uint8Array): TelephoneEvent | null {
  if (payload.length < 4) return null;
  const digit = DIGITS[payload[0]!];
  if (digit === undefined) return null;
  return {
    digit,
    end: (payload[1]! & 0x80) !== 0,
    volume: payload[1]! & 0x3f,
    duration: (payload[2]! << 8) | payload[3]!,
  };
}

export function writeTelephoneEvent(event: TelephoneEvent): Uint8Array {
  const duration = Math.min(event.duration, MAX_EVENT_DURATION);
  return Uint8Array.of(
    DIGITS.indexOf(event.digit),
    (event.end ? 0x80 : 0) | event.volume,
    duration >> 8,
    duration & 0xff,
  );
}
