import { describe, expect, it } from "@jest/globals";
import { comesFrom, trunkMistakes, trunkSchema } from "./trunk-schema.js";

const base = { name: "carrier", address: "192.0.2.10", port: 5060 };
const from = (inbound: object | null | undefined, address: string, port = 5060, protocol = "udp", more = {}) =>
  comesFrom(trunkSchema.parse({ ...base, ...more, ...(inbound !== undefined && { inbound }) }), {
    protocol,
    address,
    port,
  });

describe("where a trunk's calls come from", () => {
  it("[TK-1] is its own address and port unless told otherwise", () => {
    expect(from(undefined, "192.0.2.10")).toBe(true);
    expect(from(undefined, "192.0.2.10", 5061)).toBe(false);
    expect(from(undefined, "192.0.2.11")).toBe(false);
    expect(from(null, "192.0.2.10")).toBe(false);
  });

  it("[TK-1] is a list of addresses and networks", () => {
    const inbound = { addresses: ["198.51.100.0/24", "203.0.113.7:5080", "203.0.113.8"] };
    expect(from(inbound, "198.51.100.200", 40000)).toBe(true);
    expect(from(inbound, "198.51.101.1")).toBe(false);
    expect(from(inbound, "203.0.113.7", 5080)).toBe(true);
    expect(from(inbound, "203.0.113.7", 5060)).toBe(false);
    expect(from(inbound, "203.0.113.8", 12345)).toBe(true);
    expect(from(inbound, "192.0.2.10")).toBe(false);
    expect(from({ addresses: ["0.0.0.0/0"] }, "255.255.255.255")).toBe(true);
  });

  it("[TK-1] is any port over TCP, where a trunk uses it: a connection comes from none of its own", () => {
    const tcp = { transport: "tcp" };
    expect(from(undefined, "192.0.2.10", 40000, "tcp", tcp)).toBe(true);
    expect(from({ addresses: ["192.0.2.10:5060"] }, "192.0.2.10", 40000, "tcp", tcp)).toBe(true);
    expect(from(undefined, "192.0.2.10", 40000, "tcp")).toBe(false);
    expect(from({ addresses: ["192.0.2.10"] }, "192.0.2.10", 40000, "tcp")).toBe(true);
    expect(from(undefined, "192.0.2.10", 40000, "udp", tcp)).toBe(false);
  });

  it("[TK-1] is never a WebSocket: all browsers come from the address of our own web server", () => {
    for (const protocol of ["ws", "wss"]) {
      expect(from({ addresses: ["127.0.0.1", "172.16.0.0/12"] }, "127.0.0.1", 5060, protocol)).toBe(false);
      expect(from({ credentials: { username: "u", password: "long-enough" } }, "127.0.0.1", 1, protocol)).toBe(false);
    }
  });

  it("[TK-1] is anywhere for a trunk that authenticates itself, unless it has addresses, too", () => {
    const credentials = { username: "carrier", password: "long-enough" };
    expect(from({ credentials }, "203.0.113.99")).toBe(true);
    expect(from({ credentials, addresses: ["198.51.100.1"] }, "203.0.113.99")).toBe(false);
  });

  it.each(["192.0.2.300", "192.0.2.10/33", "192.0.2.10:0", "192.0.2", "carrier.example.com", "::1"])(
    "does not take %j for an address",
    (text) => {
      expect(trunkSchema.safeParse({ ...base, inbound: { addresses: [text] } }).success).toBe(false);
    },
  );
});

describe("trunks beside each other", () => {
  it("have names and user names of their own, and a host name needs something to know its calls by", () => {
    const credentials = { username: "same", password: "long-enough" };
    const trunks = [
      { ...base, inbound: { credentials } },
      { ...base, inbound: { credentials } },
      { ...base, name: "other", address: "sip.example.com" },
      { ...base, name: "outward", address: "sip.example.com", inbound: null },
    ].map((t) => trunkSchema.parse(t));
    expect(trunkMistakes(trunks).map((m) => m.path.join("."))).toEqual([
      "1.name",
      "1.inbound.credentials.username",
      "2.inbound",
    ]);
  });
});
