/** One RTP packet (RFC 3550 5.1) without its extensions. */
export interface RtpPacket {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Uint8Array;
}

/** Reads a datagram, or undefined when it is no RTP (RTCP shares the port, RFC 5761 4). */
export function parseRtp(data: Buffer): RtpPacket | undefined {
  if (data.length < 12 || data[0]! >> 6 !== 2) return undefined;
  const payloadType = data[1]! & 0x7f;
  if (payloadType >= 64 && payloadType <= 95) return undefined;
  let start = 12 + 4 * (data[0]! & 0x0f);
  if (data[0]! & 0x10 && data.length >= start + 4) start += 4 + 4 * data.readUInt16BE(start + 2);
  const padding = data[0]! & 0x20 ? data[data.length - 1]! : 0;
  if (start > data.length - padding) return undefined;
  return {
    payloadType,
    marker: data[1]! >> 7 === 1,
    sequence: data.readUInt16BE(2),
    timestamp: data.readUInt32BE(4),
    ssrc: data.readUInt32BE(8),
    payload: data.subarray(start, data.length - padding),
  };
}

/** Writes a packet as a datagram. */
export function formatRtp(packet: RtpPacket): Buffer {
  const out = Buffer.alloc(12 + packet.payload.length);
  out[0] = 0x80;
  out[1] = (packet.marker ? 0x80 : 0) | packet.payloadType;
  out.writeUInt16BE(packet.sequence & 0xffff, 2);
  out.writeUInt32BE(packet.timestamp >>> 0, 4);
  out.writeUInt32BE(packet.ssrc >>> 0, 8);
  out.set(packet.payload, 12);
  return out;
}

const DIGITS = "0123456789*#ABCD";

/** Payload of a telephone event (RFC 4733 2.3). */
export function eventPayload(digit: string, duration: number, end: boolean): Uint8Array {
  const out = Buffer.from([DIGITS.indexOf(digit), (end ? 0x80 : 0) | 10, 0, 0]);
  out.writeUInt16BE(duration, 2);
  return out;
}

/** The digit of a telephone event's payload, or undefined for other events. */
export const eventDigit = (payload: Uint8Array): string | undefined => DIGITS[payload[0] ?? 255];
