import { Resolver, lookup } from "node:dns/promises";
import type { SrvRecord } from "node:dns";
import type { Address, Target, Transport } from "../core/ports.js";

/** A call set-up cannot wait long for a name server that does not answer. */
const SRV_TIMEOUT_MS = 1500;

const SERVICE: Readonly<Record<Transport, string | null>> = {
  udp: "_sip._udp",
  tcp: "_sip._tcp",
  tls: "_sips._tcp",
  ws: null,
  wss: null,
};

/**
 * Address and port of a named target (RFC 3263 4.2): by its SRV records when the URI gave no port, else by the
 * system's resolver, so that /etc/hosts counts. Null when the name is unknown.
 */
export async function resolvePlace(target: Target, families: ReadonlySet<4 | 6>): Promise<Address | null> {
  const service = SERVICE[target.transport];
  // Names without a dot live in /etc/hosts and container networks, which know no SRV records.
  const records =
    target.portOpen && service !== null && target.host.includes(".") ? await srv(service, target.host) : [];
  for (const { name, port } of inOrder(records, Math.random)) {
    const host = await address(name, families);
    if (host !== null) return { host, port };
  }
  const host = await address(target.host, families);
  return host === null ? null : { host, port: target.port };
}

async function srv(service: string, host: string): Promise<SrvRecord[]> {
  const resolver = new Resolver({ timeout: SRV_TIMEOUT_MS, tries: 1 });
  return resolver.resolveSrv(`${service}.${host}`).catch(() => []);
}

async function address(host: string, families: ReadonlySet<4 | 6>): Promise<string | null> {
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.find(({ family }) => families.has(family as 4 | 6))?.address ?? null;
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
