import { randomUUID, timingSafeEqual, createHash } from "node:crypto";
import { createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { createServer as createTlsServer, Server as TlsServer } from "node:tls";
import type { Behaviour } from "../core/behaviour.js";
import type { App } from "../core/ports.js";
import { decodeCommand } from "../protocol/command.js";
import type { Command } from "../protocol/command.js";
import { FrameReader, frame } from "../protocol/framing.js";
import { okAnswer, refusalAnswer } from "../protocol/notice.js";

/** What may wait for an app that does not read, bytes. One that has stopped would otherwise fill the memory. */
const LONGEST_QUEUE_BYTES = 64 * 1024 * 1024;

/** What an app connection reports; all but the first only after it has authenticated. */
export interface AppEvents {
  connected(app: App, tags: readonly string[]): void;
  ordered(app: App, command: Exclude<Command, { type: "authenticate" }>): void;
  gone(app: App): void;
  /** A connection closed for breaking the protocol or a wrong secret. */
  rejected(reason: string): void;
}

/** Tokens of the answer to `authenticate`: addresses as peers know them, version, addresses as bound. */
export interface Greeting {
  readonly hostPorts: string;
  readonly version: string;
  readonly localHostPorts: string;
}

/** What an app must give, and how it is treated. */
export interface Admission {
  readonly secret: string;
  readonly behaviour: Behaviour;
}

/** One app's connection, whoever opened it: the app is always the party that authenticates. */
export class AppConnection implements App {
  readonly id = randomUUID();
  readonly #socket: Socket;
  readonly #admission: Admission;
  readonly #greeting: Greeting;
  readonly #events: AppEvents;
  readonly #reader: FrameReader;
  #stage: "anonymous" | "authenticated" | "closed" = "anonymous";
  #deaf = false;
  #outgoing = "";

  constructor(socket: Socket, admission: Admission, greeting: Greeting, events: AppEvents) {
    this.#socket = socket;
    this.#admission = admission;
    this.#reader = new FrameReader(admission.behaviour.longestFrame);
    this.#greeting = greeting;
    this.#events = events;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 45_000);
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => this.#received(chunk));
    // An app that has ended its side wants no more: drachtio-srf forgets the frame it has half of when it disconnects, and would
    // take the rest for frames of their own.
    socket.on("end", () => socket.destroy());
    socket.on("error", () => undefined);
    socket.on("close", () => this.#closed());
  }

  get connected(): boolean {
    return this.#stage === "authenticated" && this.#socket.writable;
  }

  /** Frames leave in order, all of one turn of the event loop in one write: system calls are what a call costs. */
  send(payload: string): void {
    if (this.#stage === "closed") return;
    if (this.#outgoing === "") setImmediate(() => this.#flush());
    this.#outgoing += frame(payload);
  }

  #flush(): void {
    const outgoing = this.#outgoing;
    this.#outgoing = "";
    if (outgoing === "" || !this.#socket.writable) return;
    this.#socket.write(outgoing, "latin1");
    if (this.#socket.writableLength <= LONGEST_QUEUE_BYTES) return;
    this.#events.rejected("does not read");
    this.#socket.destroy();
  }

  close(): void {
    this.#flush();
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #received(chunk: string): void {
    if (this.#stage === "closed" || this.#deaf) return;
    const result = this.#reader.push(chunk);
    if (!result.ok && result.problem === "too-long" && this.#admission.behaviour.longFrame === "deafens") {
      this.#deaf = true;
      return;
    }
    if (!result.ok) return this.#reject(`frame: ${result.problem}`);
    for (const payload of result.payloads) this.#command(payload);
  }

  #command(payload: string): void {
    if (this.#stage === "closed") return;
    const command = decodeCommand(payload);
    if (command.type === "invalid") return this.#reject(command.reason, command.id);
    if (command.type === "authenticate") return this.#authenticate(command);
    if (this.#stage !== "authenticated") {
      if (this.#admission.behaviour.authentication === "required") return this.#reject("not authenticated", command.id);
      this.#enter([]);
    }
    this.#events.ordered(this, command);
  }

  #authenticate(command: Extract<Command, { type: "authenticate" }>): void {
    if (!sameSecret(command.secret, this.#admission.secret)) return this.#reject("incorrect secret", command.id);
    const { hostPorts, version, localHostPorts } = this.#greeting;
    this.send(okAnswer(command.id, randomUUID(), hostPorts, version, localHostPorts));
    this.#enter(command.tags);
  }

  #enter(tags: readonly string[]): void {
    if (this.#stage === "authenticated") return;
    this.#stage = "authenticated";
    this.#events.connected(this, tags);
  }

  #reject(reason: string, id: string | null = null): void {
    if (id !== null) this.send(refusalAnswer(id, randomUUID(), reason));
    this.#events.rejected(reason);
    this.#flush();
    this.#socket.end();
    this.#closed();
  }

  #closed(): void {
    const { stage } = { stage: this.#stage };
    this.#stage = "closed";
    if (stage === "authenticated") this.#events.gone(this);
  }
}

function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text, "latin1").digest();
  return timingSafeEqual(digest(given), digest(Buffer.from(expected, "utf8").toString("latin1")));
}

/** Listens for apps. */
export class AppServer {
  readonly #server: Server;
  readonly #connections = new Set<Socket>();

  private constructor(server: Server, admission: Admission, greeting: Greeting, events: AppEvents) {
    this.#server = server;
    // Kept from the first byte on, so that half a handshake holds up no one's end.
    server.on("connection", (socket) => {
      this.#connections.add(socket);
      socket.on("close", () => this.#connections.delete(socket));
    });
    server.on(server instanceof TlsServer ? "secureConnection" : "connection", (socket: Socket) => {
      new AppConnection(socket, admission, greeting, events);
    });
    server.on("tlsClientError", (_error, socket: Socket) => socket.destroy());
  }

  /** @param tls certificate and key for apps that connect by TLS, null for plain TCP */
  static async open(
    at: { readonly host: string; readonly port: number },
    tls: { readonly cert: string; readonly key: string } | null,
    admission: Admission,
    greeting: Greeting,
    events: AppEvents,
  ): Promise<AppServer> {
    const server = tls === null ? createServer() : createTlsServer({ cert: tls.cert, key: tls.key });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(at, () => {
        server.removeListener("error", reject);
        resolve();
      });
    });
    return new AppServer(server, admission, greeting, events);
  }

  get port(): number {
    const address = this.#server.address();
    return address !== null && typeof address === "object" ? address.port : 0;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const socket of this.#connections) socket.destroy();
    });
  }
}
