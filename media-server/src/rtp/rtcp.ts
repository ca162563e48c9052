/** The part of RTCP that an RTP leg needs (RFC 3550 section 6): to tell a report from garbage, and to report what it sends. */

/** RTCP as it must look to be believed: whole packets of version 2, the first one a sender or receiver report (RFC 3550 A.2). */
export function isRtcpCompound(datagram: Uint8Array): boolean {
  if (datagram.length < 8 || (datagram[1] !== 200 && datagram[1] !== 201) || (datagram[0]! & 0x20) !== 0) return false;
  let at = 0;
  while (at + 4 <= datagram.length) {
    if (datagram[at]! >> 6 !== 2) return false;
    at += 4 * (1 + ((datagram[at + 2]! << 8) | datagram[at + 3]!));
  }
  return at === datagram.length;
}

export interface SenderReport {
  readonly ssrc: number;
  readonly cname: string;
  /** Wall clock, milliseconds since 1970. */
  readonly wallClockMs: number;
  readonly timestamp: number;
  readonly packets: number;
  readonly octets: number;
}

const SECONDS_1900_TO_1970 = 2_208_988_800;

/** A sender report and the SDES item that must go with it (RFC 3550 sections 6.4.1 and 6.5). */
export function writeSenderReport(report: SenderReport): Uint8Array {
  const cname = new TextEncoder().encode(report.cname).subarray(0, 255);
  const sdesWords = Math.ceil((4 + 2 + cname.length + 1) / 4);
  const bytes = new Uint8Array(28 + 4 + 4 * sdesWords);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x80c8);
  view.setUint16(2, 6);
  view.setUint32(4, report.ssrc);
  view.setUint32(8, Math.floor(report.wallClockMs / 1000) + SECONDS_1900_TO_1970);
  view.setUint32(12, Math.floor(((report.wallClockMs % 1000) / 1000) * 2 ** 32));
  view.setUint32(16, report.timestamp);
  view.setUint32(20, report.packets >>> 0);
  view.setUint32(24, report.octets >>> 0);
  view.setUint16(28, 0x81ca);
  view.setUint16(30, sdesWords);
  view.setUint32(32, report.ssrc);
  view.setUint8(36, 1);
  view.setUint8(37, cname.length);
  bytes.set(cname, 38);
  return bytes;
}
