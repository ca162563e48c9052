import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import {
  decodeFromSipProxy,
  type ControlEvent,
  type ControlReply,
  type ControlRequest,
  type FromMediaServer,
} from "@legwork/shared/control";
import type { Logger } from "pino";
import { WebSocketServer, type WebSocket } from "ws";
import type { Dispatcher } from "../../control/dispatcher.js";
import { Metrics, metricsText } from "../../control/metrics.js";

/** An offer is at most 64 kB; a plan of 16 legs is far less. */
const MAX_FRAME_BYTES = 256 * 1024;
/** Facts kept for a sip-proxy that is away. */
const MAX_KEPT_EVENTS = 1000;
const HELLO_TIMEOUT_MS = 5000;
/** WebSocket close codes of our own (RFC 6455 section 7.4.2). */
const CLOSE = { notAuthorised: 4401, takenOver: 4409, goingAway: 1001 } as const;

export interface ControlServerOptions {
  readonly token: string;
  readonly instance: string;
  readonly threads: number;
  readonly graceMs: number;
}

type Hello = Extract<ControlRequest, { type: "hello" }>;

/** The connection that counts; told nothing before its hello is answered. */
interface Connected {
  readonly socket: WebSocket;
  readonly greeted: boolean;
}

/** The control protocol's server: one sip-proxy at a time, the newest one that shows the token; and health and metrics beside it. */
export class ControlServer {
  readonly #options: ControlServerOptions;
  readonly #dispatcher: Dispatcher;
  readonly #log: Logger;
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  readonly #metrics = new Metrics();
  #connected: Connected | null = null;
  /** The run of sip-proxy that the legs belong to. */
  #owner: string | null = null;
  /** Settles when the legs that were to be closed are closed. */
  #emptied: Promise<void> = Promise.resolve();
  #kept: ControlEvent[] = [];
  #grace: NodeJS.Timeout | null = null;

  constructor(options: ControlServerOptions, dispatcher: Dispatcher, log: Logger) {
    this.#options = options;
    this.#dispatcher = dispatcher;
    this.#log = log;
    this.#http = createServer((request, response) => this.#onHttp(request, response));
    this.#sockets = new WebSocketServer({ server: this.#http, path: "/control", maxPayload: MAX_FRAME_BYTES });
    this.#sockets.on("connection", (socket) => this.#onConnection(socket));
    this.#sockets.on("error", (error) => log.warn({ err: error }, "control socket failed"));
  }

