/** One RTP packet (RFC 3550 section 5.1), its payload a view into the datagram. */
export interface RtpPacket {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Uint8Array;
}

const FIXED_HEADER_BYTES = 12;

/** Reads a datagram, or says null: wrong version, lengths that do not fit, padding longer than the packet. */
export function parseRtp(datagram: Uint8Array): RtpPacket | null {
  if (datagram.length < FIXED_HEADER_BYTES) return null;
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.length);
  const first = view.getUint8(0);
  if (first >> 6 !== 2) return null;
  let start = FIXED_HEADER_BYTES + 4 * (first & 0x0f);
  if (first & 0x10) {
    if (start + 4 > datagram.length) return null;
    start += 4 + 4 * view.getUint16(start + 2);
  }
  let end = datagram.length;
  if (first & 0x20) {
    const padding = view.getUint8(end - 1);
    if (padding === 0) return null;
    end -= padding;
  }
  if (start > end) return null;
  const second = view.getUint8(1);
  return {
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    sequence: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
    payload: datagram.subarray(start, end),
  };
}

/** Writes a packet with a plain 12-byte header. */
export function writeRtp(packet: RtpPacket): Uint8Array {
  const bytes = new Uint8Array(FIXED_HEADER_BYTES + packet.payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 0x80);
  view.setUint8(1, (packet.marker ? 0x80 : 0) | packet.payloadType);
  view.setUint16(2, packet.sequence);
  view.setUint32(4, packet.timestamp);
  view.setUint32(8, packet.ssrc);
  bytes.set(packet.payload, FIXED_HEADER_BYTES);
  return bytes;
}

/** RTCP shares the port when muxed: its packet types 192 to 223 cannot be RTP (RFC 5761 section 4). */
export const looksLikeRtcp = (datagram: Uint8Array): boolean =>
  datagram.length >= 2 && datagram[1]! >= 192 && datagram[1]! <= 223;
