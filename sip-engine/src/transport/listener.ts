import { networkInterfaces } from "node:os";
import type { Address, Flow, Transport } from "../core/ports.js";

/** A local address to serve SIP on. */
export interface ListenSpec {
  readonly transport: Transport;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Address peers know us by, when it is not the one we bind (NAT); null otherwise. */
  readonly external: string | null;
}

/** Certificate and key in PEM, and whether peers we connect to have to prove who they are. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  readonly verify: boolean;
}

/** What transports tell the engine. */
export interface TransportEvents {
  received(octets: string, flow: Flow): void;
  closed(flow: Flow): void;
  /** A keep-alive answered, or bytes dropped before they made a message. */
  counted(event: "ping" | "oversize" | "broken-stream" | "socket-error"): void;
}

/** A bound listener. */
export interface Listener {
  readonly transport: Transport;
  readonly bound: Address;
  readonly external: string | null;
  close(): Promise<void>;
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

function sameNet(a: string, b: string, mask: string): boolean {
  if (a.includes(":")) return false;
  const bits = (text: string): number => text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0) >>> 0;
  return (bits(a) & bits(mask)) >>> 0 === (bits(b) & bits(mask)) >>> 0;
}

/** IPv4 addresses that come in on IPv6 sockets are told in their own form. */
export function plainAddress(address: string | undefined): string {
  return (address ?? "").replace(/^::ffff:(?=\d+\.)/, "");
}
