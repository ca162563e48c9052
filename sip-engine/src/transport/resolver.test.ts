import { describe, expect, it } from "@jest/globals";
import type { Target, Transport } from "../core/ports.js";
import { inOrder, resolvePlaces } from "./resolver.js";
import type { Dns } from "./resolver.js";

const record = (name: string, priority: number, weight: number): Parameters<typeof inOrder>[0][number] => {
  return { name, port: 5060, priority, weight };
};

describe("SRV records (RFC 2782)", () => {
  it("go by priority first", () => {
    const records = [record("c", 20, 100), record("a", 10, 1), record("b", 10, 0)];
    for (const chance of [0, 0.5, 0.999]) {
      expect(
        inOrder(records, () => chance)
          .map(({ name }) => name)
          .slice(-1),
      ).toEqual(["c"]);
    }
  });

  it("and by weight within one priority", () => {
    const records = [record("a", 1, 90), record("b", 1, 10)];
    expect(inOrder(records, () => 0.5)[0]?.name).toBe("a");
    expect(inOrder(records, () => 0.95)[0]?.name).toBe("b");
    expect(inOrder([record("x", 1, 0)], () => 0.5)).toHaveLength(1);
    expect(inOrder([], () => 0)).toEqual([]);
  });
});

/** A name server that knows this much, `srv _sip._udp.x.test`, and remembers what it was asked. */
function zone(records: Readonly<Record<string, readonly unknown[]>>): Dns & { asked: string[] } {
  const asked: string[] = [];
  const answer = <One>(question: string): Promise<readonly One[]> => {
    asked.push(question);
    return Promise.resolve((records[question] ?? []) as readonly One[]);
  };
  return {
    asked,
    naptr: (name) => answer(`naptr ${name}`),
    srv: (name) => answer(`srv ${name}`),
    addresses: (name) => answer(`a ${name}`),
  };
}

const srv = (name: string, port: number, priority = 1): unknown => ({ name, port, priority, weight: 0 });
const naptr = (order: number, preference: number, service: string, replacement: string, flags = "s"): unknown => ({
  order,
  preference,
  service,
  replacement,
  flags,
  regexp: "",
});

const ALL = new Map<Transport, ReadonlySet<4 | 6>>([
  ["udp", new Set([4, 6] as const)],
  ["tcp", new Set([4] as const)],
  ["tls", new Set([4] as const)],
]);

async function places(dns: Dns, target: Partial<Target>, supported = ALL): Promise<string[]> {
  const asked: Target = {
    transport: "udp",
    host: "x.test",
    port: 5060,
    portOpen: true,
    transportOpen: true,
    ...target,
  };
  const found = await resolvePlaces(asked, supported, dns, () => 0);
  return found.map(({ transport, host, port }) => `${transport} ${host} ${port}`);
}

describe("where a named target is (RFC 3263 4)", () => {
  const rich = {
    "naptr x.test": [
      naptr(20, 10, "SIP+D2U", "udp.x.test"),
      naptr(10, 20, "sip+d2t", "tcp.x.test"),
      naptr(10, 10, "SIPS+D2T", "tls.x.test"),
      naptr(1, 1, "SIP+D2S", "sctp.x.test"),
      naptr(1, 1, "E2U+sip", "enum.x.test", "u"),
    ],
    "srv udp.x.test": [srv("a.test", 5070)],
    "srv tcp.x.test": [srv("b.test", 5071, 2), srv("a.test", 5072, 1)],
    "srv tls.x.test": [srv("a.test", 5073)],
    "srv _sip._udp.x.test": [srv("a.test", 5090)],
    "srv _sip._tcp.x.test": [srv("b.test", 5091)],
    "srv _sips._tcp.x.test": [srv("b.test", 5092)],
    "a a.test": ["192.0.2.1", "2001:db8::1"],
    "a b.test": ["192.0.2.2"],
    "a x.test": ["192.0.2.3"],
  };

  it("neither port nor transport: NAPTR by order and preference, of the transports we have, then their SRV", async () => {
    expect(await places(zone(rich), {})).toEqual([
      "tls 192.0.2.1 5073",
      "tcp 192.0.2.1 5072",
      "tcp 192.0.2.2 5071",
      "udp 192.0.2.1 5070",
      "udp 2001:db8::1 5070",
    ]);
    const udpOnly = new Map([["udp", new Set([4] as const)]] as const);
    expect(await places(zone(rich), {}, udpOnly)).toEqual(["udp 192.0.2.1 5070"]);
  });

  it("a NAPTR record that leads to a host directly", async () => {
    const dns = zone({ "naptr x.test": [naptr(1, 1, "SIPS+D2T", "a.test", "a")], "a a.test": ["192.0.2.1"] });
    expect(await places(dns, {})).toEqual(["tls 192.0.2.1 5061"]);
  });

  it("without NAPTR: SRV of each transport we have; TLS not unless asked for", async () => {
    const { "naptr x.test": _none, ...plain } = rich;
    expect(await places(zone(plain), {})).toEqual(["udp 192.0.2.1 5090", "udp 2001:db8::1 5090", "tcp 192.0.2.2 5091"]);
  });

  it("sips: TLS only", async () => {
    expect(await places(zone(rich), { transport: "tls", port: 5061 })).toEqual(["tls 192.0.2.1 5073"]);
    const { "naptr x.test": _none, ...plain } = rich;
    expect(await places(zone(plain), { transport: "tls", port: 5061 })).toEqual(["tls 192.0.2.2 5092"]);
  });

  it("a transport but no port: its SRV, no NAPTR", async () => {
    const dns = zone(rich);
    expect(await places(dns, { transport: "tcp", transportOpen: false })).toEqual(["tcp 192.0.2.2 5091"]);
    expect(dns.asked).not.toContain("naptr x.test");
  });

  it("a port, or a name without a dot: addresses only", async () => {
    const dns = zone({ ...rich, "a box": ["192.0.2.4", "2001:db8::4"] });
    expect(await places(dns, { port: 5062, portOpen: false })).toEqual(["udp 192.0.2.3 5062"]);
    expect(await places(dns, { host: "box" })).toEqual(["udp 192.0.2.4 5060", "udp 2001:db8::4 5060"]);
    expect(await places(dns, { host: "box", transport: "tcp" })).toEqual(["tcp 192.0.2.4 5060"]);
    expect(dns.asked).toEqual(["a x.test", "a box", "a box"]);
  });

  it("no records, a service that is not offered, and an unknown name", async () => {
    expect(await places(zone({ "a x.test": ["192.0.2.3"] }), {})).toEqual(["udp 192.0.2.3 5060"]);
    const refusing = zone({ "srv _sip._udp.x.test": [srv(".", 0)], "a x.test": ["192.0.2.3"] });
    expect(await places(refusing, { transportOpen: false })).toEqual(["udp 192.0.2.3 5060"]);
    expect(await places(zone({}), {})).toEqual([]);
  });
});
