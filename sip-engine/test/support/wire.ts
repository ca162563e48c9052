import { createSocket } from "node:dgram";
import type { Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { until } from "./engine.js";

/** A message as it was received, with a way to answer it. */
export interface Taken {
  readonly text: string;
  reply(line: string, ...headers: string[]): void;
}

/** Messages received, in order; tests wait for the one they need. */
class Mailbox {
  readonly all: Taken[] = [];

  /** Waits for a message that begins with this, and takes it out. */
  async next(start: string): Promise<Taken> {
    const fits = ({ text }: Taken): boolean => text.startsWith(start);
    await until(
      () => this.all.some(fits),
      () => `no "${start}" among ${JSON.stringify(this.all.map(({ text }) => text.split("\r\n")[0]))}`,
    );
    return this.all.splice(this.all.findIndex(fits), 1)[0]!;
  }
}

/** A plain UDP socket that says what it is told to. */
export class UdpPeer extends Mailbox {
  private constructor(readonly socket: UdpSocket) {
    super();
    socket.on("message", (datagram, from) => {
      const text = datagram.toString("latin1");
      const reply = (line: string, ...headers: string[]): void => {
        socket.send(response(text, line, headers), from.port, from.address);
      };
      this.all.push({ text, reply });
    });
  }

  static async open(host = "127.0.0.1", port = 0): Promise<UdpPeer> {
    const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
    socket.bind(port, host);
    await once(socket, "listening");
    return new UdpPeer(socket);
  }

  get port(): number {
    return this.socket.address().port;
  }

  send(text: string, port: number, host = "127.0.0.1"): void {
    this.socket.send(Buffer.from(text, "latin1"), port, host);
  }
}

/** One TCP connection, ours or accepted. Messages must come without a body, or alone in their segment. */
export class TcpPeer extends Mailbox {
  text = "";
  closed = false;

  constructor(readonly socket: Socket) {
    super();
    socket.setNoDelay(true);
    socket.on("error", () => undefined);
    socket.on("close", () => (this.closed = true));
    socket.on("data", (chunk: Buffer) => {
      const text = chunk.toString("latin1");
      this.text += text;
      if (text.trim() === "") return;
      this.all.push({ text, reply: (line, ...headers) => socket.write(response(text, line, headers), "latin1") });
    });
  }

  static async open(port: number, host = "127.0.0.1", localAddress?: string): Promise<TcpPeer> {
    const socket = connect({ port, host, ...(localAddress === undefined ? {} : { localAddress }) });
    const peer = new TcpPeer(socket);
    await once(socket, "connect");
    return peer;
  }

  write(text: string): void {
    this.socket.write(text, "latin1");
  }

  async gone(): Promise<void> {
    await until(() => this.closed, "connection still open");
  }
}

/** A TCP port that collects its connections. */
export class TcpPort {
  readonly peers: TcpPeer[] = [];
  private constructor(readonly server: Server) {
    server.on("connection", (socket) => this.peers.push(new TcpPeer(socket)));
  }

  static async open(port: number, host = "127.0.0.1"): Promise<TcpPort> {
    const server = createServer();
    server.listen(port, host);
    await once(server, "listening");
    return new TcpPort(server);
  }

  /** The next message on the first connection. */
  async next(start: string): Promise<Taken> {
    await until(() => this.peers.length > 0, "no connection");
    return this.peers[0]!.next(start);
  }

  close(): void {
    for (const { socket } of this.peers) socket.destroy();
    this.server.close();
  }
}

/** A request as any phone could write it. @param via `UDP 127.0.0.1:5060` */
export function request(method: string, id: string, via: string, ...headers: string[]): string {
  return [
    `${method} sip:service@engine.test SIP/2.0`,
    `Via: SIP/2.0/${via};branch=z9hG4bK${id}${method}`,
    "Max-Forwards: 70",
    "From: <sip:peer@peer.test>;tag=peer",
    ...(headers.some((header) => header.startsWith("To:")) ? [] : ["To: <sip:service@engine.test>"]),
    `Call-ID: ${id}`,
    ...(headers.some((header) => header.startsWith("CSeq:")) ? [] : [`CSeq: 1 ${method}`]),
    ...headers,
    ...(headers.some((header) => header.startsWith("Content-Length:")) ? [] : ["Content-Length: 0"]),
    "",
    "",
  ].join("\r\n");
}

function response(text: string, line: string, headers: readonly string[]): string {
  const lines = text.split("\r\n");
  const copied = lines.filter((one) => /^(Via|From|Call-ID|CSeq|Record-Route):/i.test(one));
  const to = lines.find((one) => /^To:/i.test(one)) ?? "";
  const tagged = to.includes("tag=") || line.startsWith("100") ? to : `${to};tag=callee`;
  return [`SIP/2.0 ${line}`, ...copied, tagged, ...headers, "Content-Length: 0", "", ""].join("\r\n");
}

/** Value of a header in a message's text. */
export function valueOf(text: string, name: string): string {
  return new RegExp(`^${name}:[ \\t]*(.*)$`, "im").exec(text)?.[1]?.trim() ?? "";
}
