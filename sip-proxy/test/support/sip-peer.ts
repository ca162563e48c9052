import { createHash, randomBytes } from "node:crypto";
import dgram from "node:dgram";
import { once } from "node:events";
import net from "node:net";
import { WebSocket } from "ws";

/** A SIP message as a peer sees it; header names in lower case. */
export interface SipText {
  readonly start: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

export interface Account {
  readonly user: string;
  readonly password: string;
}

export interface Ask {
  readonly uri?: string;
  readonly from?: string;
  readonly to?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly fromTag?: string;
  readonly toTag?: string;
  readonly contact?: string | null;
  readonly headers?: readonly string[];
  readonly body?: string;
}

export const DOMAIN = "legwork.test";
const id = (): string => randomBytes(6).toString("hex");
const hash = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest("hex");

export const header = (message: SipText, name: string): string =>
  message.headers.find(([key]) => key === name.toLowerCase())?.[1] ?? "";
export const statusOf = (message: SipText): number => Number(/^SIP\/2\.0 (\d{3})/.exec(message.start)?.[1] ?? 0);
export const tagOf = (value: string): string => /;tag=([^;\s]+)/.exec(value)?.[1] ?? "";
const branchOf = (message: SipText): string => /branch=([^;,\s]+)/.exec(header(message, "via"))?.[1] ?? "";
const methodOf = (message: SipText): string => header(message, "cseq").split(/\s+/)[1] ?? "";

/** One SIP endpoint on a socket of its own, over UDP, TCP or a WebSocket, that says what it is told to and nothing else. */
export class SipPeer {
  /** What came and was not taken yet, oldest first. */
  #waiting: SipText[] = [];
  /** What came, so that what is sent again over UDP is not received twice. */
  readonly #known = new Set<string>();
  readonly #wakers = new Set<() => void>();
  #buffer = "";

  private constructor(
    readonly transport: "UDP" | "TCP" | "WS",
    readonly address: string,
    readonly port: number,
    readonly write: (text: string) => void,
    readonly close: () => void,
  ) {}

