import type { ReportBlock } from "./received-stream.js";

/** The part of RTCP that an RTP leg needs (RFC 3550 section 6): to tell a report from garbage, and to report what it sends and receives. */

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const SOURCE_DESCRIPTION = 202;

/** RTCP as it must look to be believed: whole packets of version 2, the first one a sender or receiver report (RFC 3550 A.2). */
export function isRtcpCompound(datagram: Uint8Array): boolean {
  const type = datagram[1];
  if (datagram.length < 8 || (type !== SENDER_REPORT && type !== RECEIVER_REPORT)) return false;
  if ((datagram[0]! & 0x20) !== 0) return false;
  let at = 0;
  while (at + 4 <= datagram.length) {
    if (datagram[at]! >> 6 !== 2) return false;
    at += 4 * (1 + ((datagram[at + 2]! << 8) | datagram[at + 3]!));
  }
  return at === datagram.length;
}

/** Who sent the sender report that a believable compound begins with, and the middle 32 bits of its time; null when it begins with none. */
export function readSenderReport(compound: Uint8Array): { readonly ssrc: number; readonly ntp: number } | null {
  if (compound[1] !== SENDER_REPORT || compound.length < 28) return null;
  const view = new DataView(compound.buffer, compound.byteOffset, compound.length);
  return { ssrc: view.getUint32(4), ntp: ((view.getUint16(10) << 16) | view.getUint16(12)) >>> 0 };
}

export interface Report {
  readonly ssrc: number;
  readonly cname: string;
  /** Null when nothing was sent since the last report: then it is a receiver report (RFC 3550 section 6.4). */
  readonly sent: {
    /** Milliseconds since 1970. */
    readonly wallClockMs: number;
    readonly timestamp: number;
    readonly packets: number;
    readonly octets: number;
  } | null;
  readonly received: ReportBlock | null;
}

const SECONDS_1900_TO_1970 = 2_208_988_800;
const HEADER_BYTES = 8;
const SENDER_BYTES = 20;
const BLOCK_BYTES = 24;

/** A report and the SDES item that must go with it (RFC 3550 sections 6.4 and 6.5). */
export function writeReport({ ssrc, cname, sent, received }: Report): Uint8Array {
  const name = new TextEncoder().encode(cname).subarray(0, 255);
  const reportBytes = HEADER_BYTES + (sent ? SENDER_BYTES : 0) + (received ? BLOCK_BYTES : 0);
  const sdesBytes = 4 + 4 * Math.ceil((4 + 2 + name.length + 1) / 4);
  const bytes = new Uint8Array(reportBytes + sdesBytes);
  const view = new DataView(bytes.buffer);
  writeHeader(view, 0, received ? 1 : 0, sent ? SENDER_REPORT : RECEIVER_REPORT, reportBytes);
  view.setUint32(4, ssrc);
  if (sent) writeSent(view, HEADER_BYTES, sent);
  if (received) writeBlock(view, reportBytes - BLOCK_BYTES, received);
  writeHeader(view, reportBytes, 1, SOURCE_DESCRIPTION, sdesBytes);
  view.setUint32(reportBytes + 4, ssrc);
  view.setUint8(reportBytes + 8, 1);
  view.setUint8(reportBytes + 9, name.length);
  bytes.set(name, reportBytes + 10);
  return bytes;
}

function writeHeader(view: DataView, at: number, count: number, type: number, length: number): void {
  view.setUint8(at, 0x80 | count);
  view.setUint8(at + 1, type);
  view.setUint16(at + 2, length / 4 - 1);
}

function writeSent(view: DataView, at: number, sent: NonNullable<Report["sent"]>): void {
  view.setUint32(at, Math.floor(sent.wallClockMs / 1000) + SECONDS_1900_TO_1970);
  view.setUint32(at + 4, Math.floor(((sent.wallClockMs % 1000) / 1000) * 2 ** 32));
  view.setUint32(at + 8, sent.timestamp);
  view.setUint32(at + 12, sent.packets >>> 0);
  view.setUint32(at + 16, sent.octets >>> 0);
}

function writeBlock(view: DataView, at: number, block: ReportBlock): void {
  view.setUint32(at, block.ssrc);
  view.setUint32(at + 4, (block.fractionLost << 24) | (block.lost & 0xffffff));
  view.setUint32(at + 8, block.highest);
  view.setUint32(at + 12, block.jitter);
  view.setUint32(at + 16, block.lastReport);
  view.setUint32(at + 20, block.sinceLastReport);
}
