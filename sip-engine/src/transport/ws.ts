import { isUtf8 } from "node:buffer";
import { WebSocketServer } from "ws";
import type { RawData, WebSocket } from "ws";
import type { Address, Flow } from "../core/ports.js";
import { advertisedFor, plainAddress } from "./listener.js";
import type { ListenSpec, Listener, TransportEvents } from "./listener.js";

/** Interval of WebSocket pings; a browser silent for two of them is gone. */
const PING_MS = 30_000;
const MAX_MESSAGE = 1024 * 1024;
const MAX_BACKLOG = 8 * 1024 * 1024;

/** SIP over WebSocket (RFC 7118): browsers connect to us, we never connect to them. Any Host and path will do. */
export class WsListener implements Listener {
  readonly transport = "ws";
  readonly bound: Address;
  readonly external: string | null;
  readonly #server: WebSocketServer;
  readonly #flows = new Set<WsFlow>();
  readonly #events: TransportEvents;
  readonly #pings: NodeJS.Timeout;

  private constructor(server: WebSocketServer, spec: ListenSpec, events: TransportEvents) {
    const address = server.address();
    const port = address !== null && typeof address === "object" ? address.port : spec.port;
    this.#server = server;
    this.#events = events;
    this.bound = { host: spec.host, port };
    this.external = spec.external;
    server.on("connection", (socket, request) => {
      const { remoteAddress, remotePort } = request.socket;
      this.#adopt(socket, { host: plainAddress(remoteAddress), port: remotePort ?? 0 });
    });
    server.on("error", () => events.counted("socket-error"));
    this.#pings = setInterval(() => {
      for (const flow of this.#flows) flow.ping();
    }, PING_MS);
    this.#pings.unref();
  }

  static async open(spec: ListenSpec, events: TransportEvents): Promise<WsListener> {
    const server = new WebSocketServer({
      host: spec.host,
      port: spec.port,
      maxPayload: MAX_MESSAGE,
      perMessageDeflate: false,
      handleProtocols: (offered) => (offered.has("sip") ? "sip" : false),
      // RFC 7118 4.2: a client that does not speak the "sip" subprotocol is turned away.
      verifyClient: ({ req }, done) => {
        const offered = (req.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
        if (offered.includes("sip")) done(true);
        else done(false, 400, "subprotocol sip required");
      },
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.once("listening", () => {
        server.removeListener("error", reject);
        resolve();
      });
    });
    return new WsListener(server, spec, events);
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

  #adopt(socket: WebSocket, remote: Address): void {
    const flow = new WsFlow(socket, this, remote);
    this.#flows.add(flow);
    socket.on("message", (data) => {
      const octets = text(data);
      if (octets === "\r\n\r\n") {
        this.#events.counted("ping");
        socket.send("\r\n");
      } else if (octets !== "\r\n") this.#events.received(octets, flow);
    });
    socket.on("pong", () => flow.alive());
    socket.on("error", () => this.#events.counted("socket-error"));
    socket.on("close", () => {
      flow.closed = true;
      this.#flows.delete(flow);
      this.#events.closed(flow);
    });
  }

  close(): Promise<void> {
    clearInterval(this.#pings);
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const flow of this.#flows) flow.destroy();
    });
  }
}

function text(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString("latin1");
  return (data instanceof ArrayBuffer ? Buffer.from(data) : data).toString("latin1");
}

class WsFlow implements Flow {
  readonly transport = "ws";
  readonly remote: Address;
  closed = false;
  readonly #socket: WebSocket;
  readonly #listener: WsListener;
  #missedPings = 0;

  constructor(socket: WebSocket, listener: WsListener, remote: Address) {
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
    if (this.#socket.readyState !== this.#socket.OPEN) return failed();
    if (this.#socket.bufferedAmount > MAX_BACKLOG) this.#socket.terminate();
    const bytes = Buffer.from(octets, "latin1");
    // A text frame must be UTF-8; anything else goes as a binary frame, which RFC 7118 5 allows.
    this.#socket.send(bytes, { binary: !isUtf8(bytes) }, (error) => {
      if (error) failed();
    });
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
