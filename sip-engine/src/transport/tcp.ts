import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";
import type { Address, Flow } from "../core/ports.js";
import { StreamReader } from "../sip/stream-reader.js";
import { advertisedFor, isWildcard, plainAddress } from "./listener.js";
import type { ListenSpec, Listener, TransportEvents } from "./listener.js";

/** Unsent bytes after which a peer that does not read is given up. */
const MAX_BACKLOG = 8 * 1024 * 1024;

/** SIP over TCP. A connection serves both directions, whoever opened it. */
export class TcpListener implements Listener {
  readonly transport = "tcp";
  readonly bound: Address;
  readonly external: string | null;
  readonly #server: Server;
  readonly #events: TransportEvents;
  readonly #flows = new Map<string, TcpFlow>();

  private constructor(server: Server, spec: ListenSpec, events: TransportEvents) {
    const address = server.address();
    const port = address !== null && typeof address === "object" ? address.port : spec.port;
    this.#server = server;
    this.#events = events;
    this.bound = { host: spec.host, port };
    this.external = spec.external;
    server.on("connection", (socket) => {
      this.#adopt(socket, { host: plainAddress(socket.remoteAddress), port: socket.remotePort ?? 0 });
    });
    server.on("error", () => events.counted("socket-error"));
  }

  static async open(spec: ListenSpec, events: TransportEvents): Promise<TcpListener> {
    const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host: spec.host, port: spec.port }, () => {
        server.removeListener("error", reject);
        resolve();
      });
    });
    return new TcpListener(server, spec, events);
  }

  get connections(): readonly Flow[] {
    return [...this.#flows.values()];
  }

  /** The connection to a peer: an open one, or a new one that queues until it is up. */
  flowTo(remote: Address): Flow {
    const known = this.#flows.get(key(remote));
    if (known !== undefined && !known.closed) return known;
    const { host } = this.bound;
    const local = isWildcard(host) || host.includes(":") !== remote.host.includes(":") ? {} : { localAddress: host };
    const socket = connect({ ...remote, ...local, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 });
    return this.#adopt(socket, remote);
  }

  #adopt(socket: Socket, remote: Address): TcpFlow {
    const flow = new TcpFlow(socket, this, remote);
    const reader = new StreamReader();
    this.#flows.set(key(remote), flow);
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      for (const event of reader.push(chunk)) {
        if (event.type === "message") this.#events.received(event.octets, flow);
        else if (event.type === "ping") {
          this.#events.counted("ping");
          socket.write("\r\n");
        } else {
          this.#events.counted(event.problem === "oversize" ? "oversize" : "broken-stream");
          this.#events.received(event.octets, flow);
          socket.end();
        }
      }
    });
    socket.on("error", () => this.#events.counted("socket-error"));
    socket.on("close", () => {
      flow.closed = true;
      if (this.#flows.get(key(remote)) === flow) this.#flows.delete(key(remote));
      this.#events.closed(flow);
    });
    return flow;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const flow of this.#flows.values()) flow.destroy();
    });
  }
}

function key(address: Address): string {
  return `${address.host}|${address.port}`;
}

class TcpFlow implements Flow {
  readonly transport = "tcp";
  readonly remote: Address;
  closed = false;
  readonly #socket: Socket;
  readonly #listener: TcpListener;

  constructor(socket: Socket, listener: TcpListener, remote: Address) {
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
    if (this.#socket.writableEnded || this.#socket.destroyed) return failed();
    if (this.#socket.writableLength > MAX_BACKLOG) this.#socket.destroy();
    this.#socket.write(octets, "latin1");
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