  async listen(host: string, port: number): Promise<number> {
    this.#http.listen(port, host);
    await once(this.#http, "listening");
    return (this.#http.address() as AddressInfo).port;
  }

  /** A fact for sip-proxy; kept while it is away. */
  send(event: ControlEvent): void {
    this.#metrics.count("events", event.event);
    if (this.#connected?.greeted) return tell(this.#connected.socket, event);
    this.#kept.push(event);
    if (this.#kept.length > MAX_KEPT_EVENTS) this.#kept.shift();
  }

  async close(): Promise<void> {
    if (this.#grace) clearTimeout(this.#grace);
    for (const socket of this.#sockets.clients) socket.close(CLOSE.goingAway, "shutting down");
    this.#sockets.close();
    this.#http.close();
    this.#http.closeAllConnections();
  }

  #onConnection(socket: WebSocket): void {
    let authorised = false;
    const impatience = setTimeout(() => socket.close(CLOSE.notAuthorised, "no hello"), HELLO_TIMEOUT_MS);
    socket.on("error", (error) => this.#log.warn({ err: error.message }, "control connection failed"));
    socket.on("close", () => {
      clearTimeout(impatience);
      this.#onClose(socket);
    });
    socket.on("message", (data) => {
      const text = String(data);
      const decoded = decodeFromSipProxy(text);
      if (!decoded.ok) return this.#onBadMessage(socket, text, decoded.reason, authorised);
      const request = decoded.value;
      if (request.type === "hello") {
        authorised = this.#isAuthorised(socket, request);
        if (authorised) void this.#onHello(socket, request).then(() => clearTimeout(impatience));
      } else if (authorised && this.#isGreeted(socket)) this.#onRequest(socket, request);
      else this.#refuse(socket, request.id, "not-authorised", "say hello first");
    });
  }

  #isAuthorised(socket: WebSocket, hello: Hello): boolean {
    if (sameSecret(hello.token, this.#options.token)) return true;
    this.#log.warn("control connection with a wrong token");
    this.#refuse(socket, hello.id, "not-authorised", "wrong token");
    socket.close(CLOSE.notAuthorised, "wrong token");
    return false;
  }

  #isGreeted(socket: WebSocket): boolean {
    return this.#connected?.socket === socket && this.#connected.greeted;
  }

  async #onHello(socket: WebSocket, { id, client }: Hello): Promise<void> {
    const before = this.#connected?.socket;
    if (before && before !== socket) before.close(CLOSE.takenOver, "another connection took over");
    this.#connected = { socket, greeted: false };
    if (this.#grace) clearTimeout(this.#grace);
    this.#grace = null;
    if (client !== this.#owner) this.#emptied = this.#passTo(client);
    await this.#emptied;
    // Gone meanwhile, or another connection took over.
    if (this.#connected?.socket !== socket) return;
    this.#connected = { socket, greeted: true };
    this.#log.info({ client, legs: this.#dispatcher.registry.legCount }, "sip-proxy connected");
    tell(socket, {
      reply: id,
      ok: true,
      result: { type: "hello", instance: this.#options.instance, threads: this.#options.threads },
    });
    for (const event of this.#kept.splice(0)) tell(socket, event);
  }

  /** Another run of sip-proxy: the one that owned the legs is dead, and nobody else would ever close them. */
  async #passTo(client: string): Promise<void> {
    const legs = this.#dispatcher.registry.legCount;
    if (legs > 0)
      this.#log.warn({ legs, owner: this.#owner, client }, "another run of sip-proxy, closing the legs of the last");
    this.#owner = client;
    await Promise.all([this.#emptied, this.#dispatcher.closeAll()]);
    this.#kept = [];
  }

  #onRequest(socket: WebSocket, { id, ...body }: ControlRequest): void {
    if (body.type === "hello") return;
    const began = performance.now();
    void this.#dispatcher.handle(body).then((outcome) => {
      this.#metrics.count("requests", `${body.type} ${outcome.ok ? "ok" : outcome.error.code}`);
      this.#log.debug({ type: body.type, ok: outcome.ok, ms: Math.round(performance.now() - began) }, "request");
      tell(socket, { reply: id, ...outcome });
    });
  }

  #onBadMessage(socket: WebSocket, text: string, reason: string, authorised: boolean): void {
    this.#metrics.count("requests", "unreadable bad-message");
    const id = readableId(text);
    const wrongHello = !authorised && isHello(text);
    if (id !== null) this.#refuse(socket, id, wrongHello ? "not-authorised" : "bad-message", reason);
    if (!authorised) socket.close(CLOSE.notAuthorised, "bad hello");
  }

  #refuse(socket: WebSocket, id: string, code: "bad-message" | "not-authorised", message: string): void {
    tell(socket, { reply: id, ok: false, error: { code, message } });
  }

  #onClose(socket: WebSocket): void {
    if (socket !== this.#connected?.socket) return;
    this.#connected = null;
    this.#log.info({ graceMs: this.#options.graceMs }, "sip-proxy disconnected");
    this.#grace = setTimeout(() => {
      this.#grace = null;
      this.#kept = [];
      this.#log.warn({ legs: this.#dispatcher.registry.legCount }, "sip-proxy did not come back, closing its legs");
      this.#emptied = this.#dispatcher.closeAll();
    }, this.#options.graceMs);
  }

  #onHttp(request: IncomingMessage, response: ServerResponse): void {
    if (request.method !== "GET") return void response.writeHead(405).end();
    switch (request.url) {
      case "/health":
        response.writeHead(200, { "content-type": "application/json" });
        return void response.end(
          JSON.stringify({ status: "ok", instance: this.#options.instance, connected: this.#connected !== null }),
        );
      case "/metrics":
        return void this.#dispatcher.dump().then((dump) => {
          response.writeHead(200, { "content-type": "text/plain; version=0.0.4" });
          response.end(metricsText(dump, this.#metrics));
        });
      default:
        return void response.writeHead(404).end();
    }
  }
}

const tell = (socket: WebSocket, message: FromMediaServer | ControlReply): void => socket.send(JSON.stringify(message));

/** Compares in constant time, whatever the lengths. */
function sameSecret(a: string, b: string): boolean {
  const digest = (s: string): Buffer => createHash("sha256").update(s).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function readJson(text: string): Record<string, unknown> | null {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === "object" && json !== null ? (json as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function readableId(text: string): string | null {
  const id = readJson(text)?.["id"];
  return typeof id === "string" && id.length > 0 && id.length <= 64 ? id : null;
}

const isHello = (text: string): boolean => readJson(text)?.["type"] === "hello";
