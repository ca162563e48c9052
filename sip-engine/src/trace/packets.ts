import { hostPort } from "../sip/uri.js";
import { addressBytes } from "./address-bytes.js";
import type { TracedMessage } from "./message.js";
import { bytesOf } from "./octets.js";

/** One IP packet. */
export interface Packet {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly bytes: Uint8Array;
}

const UDP = 17;
const TCP = 6;
const TCP_HEADER = 20;
const PSH_ACK = 0x18;
/** Payload of one TCP segment: fits an IPv4 packet with all headers. */
const MOST_PER_SEGMENT = 65_000;
/** What fits a UDP datagram over IPv4 (RFC 768, 791). */
const MOST_PER_DATAGRAM = 65_507;

/** Wraps each message in made-up IP packets: UDP as it was, everything else as TCP with sequence numbers that add up. */
export function segments(messages: readonly TracedMessage[]): Packet[] {
  const sent = new Map<string, number>();
  return messages.flatMap((message) => {
    const ends = message.direction === "in" ? [message.remote, message.local] : [message.local, message.remote];
    const [from, to] = ends as [typeof message.local, typeof message.local];
    const payload = bytesOf(message.octets);
    if (message.transport === "udp") {
      const datagram = udp(from.port, to.port, payload.subarray(0, MOST_PER_DATAGRAM));
      return [{ at: message.at, bytes: ip(from.host, to.host, UDP, datagram, 6) }];
    }
    const there = `${hostPort(from.host, from.port)} ${hostPort(to.host, to.port)}`;
    const back = `${hostPort(to.host, to.port)} ${hostPort(from.host, from.port)}`;
    const packets: Packet[] = [];
    for (let at = 0; at < payload.length; at += MOST_PER_SEGMENT) {
      const part = payload.subarray(at, at + MOST_PER_SEGMENT);
      const sequence = sent.get(there) ?? 1;
      sent.set(there, sequence + part.length);
      const segment = tcp(from.port, to.port, sequence, sent.get(back) ?? 1, part);
      packets.push({ at: message.at, bytes: ip(from.host, to.host, TCP, segment, 16) });
    }
    return packets;
  });
}

function udp(from: number, to: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, from);
  view.setUint16(2, to);
  view.setUint16(4, bytes.length);
  bytes.set(payload, 8);
  return bytes;
}

function tcp(from: number, to: number, sequence: number, acknowledged: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(TCP_HEADER + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, from);
  view.setUint16(2, to);
  view.setUint32(4, sequence);
  view.setUint32(8, acknowledged);
  bytes[12] = (TCP_HEADER / 4) << 4;
  bytes[13] = PSH_ACK;
  view.setUint16(14, 0xffff); // window
  bytes.set(payload, TCP_HEADER);
  return bytes;
}

/** The IP packet around a segment, whose checksum at `checksumAt` is filled in. IPv6 as soon as one end is. */
function ip(from: string, to: string, protocol: number, segment: Uint8Array, checksumAt: number): Uint8Array {
  const version = from.includes(":") || to.includes(":") ? 6 : 4;
  const [source, destination] = [addressBytes(from, version), addressBytes(to, version)];
  const pseudo = [...source, ...destination, 0, protocol, segment.length >> 8, segment.length & 0xff];
  const checksum = checksumOf(segment, sumOf(Uint8Array.from(pseudo)));
  new DataView(segment.buffer).setUint16(checksumAt, checksum === 0 && protocol === UDP ? 0xffff : checksum);
  const header = version === 4 ? ipv4(source, destination, protocol, segment.length) : ipv6(protocol, segment.length);
  if (version === 6) header.set([...source, ...destination], 8);
  const packet = new Uint8Array(header.length + segment.length);
  packet.set(header);
  packet.set(segment, header.length);
  return packet;
}

function ipv4(source: Uint8Array, destination: Uint8Array, protocol: number, length: number): Uint8Array {
  const header = new Uint8Array(20);
  const view = new DataView(header.buffer);
  header[0] = 0x45;
  view.setUint16(2, header.length + length);
  view.setUint16(6, 0x4000); // do not fragment
  header[8] = 64;
  header[9] = protocol;
  header.set(source, 12);
  header.set(destination, 16);
  view.setUint16(10, checksumOf(header, 0));
  return header;
}

/** Without the addresses. */
function ipv6(protocol: number, length: number): Uint8Array {
  const header = new Uint8Array(40);
  header[0] = 0x60;
  new DataView(header.buffer).setUint16(4, length);
  header[6] = protocol;
  header[7] = 64;
  return header;
}

/** Internet checksum (RFC 1071) of these bytes and a sum of others. */
function checksumOf(bytes: Uint8Array, others: number): number {
  let sum = sumOf(bytes) + others;
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += bytes[i]! * 256 + (bytes[i + 1] ?? 0);
  return sum;
}
