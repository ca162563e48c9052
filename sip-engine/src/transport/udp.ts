import { createSocket } from "node:dgram";
import type { RemoteInfo, Socket } from "node:dgram";
import type { Address, Flow } from "../core/ports.js";
import type { Guard } from "./guard.js";
import { familiesOf, ListenersFlow, plainAddress } from "./listener.js";
import type { ListenSpec, Listener, TransportEvents } from "./listener.js";
import { UdpTwins, socketLookup } from "./udp-twins.js";

/** SIP over UDP: one socket, a flow for each peer address. */
export class UdpListener implements Listener {
  readonly transport = "udp";
  readonly bound: Address;
  readonly external: string | null;
  readonly families: ReadonlySet<4 | 6>;
  readonly #socket: Socket;
  /** Null where nobody is to be told that a port is closed. */
  readonly #twins: UdpTwins | null;

  private constructor(socket: Socket, spec: ListenSpec, events: TransportEvents, guard: Guard, shared: boolean) {
    const { address, port } = socket.address();
    this.#socket = socket;
    this.bound = { host: address, port };
    this.external = spec.external;
    this.families = familiesOf(spec);
    const received = (datagram: Buffer, from: RemoteInfo): void => {
      const host = plainAddress(from.address);
      if (guard.admits(host)) events.received(datagram.toString("latin1"), this.flowTo({ host, port: from.port }));
    };
    this.#twins = shared ? new UdpTwins(this.bound, received, () => events.counted("unreachable")) : null;
    socket.on("message", received);
    socket.on("error", () => events.counted("socket-error"));
  }

  /** @param icmp whether to find out that peers' ports are closed, where the system can tell */
  static async open(spec: ListenSpec, events: TransportEvents, guard: Guard, icmp: boolean): Promise<UdpListener> {
    const shared = icmp && process.platform === "linux";
    let { port } = spec;
    if (shared) {
      // Twins need a socket that shares its port, but nobody else may have it: bind it alone first.
      const alone = await bind(spec, port, false);
      port = alone.address().port;
      await new Promise<void>((resolve) => {
        alone.close(() => resolve());
      });
    }
    return new UdpListener(await bind(spec, port, shared), spec, events, guard, shared);
  }

  flowTo(remote: Address): Flow {
    return new UdpFlow(this, remote);
  }

  /** Sends a datagram; a `repeated` one is sent such that a closed port is noticed. */
  send(octets: string, remote: Address, repeated: boolean, failed: () => void): void {
    const bytes = Buffer.from(octets, "latin1");
    if (repeated && this.#twins?.send(bytes, remote, failed) === true) return;
    try {
      this.#socket.send(bytes, remote.port, remote.host, (error) => {
        if (error !== null) failed();
      });
    } catch {
      // An impossible port or address, taken from a peer's header: for this message only.
      failed();
    }
  }

  close(): Promise<void> {
    this.#twins?.close();
    return new Promise((resolve) => {
      this.#socket.close(() => resolve());
    });
  }
}

async function bind(spec: ListenSpec, port: number, reuseAddr: boolean): Promise<Socket> {
  const type = spec.host.includes(":") ? "udp6" : "udp4";
  const lookup = socketLookup(type);
  const ipv6Only = spec.ipv6Only === true;
  const socket = createSocket({ type, lookup, reuseAddr, ipv6Only, recvBufferSize: 4 * 1024 * 1024 });
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind({ address: spec.host, port }, () => {
      socket.removeListener("error", reject);
      resolve();
    });
  });
  return socket;
}

class UdpFlow extends ListenersFlow<UdpListener> implements Flow {
  readonly transport = "udp";
  readonly closed = false;
  #last = "";

  send(octets: string, failed: () => void): void {
    // A request nobody answers is sent again: time to ask whether there is anybody.
    const repeated = octets === this.#last && !octets.startsWith("SIP/") && !octets.startsWith("ACK ");
    this.#last = octets;
    this.listener.send(octets, this.remote, repeated, failed);
  }
}
