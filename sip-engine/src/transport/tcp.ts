import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { connect as connectTls, createServer as createTlsServer } from "node:tls";
import type { Address, Flow } from "../core/ports.js";
import { StreamReader } from "../sip/stream-reader.js";
import type { StreamEvent } from "../sip/stream-reader.js";
import { isAddress } from "../sip/uri.js";
import type { Guard, Waiting } from "./guard.js";
import { GarbageCount, MAX_BACKLOG } from "./limits.js";
import { familiesOf, isWildcard, listening, ListenersFlow, plainAddress } from "./listener.js";
import type { ListenSpec, Listener, TlsFiles, TransportEvents } from "./listener.js";

/** How long opening a connection may take. Its request then has time left for another target (RFC 3263 4.3). */
const CONNECT_MS = 5000;

const SOCKET = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 };

/** SIP over TCP or TLS. A connection serves both directions, whoever opened it. */
export class TcpListener implements Listener {
  readonly transport: "tcp" | "tls";
  readonly bound: Address;
  readonly external: string | null;
  readonly families: ReadonlySet<4 | 6>;
  readonly events: TransportEvents;
  readonly guard: Guard;
  readonly #server: Server;
  readonly #tls: TlsFiles | null;
  readonly #flows = new Map<string, TcpFlow>();

  private constructor(server: Server, spec: ListenSpec, tls: TlsFiles | null, events: TransportEvents, guard: Guard) {
    const address = server.address();
    const port = address !== null && typeof address === "object" ? address.port : spec.port;
    this.transport = tls === null ? "tcp" : "tls";
    this.#server = server;
    this.#tls = tls;
    this.events = events;
    this.guard = guard;
    this.bound = { host: spec.host, port };
    this.external = spec.external;
    this.families = familiesOf(spec);
    server.on(tls === null ? "connection" : "secureConnection", (socket: Socket) => {
      if (socket.destroyed) return;
      this.#adopt(
        socket,
        { host: plainAddress(socket.remoteAddress), port: socket.remotePort ?? 0 },
        performance.now(),
      );
    });
    server.on("error", () => events.counted("socket-error"));
    server.on("tlsClientError", (error, socket) => guard.handshakeFailed(error, socket));
  }

  /** @param tls certificate and key for SIP over TLS, null for plain TCP */
  static async open(
    spec: ListenSpec,
    tls: TlsFiles | null,
    events: TransportEvents,
    guard: Guard,
  ): Promise<TcpListener> {
    const server =
      tls === null
        ? createServer(SOCKET)
        : createTlsServer({ ...SOCKET, cert: tls.cert, key: tls.key, handshakeTimeout: guard.stallMs });
    guard.watch(server);
    await listening(server, spec);
    return new TcpListener(server, spec, tls, events, guard);
  }

  get connections(): readonly Flow[] {
    return [...this.#flows.values()];
  }

  /** True when there is a connection to this address already. */
  isConnected(remote: Address): boolean {
    return this.#flows.get(key(remote))?.closed === false;
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
    const socket = this.#tls === null ? connect(place) : this.#connectTls(place, this.#tls, name);
    socket.setTimeout(CONNECT_MS, () => socket.destroy());
    socket.once(this.#tls === null ? "connect" : "secureConnect", () => socket.setTimeout(0));
    return this.#adopt(socket, remote, null);
  }

  #connectTls(place: Address & typeof SOCKET, tls: TlsFiles, name: string): Socket {
    const { cert, key: privateKey, verify } = tls;
    // RFC 6066 3: an address is no server name.
    const servername = isAddress(name) ? {} : { servername: name };
    return connectTls({ ...place, ...servername, cert, key: privateKey, rejectUnauthorized: verify });
  }

  #adopt(socket: Socket, remote: Address, waitingSince: number | null): TcpFlow {
    const flow = new TcpFlow(socket, this, remote, waitingSince);
    this.#flows.set(key(remote), flow);
    this.guard.attend(flow);
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => flow.take(chunk));
    socket.on("error", () => this.events.counted("socket-error"));
    socket.on("close", () => {
      flow.end();
      this.guard.release(flow);
      if (this.#flows.get(key(remote)) === flow) this.#flows.delete(key(remote));
      this.events.closed(flow);
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

class TcpFlow extends ListenersFlow<TcpListener> implements Flow, Waiting {
  readonly transport: "tcp" | "tls";
  closed = false;
  waitingSince: number | null;
  readonly #socket: Socket;
  readonly #reader = new StreamReader();
  readonly #garbage = new GarbageCount();
  /** Bytes of an unfinished message the guard knows of. */
  #kept = 0;

  constructor(socket: Socket, listener: TcpListener, remote: Address, waitingSince: number | null) {
    super(listener, remote);
    this.#socket = socket;
    this.transport = listener.transport;
    this.waitingSince = waitingSince;
  }

  send(octets: string, failed: () => void): void {
    if (this.#socket.writableEnded || this.#socket.destroyed) return failed();
    if (this.#socket.writableLength > MAX_BACKLOG) this.#socket.destroy();
    this.#socket.write(octets, "latin1");
  }

  /** Bytes from the peer. */
  take(chunk: string): void {
    const { guard } = this.listener;
    const events = this.#reader.push(chunk);
    for (const event of events) {
      if (this.#socket.destroyed) return;
      if (guard.admits(this.remote.host)) this.#act(event);
      else this.destroy();
    }
    const { pending } = this.#reader;
    if (events.length > 0) this.waitingSince = pending > 0 || this.#socket.writableEnded ? performance.now() : null;
    else if (pending > 0) this.waitingSince ??= performance.now();
    const more = pending - this.#kept;
    this.#kept = pending;
    if (guard.keep(more)) return;
    guard.refused("pending-bytes", this.remote.host);
    this.destroy();
  }

  #act(event: StreamEvent): void {
    const { events, guard } = this.listener;
    switch (event.type) {
      case "message":
        if (!this.#garbage.add(events.received(event.octets, this))) return;
        guard.refused("garbage", this.remote.host);
        return this.destroy();
      case "ping":
        events.counted("ping");
        this.#socket.write("\r\n");
        return;
      case "broken":
        events.counted(event.problem === "oversize" ? "oversize" : "broken-stream");
        events.received(event.octets, this, event.problem === "oversize");
        // What the peer still sends is read and thrown away: a reset could overtake our answer.
        this.#socket.end();
    }
  }

  /** The socket is closed. */
  end(): void {
    this.closed = true;
    this.listener.guard.keep(-this.#kept);
    this.#kept = 0;
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
