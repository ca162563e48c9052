import type { Server } from "node:net";
import { networkInterfaces } from "node:os";
import type { Address, Flow, Transport } from "../core/ports.js";
import type { LimitRules, RefusalReason } from "./limits.js";

/** A local address to serve SIP on. */
export interface ListenSpec {
  readonly transport: Transport;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Address peers know us by, when it is not the one we bind (NAT); null otherwise. */
  readonly external: string | null;
  /** True for `::` when another listener serves IPv4 on this port. */
  readonly ipv6Only?: boolean;
}

/** Certificate and key in PEM, and whether peers we connect to have to prove who they are. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  readonly verify: boolean;
}

/** How the transports treat the world. */
export interface TransportOptions {
  /** Certificate for `tls` and `wss`; null when there is none. */
  readonly tls: TlsFiles | null;
  readonly limits: LimitRules;
  /** Addresses and networks that no rate and no number of connections is held against. */
  readonly trusted: readonly string[];
  /** Names that stand for our listeners, in lower case. */
  readonly localNames: readonly string[];
  /** Name servers asked instead of the system's, `host` or `host:port`; none: the system's. */
  readonly dnsServers: readonly string[];
  /** Size beyond which a request is sent over TCP instead of UDP where its URI leaves that open, bytes; 0: never. */
  readonly udpMaxBytes: number;
  /** Whether to find out at once that a UDP peer's port is closed, where the system can tell (Linux). */
  readonly icmp: boolean;
}

/** What transports tell the engine. */
export interface TransportEvents {
  /**
   * One message has come in.
   * @param tooLarge true for the beginning of a message that was too large to be read
   * @returns false when nobody could read it
   */
  received(octets: string, flow: Flow, tooLarge?: boolean): boolean;
  closed(flow: Flow): void;
  /** A keep-alive answered, or bytes dropped before they made a message. */
  counted(event: "ping" | "oversize" | "broken-stream" | "socket-error" | "unreachable"): void;
  /** A limit was exceeded: a datagram dropped or a connection closed. */
  refused(reason: RefusalReason, host: string): void;
}

/** A bound listener. */
export interface Listener {
  readonly transport: Transport;
  readonly bound: Address;
  readonly external: string | null;
  /** Address families of the peers it can have. */
  readonly families: ReadonlySet<4 | 6>;
  close(): Promise<void>;
}

/** A way to one peer through a listener: our addresses on it. */
export abstract class ListenersFlow<Through extends Pick<Listener, "bound" | "external">> {
  readonly remote: Address;
  protected readonly listener: Through;

  constructor(listener: Through, remote: Address) {
    this.listener = listener;
    this.remote = remote;
  }

  get advertised(): Address {
    return advertisedFor(this.listener, this.remote.host);
  }

  get local(): Address {
    return advertisedFor({ bound: this.listener.bound, external: null }, this.remote.host);
  }
}

/** A `::` socket serves IPv4 as well, unless it was told not to. */
export function familiesOf({ host, ipv6Only }: ListenSpec): ReadonlySet<4 | 6> {
  if (!host.includes(":")) return new Set([4]);
  return new Set(host === "::" && ipv6Only !== true ? [4, 6] : [6]);
}

/** Opens a server's socket. A `::` socket leaves IPv4 to another listener when told so. */
export async function listening(server: Server, spec: ListenSpec): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: spec.host, port: spec.port, ipv6Only: spec.ipv6Only === true }, () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
}

export function isWildcard(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

/** The address a peer should know us by: external if set, else the bound one, else the interface nearest to the peer. */
export function advertisedFor(listener: { bound: Address; external: string | null }, peer: string): Address {
  const { bound, external } = listener;
  if (external !== null) return { host: external, port: bound.port };
  return { host: isWildcard(bound.host) ? nearest(peer) : bound.host, port: bound.port };
}

export interface LocalAddress {
  readonly address: string;
  readonly netmask: string;
  readonly internal: boolean;
  readonly family: string;
}

/** Interfaces seldom change, and asking the system costs more than the rest of a message. */
const INTERFACES_MS = 2000;
let known: { readonly until: number; readonly list: readonly LocalAddress[] } = { until: 0, list: [] };

/** Addresses of this machine, loopback included. */
export function localAddresses(): readonly LocalAddress[] {
  const now = Date.now();
  if (now > known.until) {
    known = { until: now + INTERFACES_MS, list: Object.values(networkInterfaces()).flatMap((list) => list ?? []) };
  }
  return known.list;
}

function nearest(peer: string): string {
  const family = peer.includes(":") ? "IPv6" : "IPv4";
  const all = localAddresses().filter((one) => one.family === family);
  const same = all.find((one) => one.address === peer || sameNet(one.address, peer, one.netmask));
  const outward = all.find((one) => !one.internal);
  return (same ?? outward ?? all[0])?.address ?? (family === "IPv4" ? "127.0.0.1" : "::1");
}

/** True when `peer` is on the network of the interface with this address of ours. */
export function onNetOf(own: string, peer: string): boolean {
  return localAddresses().some(({ address, netmask }) => address === own && sameNet(own, peer, netmask));
}

function sameNet(a: string, b: string, mask: string): boolean {
  if (a.includes(":")) return false;
  const bits = (text: string): number => text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0) >>> 0;
  return (bits(a) & bits(mask)) >>> 0 === (bits(b) & bits(mask)) >>> 0;
}

/** IPv4 addresses that come in on IPv6 sockets are told in their own form. */
export function plainAddress(address: string | undefined): string {
  return (address ?? "").replace(/^::ffff:(?=\d+\.)/, "");
}
