import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { connect as connectTls, createServer as createTlsServer } from "node:tls";
import type { Address, Flow } from "../core/ports.js";
import { StreamReader } from "../sip/stream-reader.js";
import { isAddress } from "../sip/uri.js";
import { advertisedFor, isWildcard, plainAddress } from "./listener.js";
import type { ListenSpec, Listener, TlsFiles, TransportEvents } from "./listener.js";

/** Unsent bytes after which a peer that does not read is given up. */
const MAX_BACKLOG = 8 * 1024 * 1024;

const SOCKET = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 };

/** SIP over TCP or TLS. A connection serves both directions, whoever opened it. */
export class TcpListener implements Listener {
  readonly transport: "tcp" | "tls";
  readonly bound: Address;
  readonly external: string | null;
  readonly #server: Server;
  readonly #tls: TlsFiles | null;
  readonly #events: TransportEvents;
  readonly #flows = new Map<string, TcpFlow>();

  private constructor(server: Server, spec: ListenSpec, tls: TlsFiles | null, events: TransportEvents) {
    const address = server.address();
    const port = address !== null && typeof address === "object" ? address.port : spec.port;
    this.transport = tls === null ? "tcp" : "tls";
    this.#server = server;
    this.#tls = tls;
    this.#events = events;
    this.bound = { host: spec.host, port };
    this.external = spec.external;
    server.on(tls === null ? "connection" : "secureConnection", (socket: Socket) => {
      this.#adopt(socket, { host: plainAddress(socket.remoteAddress), port: socket.remotePort ?? 0 });
    });
    server.on("error", () => events.counted("socket-error"));
    server.on("tlsClientError", () => events.counted("socket-error"));
  }

  /** @param tls certificate and key for SIP over TLS, null for plain TCP */
  static async open(spec: ListenSpec, tls: TlsFiles | null, events: TransportEvents): Promise<TcpListener> {
    const server = tls === null ? createServer(SOCKET) : createTlsServer({ ...SOCKET, cert: tls.cert, key: tls.key });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host: spec.host, port: spec.port }, () => {
        server.removeListener("error", reject);
        resolve();
      });
    });
    return new TcpListener(server, spec, tls, events);
  }

  get connections(): readonly Flow[] {
    return [...this.#flows.values()];
  }

  /**
   * The connection to a peer: an open one, or a new one that queues until it is up.
   * @param name what the peer's certificate has to say
   */
  flowTo(remote: Address, name: string): Flow {
    const known = this.#flows.get(key(remote));
    if (known !== undefined && !known.closed) return known;
    const { host } = this.bound;
    const local = isWildcard(host) || host.includes(":") !== remote.host.includes(":") ? {} : { localAddress: host };
    const place = { ...remote, ...local, ...SOCKET };
    if (this.#tls === null) return this.#adopt(connect(place), remote);
    const { cert, key: privateKey, verify } = this.#tls;
    // RFC 6066 3: an address is no server name.
    const servername = isAddress(name) ? {} : { servername: name };
    return this.#adopt(
      connectTls({ ...place, ...servername, cert, key: privateKey, rejectUnauthorized: verify }),
      remote,
    );
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
  readonly transport: "tcp" | "tls";
  readonly remote: Address;
  closed = false;
  readonly #socket: Socket;
  readonly #listener: TcpListener;

  constructor(socket: Socket, listener: TcpListener, remote: Address) {
    this.#socket = socket;
    this.#listener = listener;
    this.transport = listener.transport;
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
