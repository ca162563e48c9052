import { createSocket } from "node:dgram";
import type { Socket, SocketOptions } from "node:dgram";
import { lookup as lookUpName } from "node:dns";
import { isIP } from "node:net";
import type { Address, Flow } from "../core/ports.js";
import { advertisedFor, plainAddress } from "./listener.js";
import type { ListenSpec, Listener, TransportEvents } from "./listener.js";

/** Datagrams go to addresses nearly always: those are taken as they are, in the same turn of the event loop. */
const lookup: SocketOptions["lookup"] = (host, options, done) => {
  const family = isIP(host);
  if (family === 0) lookUpName(host, options, done);
  else done(null, host, family);
};

/** SIP over UDP: one socket, a flow for each peer address. */
export class UdpListener implements Listener {
  readonly transport = "udp";
  readonly bound: Address;
  readonly external: string | null;
  readonly #socket: Socket;

  private constructor(socket: Socket, external: string | null, events: TransportEvents) {
    const { address, port } = socket.address();
    this.#socket = socket;
    this.bound = { host: address, port };
    this.external = external;
    socket.on("message", (datagram, from) => {
      events.received(datagram.toString("latin1"), this.flowTo({ host: plainAddress(from.address), port: from.port }));
    });
    socket.on("error", () => events.counted("socket-error"));
  }

  static async open(spec: ListenSpec, events: TransportEvents): Promise<UdpListener> {
    const type = spec.host.includes(":") ? "udp6" : "udp4";
    const socket = createSocket({ type, lookup, recvBufferSize: 4 * 1024 * 1024 });
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.bind({ address: spec.host, port: spec.port }, () => {
        socket.removeListener("error", reject);
        resolve();
      });
    });
    return new UdpListener(socket, spec.external, events);
  }

  flowTo(remote: Address): Flow {
    return new UdpFlow(this.#socket, this, remote);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.close(() => resolve());
    });
  }
}

class UdpFlow implements Flow {
  readonly transport = "udp";
  readonly remote: Address;
  readonly closed = false;
  readonly #socket: Socket;
  readonly #listener: UdpListener;

  constructor(socket: Socket, listener: UdpListener, remote: Address) {
    this.#socket = socket;
    this.#listener = listener;
    this.remote = remote;
  }

  get advertised(): Address {
    return advertisedFor(this.#listener, this.remote.host);
  }

  get local(): Address {
    return advertisedFor({ bound: this.#listener.bound, external: null }, this.remote.host);
  }

  send(octets: string, failed: () => void): void {
    try {
      this.#socket.send(Buffer.from(octets, "latin1"), this.remote.port, this.remote.host, (error) => {
        if (error !== null) failed();
      });
    } catch {
      // An impossible port or address, taken from a peer's header: for this message only.
      failed();
    }
  }
}
