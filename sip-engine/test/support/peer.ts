import { createSocket } from "node:dgram";
import type { Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { WebSocket } from "ws";
import { Inbox } from "./inbox.js";
import { Sip, sipText } from "./sip.js";

export interface RequestParts {
  readonly uri?: string;
  readonly branch?: string;
  readonly callId?: string;
  readonly fromTag?: string;
  readonly toTag?: string;
  readonly cseq?: number;
  /** Instead of the peer's Contact; the empty string for none. */
  readonly contact?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

export interface ResponseParts {
  readonly tag?: string;
  /** Instead of the peer's Contact; the empty string for none. */
  readonly contact?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

let peers = 0;

/** A SIP phone that does only what a test tells it to: no retransmission, no ACK, no answer of its own. */
export abstract class Peer {
  readonly inbox: Inbox<Sip>;
  readonly #seen = new Set<string>();
  #count = 0;

  /** @param name user part of the peer's own URIs */
  constructor(readonly name = `peer${++peers}`) {
    this.inbox = new Inbox<Sip>(name, (sip) => sip.what);
  }

  abstract readonly transport: "UDP" | "TCP" | "TLS" | "WS" | "WSS";
  /** host:port of this peer. */
  abstract readonly address: string;
  abstract transmit(text: string): void;
  abstract close(): void;

  /** Request-URI of requests out of the blue. */
  protected readonly service: string = "sip:service@127.0.0.1";

  get contact(): string {
    return `<sip:${this.name}@${this.address}${this.transport === "UDP" ? "" : `;transport=${this.transport.toLowerCase()}`}>`;
  }

  /** Copies of a message are kept in the inbox, but handed out once. */
  protected received(text: string): void {
    if (text.trim() === "") return;
    this.inbox.add(new Sip(text), !this.#seen.has(text));
    this.#seen.add(text);
  }

  /** Waits for `INVITE`, `200 INVITE`, … */
  next(what: string): Promise<Sip> {
    return this.inbox.next((sip) => sip.what === what, what);
  }

  /** How many messages of that kind came, copies included, and when. */
  times(what: string): number[] {
    return this.inbox.all.filter(({ item }) => item.what === what).map(({ at }) => at);
  }

  /** A request as this peer writes it, not sent. */
  write(method: string, parts: RequestParts = {}): Sip {
    const id = `${this.name}-${++this.#count}`;
    const contact = parts.contact ?? this.contact;
    const headers = [
      `Via: SIP/2.0/${this.transport} ${this.address};branch=z9hG4bK${parts.branch ?? id}`,
      "Max-Forwards: 70",
      `From: <sip:${this.name}@${this.address}>;tag=${parts.fromTag ?? `${this.name}tag`}`,
      `To: <sip:service@127.0.0.1>${parts.toTag === undefined ? "" : `;tag=${parts.toTag}`}`,
      `Call-ID: ${parts.callId ?? id}`,
      `CSeq: ${parts.cseq ?? 1} ${method}`,
      ...(contact === "" ? [] : [`Contact: ${contact}`]),
      ...(parts.headers ?? []),
    ];
    return new Sip(sipText(`${method} ${parts.uri ?? this.service} SIP/2.0`, headers, parts.body));
  }

  request(method: string, parts: RequestParts = {}): Sip {
    const request = this.write(method, parts);
    this.transmit(request.text);
    return request;
  }

  /** ACK of a refusal: same transaction as the INVITE (RFC 3261 17.1.1.3). */
  ackRefusal(invite: Sip, refusal: Sip): void {
    const headers = [
      `Via: ${invite.header("Via")}`,
      `From: ${invite.header("From")}`,
      `To: ${refusal.header("To")}`,
      `Call-ID: ${invite.header("Call-ID")}`,
      `CSeq: ${invite.cseq} ACK`,
    ];
    this.transmit(sipText(`ACK ${invite.uri} SIP/2.0`, headers));
  }

  /** CANCEL of an INVITE (RFC 3261 9.1). */
  cancel(invite: Sip, ...more: string[]): void {
    const headers = [
      `Via: ${invite.header("Via")}`,
      `From: ${invite.header("From")}`,
      `To: ${invite.header("To")}`,
      `Call-ID: ${invite.header("Call-ID")}`,
      `CSeq: ${invite.cseq} CANCEL`,
      ...more,
    ];
    this.transmit(sipText(`CANCEL ${invite.uri} SIP/2.0`, headers));
  }

  respond(request: Sip, line: string, parts: ResponseParts = {}): Sip {
    const to = request.header("To");
    const tag = parts.tag ?? `${this.name}tag`;
    const tagged = line.startsWith("100") || tag === "" || to.includes(";tag=") ? to : `${to};tag=${tag}`;
    const contact = parts.contact ?? (line.startsWith("1") || line.startsWith("2") ? this.contact : "");
    const headers = [
      ...request.all("Via").map((via) => `Via: ${via}`),
      ...request.all("Record-Route").map((route) => `Record-Route: ${route}`),
      `From: ${request.header("From")}`,
      `To: ${tagged}`,
      `Call-ID: ${request.header("Call-ID")}`,
      `CSeq: ${request.header("CSeq")}`,
      ...(contact === "" ? [] : [`Contact: ${contact}`]),
      ...(parts.headers ?? []),
    ];
    const response = new Sip(sipText(`SIP/2.0 ${line}`, headers, parts.body));
    this.transmit(response.text);
    return response;
  }

  /** Returns when everything the engine had sent this peer before has arrived. */
  async fence(): Promise<void> {
    const { branch } = this.request("FENCE", { contact: "" });
    await this.inbox.next((sip) => sip.branch === branch, "answer to FENCE");
  }
}

export class UdpPeer extends Peer {
  readonly transport = "UDP";
  readonly address: string;
  protected override readonly service: string;
  private readonly host: string;
  #open = true;

  private constructor(
    private readonly socket: UdpSocket,
    private readonly enginePort: number,
  ) {
    super();
    const { address, port, family } = socket.address();
    this.host = address;
    this.address = family === "IPv6" ? `[${address}]:${port}` : `${address}:${port}`;
    this.service = `sip:service@${this.address.replace(/\d+$/, String(enginePort))}`;
    socket.on("message", (datagram) => this.received(datagram.toString("utf8")));
  }

  /** @param host a loopback address, on which the engine has to listen */
  static async open(enginePort: number, host = "127.0.0.1"): Promise<UdpPeer> {
    const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
    socket.bind(0, host);
    await once(socket, "listening");
    return new UdpPeer(socket, enginePort);
  }

  transmit(text: string): void {
    this.socket.send(text, this.enginePort, this.host);
  }

  close(): void {
    if (this.#open) this.socket.close();
    this.#open = false;
  }
}

/** A peer with one TCP connection, opened by it or taken from the engine. */
export class TcpPeer extends Peer {
  /** CRLF keep-alives received between messages. */
  pongs = 0;
  #rest = Buffer.alloc(0);

  constructor(
    readonly socket: Socket,
    readonly address: string,
    readonly transport: "TCP" | "TLS" = "TCP",
  ) {
    super();
    socket.on("data", (chunk: Buffer) => this.#cut(chunk));
    socket.on("error", () => undefined);
  }

  static async open(enginePort: number): Promise<TcpPeer> {
    const socket = connect(enginePort, "127.0.0.1");
    await once(socket, "connect");
    return new TcpPeer(socket, `127.0.0.1:${socket.localPort}`);
  }

  static async openTls(enginePort: number): Promise<TcpPeer> {
    const socket = connectTls({ port: enginePort, host: "127.0.0.1", rejectUnauthorized: false });
    await once(socket, "secureConnect");
    return new TcpPeer(socket, `127.0.0.1:${socket.localPort}`, "TLS");
  }

  /** The next connection the engine opens to a server of ours. */
  static async accept(server: Server): Promise<TcpPeer> {
    const [socket] = (await once(server, "connection")) as [Socket];
    return new TcpPeer(socket, `127.0.0.1:${portOf(server)}`);
  }

  #cut(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (;;) {
      while (this.#rest.subarray(0, 2).toString() === "\r\n") {
        this.pongs++;
        this.#rest = this.#rest.subarray(2);
      }
      const end = this.#rest.indexOf("\r\n\r\n");
      if (end < 0) return;
      const length = Number(/\r\nContent-Length: *(\d+)/i.exec(this.#rest.subarray(0, end).toString())?.[1] ?? "0");
      if (this.#rest.length < end + 4 + length) return;
      const text = this.#rest.subarray(0, end + 4 + length).toString("utf8");
      this.#rest = this.#rest.subarray(end + 4 + length);
      this.received(text);
    }
  }

  transmit(text: string): void {
    this.socket.write(text);
  }

  close(): void {
    this.socket.destroy();
  }
}

/** A browser: a WebSocket with subprotocol sip and an address nobody can resolve (RFC 7118). */
export class WsPeer extends Peer {
  readonly address: string;
  readonly texts: string[] = [];

  private constructor(
    readonly socket: WebSocket,
    readonly transport: "WS" | "WSS",
    name?: string,
  ) {
    super(name);
    this.address = `${this.name.replace(/\W/g, "")}.invalid`;
    socket.on("message", (data: Buffer) => {
      this.texts.push(data.toString("utf8"));
      this.received(data.toString("utf8"));
    });
  }

  static async open(enginePort: number, scheme: "ws" | "wss" = "ws", name?: string): Promise<WsPeer> {
    // As through a reverse proxy: any Host and path will do.
    const options = { rejectUnauthorized: false, headers: { Host: "page.example" } };
    const socket = new WebSocket(`${scheme}://127.0.0.1:${enginePort}/sip/ws?x=1`, "sip", options);
    await once(socket, "open");
    return new WsPeer(socket, scheme === "ws" ? "WS" : "WSS", name);
  }

  transmit(text: string): void {
    this.socket.send(text);
  }

  close(): void {
    this.socket.terminate();
  }
}

export async function tcpServer(): Promise<Server> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

export function portOf(server: Server): number {
  return (server.address() as { port: number }).port;
}
