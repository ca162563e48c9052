import type { NaptrRecord, SrvRecord } from "node:dns";
import type { Target, Transport } from "../core/ports.js";
import { isAddress } from "../sip/uri.js";

/** What is asked of name servers. Nothing found and no answer are both an empty list. */
export interface Dns {
  naptr(name: string): Promise<readonly NaptrRecord[]>;
  srv(name: string): Promise<readonly SrvRecord[]>;
  addresses(name: string): Promise<readonly string[]>;
}

/** An address a request may be sent to. */
export interface Place {
  readonly transport: Transport;
  readonly host: string;
  readonly port: number;
}

/** A host to be looked up. */
interface Named {
  readonly transport: Transport;
  readonly name: string;
  readonly port: number;
}

const SRV_NAME: Readonly<Partial<Record<Transport, string>>> = {
  udp: "_sip._udp",
  tcp: "_sip._tcp",
  tls: "_sips._tcp",
};

/** NAPTR services (RFC 3263 4.1) we can connect by. */
const NAPTR_SERVICE: ReadonlyMap<string, Transport> = new Map([
  ["SIP+D2U", "udp"],
  ["SIP+D2T", "tcp"],
  ["SIPS+D2T", "tls"],
]);

const DEFAULT_PORT: Readonly<Record<Transport, number>> = { udp: 5060, tcp: 5060, tls: 5061, ws: 80, wss: 443 };

/**
 * Where a request to a named target may go, best first (RFC 3263 4.1 and 4.2): by NAPTR and SRV records when the URI
 * names no port, else by the host's addresses. Empty when the name is unknown.
 * @param supported transports we have, each with the address families it is served on
 * @param random a number from 0 to 1, for the weights of SRV records
 */
export async function resolvePlaces(
  target: Target,
  supported: ReadonlyMap<Transport, ReadonlySet<4 | 6>>,
  dns: Dns,
  random: () => number,
): Promise<readonly Place[]> {
  // Names without a dot live in /etc/hosts and container networks, which know no services.
  const named = target.portOpen && target.host.includes(".") ? await services(target, supported, dns, random) : [];
  const hosts = named.length > 0 ? named : [{ transport: target.transport, name: target.host, port: target.port }];
  const places = await Promise.all(
    hosts.map(async ({ transport, name, port }) => {
      const found = isAddress(name) ? [name] : await dns.addresses(name);
      const families = supported.get(transport);
      return found
        .filter((host) => families?.has(host.includes(":") ? 6 : 4) === true)
        .map((host): Place => ({ transport, host, port }));
    }),
  );
  return places.flat();
}

async function services(
  target: Target,
  supported: ReadonlyMap<Transport, unknown>,
  dns: Dns,
  random: () => number,
): Promise<readonly Named[]> {
  const secure = target.transport === "tls";
  const open = target.transportOpen === true;
  // A sips URI goes over TLS or not at all; a sip URI may go over TLS when its domain says so.
  const usable = (transport: Transport): boolean => supported.has(transport) && (!secure || transport === "tls");
  const ways = open ? (["udp", "tcp", "tls"] as const).filter(usable) : [target.transport];
  const asked = ways.filter((transport) => transport !== "tls" || secure || !open);
  const [naptr, ...byTransport] = await Promise.all([
    open ? dns.naptr(target.host) : Promise.resolve([]),
    ...asked.map((transport) => servers(transport, `${SRV_NAME[transport]}.${target.host}`, dns, random)),
  ]);
  const told = naptr
    .flatMap((record) => {
      const transport = NAPTR_SERVICE.get(record.service.toUpperCase());
      return transport !== undefined && usable(transport) ? [{ record, transport }] : [];
    })
    .sort((a, b) => a.record.order - b.record.order || a.record.preference - b.record.preference);
  if (told.length === 0) return byTransport.flat();
  const found = await Promise.all(
    told.map(async ({ record, transport }) => {
      const flag = record.flags.toLowerCase();
      if (flag === "s") return servers(transport, record.replacement, dns, random);
      return flag === "a" ? [{ transport, name: record.replacement, port: DEFAULT_PORT[transport] }] : [];
    }),
  );
  return found.flat();
}

async function servers(transport: Transport, name: string, dns: Dns, random: () => number): Promise<readonly Named[]> {
  // RFC 2782: a target of "." says that there is no such service.
  const records = (await dns.srv(name)).filter((record) => record.name !== "" && record.name !== ".");
  return inOrder(records, random).map((record) => ({ transport, name: record.name, port: record.port }));
}

/** SRV records by priority, and within one by chance in proportion to weight (RFC 2782). */
export function inOrder(records: readonly SrvRecord[], random: () => number): SrvRecord[] {
  const left = [...records].sort((a, b) => a.priority - b.priority);
  const ordered: SrvRecord[] = [];
  while (left.length > 0) {
    const same = left.filter(({ priority }) => priority === left[0]!.priority);
    let mark = random() * same.reduce((sum, { weight }) => sum + weight, 0);
    const chosen = same.find(({ weight }) => (mark -= weight) < 0) ?? same[0]!;
    ordered.push(chosen);
    left.splice(left.indexOf(chosen), 1);
  }
  return ordered;
}