  static async udp(server: number, address = "127.0.0.1", port = 0): Promise<SipPeer> {
    const socket = dgram.createSocket({ type: "udp4", recvBufferSize: 4_000_000 });
    socket.bind(port, address);
    await once(socket, "listening");
    const write = (text: string): void => void socket.send(text, server, "127.0.0.1");
    const peer = new SipPeer("UDP", address, socket.address().port, write, () => socket.close());
    socket.on("message", (data) => peer.#received(data.toString()));
    return peer;
  }

  static async tcp(server: number, address = "127.0.0.1"): Promise<SipPeer> {
    const socket = net.connect({ port: server, host: "127.0.0.1", localAddress: address });
    await once(socket, "connect");
    const { port } = socket.address() as net.AddressInfo;
    const peer = new SipPeer(
      "TCP",
      address,
      port,
      (text) => void socket.write(text),
      () => socket.destroy(),
    );
    socket.on("data", (data) => peer.#stream(data.toString()));
    return peer;
  }

  /** A browser, as far as SIP goes. */
  static async ws(server: number): Promise<SipPeer> {
    const socket = new WebSocket(`ws://127.0.0.1:${server}`, "sip");
    await once(socket, "open");
    const name = `${id()}.invalid`;
    const peer = new SipPeer(
      "WS",
      name,
      5060,
      (text) => socket.send(text),
      () => socket.terminate(),
    );
    socket.on("message", (data) => peer.#received(String(data)));
    return peer;
  }

  get contact(): string {
    if (this.transport === "WS") return `sip:page@${this.address};transport=ws`;
    return `sip:phone-${this.port}@${this.address}:${this.port}${this.transport === "TCP" ? ";transport=tcp" : ""}`;
  }

  /** Sends a request; returns its branch. */
  send(method: string, user: string, ask: Ask = {}): string {
    const {
      uri = `sip:${DOMAIN}`,
      from = user,
      to = method === "REGISTER" ? user : "",
      callId = id(),
      body = "",
    } = ask;
    const { contact = this.contact, cseq = 1, fromTag = id(), toTag, headers = [] } = ask;
    const branch = `z9hG4bK${id()}`;
    const lines = [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/${this.transport} ${this.address}:${this.port};branch=${branch};rport`,
      "Max-Forwards: 70",
      `From: <sip:${from}@${DOMAIN}>;tag=${fromTag}`,
      `To: <${to ? `sip:${to}@${DOMAIN}` : uri}>${toTag ? `;tag=${toTag}` : ""}`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} ${method}`,
      ...(contact === null ? [] : [contact === "*" ? "Contact: *" : `Contact: <${contact}>`]),
      ...headers,
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    this.write(`${lines.join("\r\n")}\r\n\r\n${body}`);
    return branch;
  }

  /** The final response to a request. */
  async ask(method: string, user: string, ask: Ask = {}): Promise<SipText> {
    const branch = this.send(method, user, ask);
    return this.next((m) => statusOf(m) >= 200 && branchOf(m) === branch, `an answer to ${method}`);
  }

  /** The same by somebody with a password: the challenge is answered. */
  async askAs(method: string, { user, password }: Account, ask: Ask = {}): Promise<SipText> {
    const cseq = ask.cseq ?? 1;
    const same = { ...ask, callId: ask.callId ?? id(), fromTag: ask.fromTag ?? id() };
    const first = await this.ask(method, user, { ...same, cseq });
    if (statusOf(first) !== 401) return first;
    const value = authorization(header(first, "www-authenticate"), { user, password }, method, ask.uri);
    return this.ask(method, user, { ...same, cseq: cseq + 1, headers: [...(ask.headers ?? []), value] });
  }

  /** The next request of this method that came, and was not taken yet. */
  request(method: string, withinMs?: number): Promise<SipText> {
    return this.next((m) => m.start.startsWith(`${method} `), method, withinMs);
  }

  answer(request: SipText, status: string, more: readonly string[] = [], body = ""): void {
    const kept = request.headers.filter(([name]) => ["via", "from", "call-id", "cseq", "record-route"].includes(name));
    const to = header(request, "to");
    const lines = [
      `SIP/2.0 ${status}`,
      ...kept.map(([name, value]) => `${name}: ${value}`),
      `To: ${tagOf(to) ? to : `${to};tag=peer-${this.port}`}`,
      `Contact: <${this.contact}>`,
      ...more,
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    this.write(`${lines.join("\r\n")}\r\n\r\n${body}`);
  }

  /** Waits for a message that was not taken yet. */
  async next(wanted: (m: SipText) => boolean, what: string, withinMs = 20_000): Promise<SipText> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const found = this.#waiting.find(wanted);
      if (found) {
        this.#waiting = this.#waiting.filter((m) => m !== found);
        return found;
      }
      const left = deadline - performance.now();
      if (left <= 0)
        throw new Error(
          `${what} did not come; what came: ${this.#waiting
            .slice(-20)
            .map((m) => m.start)
            .join(" | ")}`,
        );
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          this.#wakers.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, left);
        this.#wakers.add(wake);
      });
    }
  }

  #stream(text: string): void {
    this.#buffer += text;
    for (;;) {
      this.#buffer = this.#buffer.replace(/^(\r\n)+/, "");
      const end = this.#buffer.indexOf("\r\n\r\n");
      const length = Number(/^content-length:\s*(\d+)/im.exec(this.#buffer.slice(0, end))?.[1] ?? 0);
      if (end < 0 || this.#buffer.length < end + 4 + length) return;
      this.#received(this.#buffer.slice(0, end + 4 + length));
      this.#buffer = this.#buffer.slice(end + 4 + length);
    }
  }

  #received(text: string): void {
    const end = text.indexOf("\r\n\r\n");
    if (end < 0) return; // a keep-alive
    const [start = "", ...lines] = text.slice(0, end).split("\r\n");
    const headers = lines.map((line): readonly [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    });
    const message = { start, headers, body: text.slice(end + 4) };
    const key = `${start} ${branchOf(message)} ${methodOf(message)}`;
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.#waiting.push(message);
    for (const wake of [...this.#wakers]) wake();
  }
}

/** The Authorization header for a challenge (RFC 7616, qop=auth), with the algorithm it names. */
export function authorization(
  challenge: string,
  { user, password }: Account,
  method: string,
  uri = `sip:${DOMAIN}`,
  nc = "00000001",
): string {
  const param = (name: string): string => new RegExp(`(?:^|[ ,])${name}="?([^",]*)`).exec(challenge)?.[1] ?? "";
  const [realm, nonce, algorithm, cnonce] = [param("realm"), param("nonce"), param("algorithm"), id()];
  const h = (text: string): string => hash(algorithm === "SHA-256" ? "sha256" : "md5", text);
  const response = h(`${h(`${user}:${realm}:${password}`)}:${nonce}:${nc}:${cnonce}:auth:${h(`${method}:${uri}`)}`);
  return (
    `Authorization: Digest username="${user}", realm="${realm}", nonce="${nonce}", uri="${uri}", ` +
    `response="${response}", algorithm=${algorithm}, qop=auth, nc=${nc}, cnonce="${cnonce}"`
  );
}

/** Audio at an address where nobody listens: these tests are about the signalling. */
export const sdp = (address: string): string =>
  [
    "v=0",
    `o=- 1 1 IN IP4 ${address}`,
    "s=-",
    `c=IN IP4 ${address}`,
    "t=0 0",
    "m=audio 9 RTP/AVP 0",
    "a=rtpmap:0 PCMU/8000",
    "",
  ].join("\r\n");
