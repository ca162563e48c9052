import { segments } from "./packets.js";
import type { TracedMessage } from "./message.js";

/** Packets are raw IP: the first nibble tells the version. */
const LINKTYPE_RAW = 101;
const FILE_HEADER = 24;
const RECORD_HEADER = 16;

/**
 * Messages as a classic pcap file (microseconds, little endian, LINKTYPE_RAW). The packets are made up around what was seen: real
 * addresses and ports; a UDP datagram for SIP over UDP; for TCP, TLS, WS and WSS a TCP stream that holds the bare SIP text, without
 * TLS records and without WebSocket frames.
 */
export function pcap(messages: readonly TracedMessage[]): Uint8Array {
  const packets = segments(messages);
  const size = packets.reduce((sum, { bytes }) => sum + RECORD_HEADER + bytes.length, FILE_HEADER);
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  view.setUint32(0, 0xa1b2c3d4, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, 0xffff, true); // snap length; no IP packet is longer
  view.setUint32(20, LINKTYPE_RAW, true);
  let at = FILE_HEADER;
  for (const packet of packets) {
    view.setUint32(at, Math.floor(packet.at / 1000), true);
    view.setUint32(at + 4, Math.floor((packet.at % 1000) * 1000), true);
    view.setUint32(at + 8, packet.bytes.length, true);
    view.setUint32(at + 12, packet.bytes.length, true);
    file.set(packet.bytes, at + RECORD_HEADER);
    at += RECORD_HEADER + packet.bytes.length;
  }
  return file;
}
