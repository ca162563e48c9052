import { createSocket } from "node:dgram";
import type { RemoteInfo, Socket, SocketOptions } from "node:dgram";
import { lookup as lookUpName } from "node:dns";
import { isIP } from "node:net";
import type { Address } from "../core/ports.js";

/** How long a twin waits for an ICMP error: a round trip through the network. */
const TWIN_MS = 1000;
/** Twins open at a time. With more silent peers than that, the others run into their timeouts. */
const MAX_TWINS = 64;

/** Datagrams go to addresses nearly always: those are taken as they are, in the same turn of the event loop. */
export function socketLookup(type: "udp4" | "udp6"): NonNullable<SocketOptions["lookup"]> {
  return (host, options, done) => {
    const family = isIP(host);
    if (family === 0) lookUpName(host, options, done);
    else if (family === 4 && type === "udp6") done(null, `::ffff:${host}`, 6);
    else done(null, host, family);
  };
}

/** What the system makes of ICMP "port unreachable", "host prohibited" and the like. */
const UNREACHABLE = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EACCES", "EHOSTDOWN"]);

interface Twin {
  readonly socket: Socket;
  readonly failed: Set<() => void>;
  timer: NodeJS.Timeout;
}

/**
 * Sockets that share a listener's port, each connected to one peer for a moment. The system reports ICMP errors
 * (RFC 1122 4.1.3.3) to connected sockets only. To firewalls and NATs on the way their datagrams are the listener's own.
 */
export class UdpTwins {
  readonly #bound: Address;
  readonly #received: (datagram: Buffer, from: RemoteInfo) => void;
  readonly #unreachable: () => void;
  readonly #twins = new Map<string, Twin>();

  /** @param received what comes in on a twin: while it is connected, all datagrams of its peer do */
  constructor(bound: Address, received: (datagram: Buffer, from: RemoteInfo) => void, unreachable: () => void) {
    this.#bound = bound;
    this.#received = received;
    this.#unreachable = unreachable;
  }

  /** Sends a datagram to a peer; `failed` is called when its port is closed. False when it has to go another way. */
  send(bytes: Buffer, remote: Address, failed: () => void): boolean {
    const key = `${remote.host}|${remote.port}`;
    const twin = this.#twins.get(key) ?? this.#open(key, remote);
    if (twin === null) return false;
    twin.failed.add(failed);
    twin.timer.refresh();
    try {
      // The error of sending is the error of an earlier datagram, and comes as an event as well.
      twin.socket.send(bytes, () => undefined);
      return true;
    } catch {
      this.#close(key);
      return false;
    }
  }

  close(): void {
    for (const key of [...this.#twins.keys()]) this.#close(key);
  }

  #open(key: string, remote: Address): Twin | null {
    if (this.#twins.size >= MAX_TWINS) return null;
    const type = this.#bound.host.includes(":") ? "udp6" : "udp4";
    const socket = createSocket({ type, reuseAddr: true, lookup: socketLookup(type) });
    const timer = setTimeout(() => this.#close(key), TWIN_MS);
    timer.unref();
    const twin: Twin = { socket, failed: new Set(), timer };
    socket.on("message", this.#received);
    socket.on("error", (error: NodeJS.ErrnoException) => this.#ended(key, twin, error.code ?? ""));
    this.#twins.set(key, twin);
    try {
      // With addresses for names, both are done when these return.
      socket.bind(this.#bound.port, this.#bound.host);
      socket.connect(remote.port, remote.host);
      return twin;
    } catch {
      this.#close(key);
      return null;
    }
  }

  #ended(key: string, twin: Twin, code: string): void {
    if (this.#twins.get(key) !== twin) return;
    this.#close(key);
    if (!UNREACHABLE.has(code)) return;
    this.#unreachable();
    for (const failed of twin.failed) failed();
  }

  #close(key: string): void {
    const twin = this.#twins.get(key);
    if (twin === undefined) return;
    this.#twins.delete(key);
    clearTimeout(twin.timer);
    twin.socket.close();
  }
}
