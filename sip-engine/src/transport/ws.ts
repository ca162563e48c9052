import { isUtf8 } from "node:buffer";
import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import type { Socket } from "node:net";
import { createServer as createTlsServer } from "node:https";
import { WebSocketServer } from "ws";
import type { RawData, ServerOptions, WebSocket } from "ws";
import type { Address, Flow } from "../core/ports.js";
import { FrameMeter } from "./frame-meter.js";
import type { Guard, Waiting } from "./guard.js";
import { GarbageCount, MAX_BACKLOG } from "./limits.js";
import { familiesOf, listening, ListenersFlow, plainAddress } from "./listener.js";
import type { ListenSpec, Listener, TlsFiles, TransportEvents } from "./listener.js";

/** Interval of WebSocket pings; a browser silent for two of them is gone. */
const PING_MS = 30_000;
const MAX_MESSAGE = 1024 * 1024;

const SETTINGS: ServerOptions = {
  maxPayload: MAX_MESSAGE,
  perMessageDeflate: false,
  handleProtocols: (offered) => (offered.has("sip") ? "sip" : false),
  // RFC 7118 4.2: a client that does not speak the "sip" subprotocol is turned away.
  verifyClient: ({ req }, done) => {
    const offered = (req.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
    if (offered.includes("sip")) done(true);
    else done(false, 400, "subprotocol sip required");
  },
};

const upgradeOnly: RequestListener = (_request, response) => {
  response.writeHead(426, { Upgrade: "websocket" }).end();
};

/** SIP over WebSocket (RFC 7118): browsers connect to us, we never connect to them. Any Host and path will do. */
export class WsListener implements Listener {
  readonly transport: "ws" | "wss";
  readonly bound: Address;
  readonly external: string | null;
  readonly families: ReadonlySet<4 | 6>;
  readonly #http: Server;
  readonly #server: WebSocketServer;
  readonly #flows = new Set<WsFlow>();
  readonly events: TransportEvents;
  readonly guard: Guard;
  readonly #pings: NodeJS.Timeout;

  private constructor(http: Server, spec: ListenSpec, events: TransportEvents, guard: Guard) {
    const address = http.address();
    const port = address !== null && typeof address === "object" ? address.port : spec.port;
    const server = new WebSocketServer({ ...SETTINGS, server: http });
    this.transport = spec.transport === "wss" ? "wss" : "ws";
    this.#http = http;
    this.#server = server;
    this.events = events;
    this.guard = guard;
    this.bound = { host: spec.host, port };
    this.external = spec.external;
    this.families = familiesOf(spec);
    server.on("connection", (socket, request) => {
      this.#adopt(socket, request.socket);
    });
    server.on("error", () => events.counted("socket-error"));
    this.#pings = setInterval(() => {
      for (const flow of this.#flows) flow.ping();
    }, PING_MS);
    this.#pings.unref();
  }

  /** @param tls certificate and key for secure WebSockets, null for plain ones */
  static async open(
    spec: ListenSpec,
    tls: TlsFiles | null,
    events: TransportEvents,
    guard: Guard,
  ): Promise<WsListener> {
    const { stallMs } = guard;
    const patience = {
      headersTimeout: stallMs,
      requestTimeout: stallMs,
      connectionsCheckingInterval: Math.min(1000, stallMs),
    };
    const http =
      tls === null
        ? createServer(patience, upgradeOnly)
        : createTlsServer({ ...patience, cert: tls.cert, key: tls.key, handshakeTimeout: stallMs }, upgradeOnly);
    http.on("clientError", (error, socket) => guard.handshakeFailed(error, socket));
    guard.watch(http);
    await listening(http, spec);
    return new WsListener(http, spec, events, guard);
  }

  get connections(): readonly Flow[] {
    return [...this.#flows];
  }

  /** The browser connected from this address, if any. */
  flowTo(remote: Address): Flow | null {
    for (const flow of this.#flows) {
      if (flow.remote.host === remote.host && flow.remote.port === remote.port) return flow;
    }
    return null;
  }

  #adopt(socket: WebSocket, raw: Socket): void {
    const flow = new WsFlow(socket, this, { host: plainAddress(raw.remoteAddress), port: raw.remotePort ?? 0 });
    this.#flows.add(flow);
    this.guard.attend(flow);
    // Before the listener of `ws`: what a chunk leaves unfinished has to be known when its messages are taken.
    raw.prependListener("data", (chunk: Buffer) => flow.heard(chunk));
    socket.on("message", (data) => flow.take(text(data)));
    socket.on("pong", () => flow.alive());
    socket.on("error", () => this.events.counted("socket-error"));
    socket.on("close", () => {
      flow.end();
      this.guard.release(flow);
      this.#flows.delete(flow);
      this.events.closed(flow);
    });
  }

  close(): Promise<void> {
    clearInterval(this.#pings);
    for (const flow of this.#flows) flow.destroy();
    this.#server.close();
    this.#http.closeAllConnections();
    return new Promise((resolve) => {
      this.#http.close(() => resolve());
    });
  }
}

function text(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString("latin1");
  return (data instanceof ArrayBuffer ? Buffer.from(data) : data).toString("latin1");
}

class WsFlow extends ListenersFlow<WsListener> implements Flow, Waiting {
  readonly transport: "ws" | "wss";
  closed = false;
  readonly #socket: WebSocket;
  readonly #garbage = new GarbageCount();
  readonly #meter = new FrameMeter();
  /** Bytes of an unfinished message the guard knows of. */
  #kept = 0;
  waitingSince: number | null = performance.now();
  #missedPings = 0;

  constructor(socket: WebSocket, listener: WsListener, remote: Address) {
    super(listener, remote);
    this.#socket = socket;
    this.transport = listener.transport;
  }

  send(octets: string, failed: () => void): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return failed();
    if (this.#socket.bufferedAmount > MAX_BACKLOG) this.#socket.terminate();
    const bytes = Buffer.from(octets, "latin1");
    // A text frame must be UTF-8; anything else goes as a binary frame, which RFC 7118 5 allows.
    this.#socket.send(bytes, { binary: !isUtf8(bytes) }, (error) => {
      if (error) failed();
    });
  }

  /** Bytes of the browser's, before they are messages. */
  heard(chunk: Uint8Array): void {
    const { guard } = this.listener;
    this.#meter.take(chunk);
    const { pending } = this.#meter;
    if (pending > 0) this.waitingSince ??= performance.now();
    const more = pending - this.#kept;
    this.#kept = pending;
    if (guard.keep(more)) return;
    guard.refused("pending-bytes", this.remote.host);
    this.destroy();
  }

  /** The socket is closed. */
  end(): void {
    this.closed = true;
    this.listener.guard.keep(-this.#kept);
    this.#kept = 0;
  }

  /** One message of the browser's. */
  take(octets: string): void {
    const { events, guard } = this.listener;
    // Messages that came in one piece with the last are still handed out.
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.waitingSince = this.#meter.pending > 0 ? performance.now() : null;
    if (!guard.admits(this.remote.host)) return this.destroy();
    if (octets === "\r\n\r\n") {
      events.counted("ping");
      this.#socket.send("\r\n");
    } else if (octets !== "\r\n" && this.#garbage.add(events.received(octets, this))) {
      guard.refused("garbage", this.remote.host);
      this.destroy();
    }
  }

  ping(): void {
    if (++this.#missedPings > 2) this.#socket.terminate();
    else this.#socket.ping();
  }

  alive(): void {
    this.#missedPings = 0;
  }

  destroy(): void {
    this.#socket.terminate();
  }
}
