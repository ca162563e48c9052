import { describe, expect, it } from "@jest/globals";
import { addressBytes } from "./address-bytes.js";
import { pcap } from "./pcap.js";
import { BOTH_LEGS, traced } from "./sample-call.test-support.js";

interface Read {
  readonly ms: number;
  readonly version: number;
  readonly protocol: number;
  readonly ports: readonly [number, number];
  readonly sequence: number;
  readonly payload: Buffer;
}

/** RFC 1071: the sum over a header with its checksum in it is all ones. */
function sumsUp(...parts: Buffer[]): boolean {
  const bytes = Buffer.concat(parts);
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i]! << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum === 0xffff;
}

/** Reads a classic pcap file of raw IP packets, as the format is documented. */
function read(file: Buffer): Read[] {
  expect(file.readUInt32LE(0)).toBe(0xa1b2c3d4);
  expect([file.readUInt16LE(4), file.readUInt16LE(6), file.readUInt32LE(20)]).toEqual([2, 4, 101]);
  const packets: Read[] = [];
  for (let at = 24; at < file.length;) {
    const length = file.readUInt32LE(at + 8);
    const packet = file.subarray(at + 16, at + 16 + length);
    const version = packet[0]! >> 4;
    const header = version === 4 ? 20 : 40;
    const protocol = version === 4 ? packet[9]! : packet[6]!;
    const segment = packet.subarray(header);
    const addresses = version === 4 ? packet.subarray(12, 20) : packet.subarray(8, 40);
    if (version === 4) expect(sumsUp(packet.subarray(0, 20))).toBe(true);
    expect(sumsUp(addresses, Buffer.from([0, protocol, segment.length >> 8, segment.length & 255]), segment)).toBe(
      true,
    );
    packets.push({
      ms: file.readUInt32LE(at) * 1000 + file.readUInt32LE(at + 4) / 1000,
      version,
      protocol,
      ports: [segment.readUInt16BE(0), segment.readUInt16BE(2)],
      sequence: protocol === 6 ? segment.readUInt32BE(4) : 0,
      payload: segment.subarray(protocol === 6 ? 20 : 8),
    });
    at += 16 + length;
  }
  return packets;
}

describe("pcap", () => {
  it("holds every message with its time, ends and octets: UDP as UDP, WebSocket as TCP", () => {
    const packets = read(Buffer.from(pcap(BOTH_LEGS)));
    expect(packets.map(({ payload }) => payload.toString("latin1"))).toEqual(BOTH_LEGS.map(({ octets }) => octets));
    expect(packets.map(({ ms }) => ms)).toEqual(BOTH_LEGS.map(({ at }) => at));
    expect(packets.map(({ protocol }) => protocol)).toEqual(
      BOTH_LEGS.map(({ transport }) => (transport === "udp" ? 17 : 6)),
    );
    expect(packets[0]!.ports).toEqual([5062, 5060]);
    expect(packets.find(({ protocol }) => protocol === 6)!.ports).toEqual([8061, 50412]);
  });

  it("numbers the octets of a TCP stream in both directions, and cuts what no packet holds", () => {
    const big = traced(0, "in", "tcp 192.0.2.9:4444", ["MESSAGE sip:x SIP/2.0"], ["x".repeat(150_000)]);
    const answer = traced(1, "out", "tcp 192.0.2.9:4444", ["SIP/2.0 200 OK"]);
    const packets = read(Buffer.from(pcap([big, answer, big])));
    expect(packets.map(({ sequence }) => sequence)).toEqual([
      1,
      65_001,
      130_001,
      1,
      ...[0, 65_000, 130_000].map((at) => 1 + big.octets.length + at),
    ]);
    expect(Buffer.concat(packets.slice(0, 3).map(({ payload }) => payload)).toString("latin1")).toBe(big.octets);
  });

  it("writes IPv6 when an end is", () => {
    const message = traced(0, "in", "udp 2001:db8::7:5060", ["OPTIONS sip:x SIP/2.0"]);
    const packets = read(Buffer.from(pcap([{ ...message, local: { host: "2001:db8::1", port: 5060 } }, message])));
    expect(packets.map(({ version, protocol }) => [version, protocol])).toEqual([
      [6, 17],
      [6, 17],
    ]);
  });
});

describe("addressBytes", () => {
  it.each([
    ["192.0.2.1", 4, "c0000201"],
    ["192.0.2.1", 6, "00000000000000000000ffffc0000201"],
    ["::", 6, "0".repeat(32)],
    ["2001:db8::1", 6, "20010db8000000000000000000000001"],
    ["fe80::1:2%eth0", 6, "fe800000000000000000000000010002"],
    ["1:2:3:4:5:6:7:8", 6, "00010002000300040005000600070008"],
    ["example.com", 4, "00000000"],
    ["zz::1", 6, "0".repeat(32)],
  ] as const)("%s as IPv%s", (host, version, hex) => {
    expect(Buffer.from(addressBytes(host, version)).toString("hex")).toBe(hex);
  });
});
