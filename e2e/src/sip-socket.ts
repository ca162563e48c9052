import dgram from "node:dgram";
import { EventEmitter, once } from "node:events";
import type { AddressInfo } from "node:net";
import { formatSip, header, methodOf, parseSip, type SipText, statusOf } from "./sip-text.js";

const T1_MS = 500; // RFC 3261 17.1.1.1
const MAX_SENDS = 7; // 64 * T1 of doubling

type Response = (response: SipText) => void;

/**
 * SIP over one UDP socket: requests are repeated until something answers, repeated requests get the same answer
 * again, and each message reaches the call that it belongs to by its Call-ID. Emits "invite" for a new call.
 */
export class SipSocket extends EventEmitter<{ invite: [request: SipText] }> {
  readonly #socket: dgram.Socket;
  readonly #waiting = new Map<string, { onResponse: Response; timer: NodeJS.Timeout | undefined }>();
  readonly #calls = new Map<string, (request: SipText) => void>();
  readonly #answers = new Map<string, string>();
  /** Every message in and out, for a failing test's output. */
  readonly trace: string[] = [];

  private constructor(socket: dgram.Socket) {
    super();
    this.#socket = socket;
    socket.on("message", (data, { address, port }) => this.#received(data.toString("utf8"), address, port));
    socket.on("error", () => undefined); // an ICMP "port unreachable": the transaction times out by itself
  }

  static async open(address: string, port = 0): Promise<SipSocket> {
    const socket = dgram.createSocket("udp4");
    socket.bind(port, address);
    await once(socket, "listening");
    return new SipSocket(socket);
  }

  get address(): string {
    return this.#socket.address().address;
  }

  get port(): number {
    return (this.#socket.address() as AddressInfo).port;
  }

  /** Sends a request (an ACK without waiting) and reports its responses, provisional ones too. */
  request(request: SipText, to: { host: string; port: number }, onResponse?: Response): void {
    const text = formatSip(request);
    this.#send(text, to.host, to.port);
    if (!onResponse) return;
    const key = transactionOf(request);
    const repeat = (sends: number): NodeJS.Timeout =>
      setTimeout(
        () => {
          const waiting = this.#waiting.get(key);
          if (!waiting || sends >= MAX_SENDS) return;
          this.#send(text, to.host, to.port);
          waiting.timer = repeat(sends + 1);
        },
        T1_MS * 2 ** (sends - 1),
      );
    this.#waiting.set(key, { onResponse, timer: repeat(1) });
  }

  /** Answers a request, back along its Via (RFC 3261 18.2.2). */
  respond(request: SipText, response: SipText): void {
    const [, host = "", port] = /\s([^\s;:]+)(?::(\d+))?/.exec(header(request, "via")) ?? [];
    const text = formatSip(response);
    this.#answers.set(transactionOf(request), text);
    this.#send(text, host, Number(port ?? 5060));
  }

  /** Hands requests of this Call-ID to a call, until `forget`. */
  listen(callId: string, handle: (request: SipText) => void): void {
    this.#calls.set(callId, handle);
  }

  forget(callId: string): void {
    this.#calls.delete(callId);
  }

  close(): void {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
    this.#socket.close();
  }

  #send(text: string, host: string, port: number): void {
    this.trace.push(`> ${host}:${port}\n${text}`);
    this.#socket.send(text, port, host);
  }

  #received(text: string, address: string, port: number): void {
    const message = parseSip(text);
    if (!message) return;
    this.trace.push(`< ${address}:${port}\n${text}`);
    if (methodOf(message) === "") this.#response(message);
    else this.#request(message, address, port);
  }

  #response(response: SipText): void {
    const waiting = this.#waiting.get(transactionOf(response));
    if (!waiting) return;
    clearTimeout(waiting.timer);
    waiting.onResponse(response);
  }

  #request(request: SipText, address: string, port: number): void {
    const before = this.#answers.get(transactionOf(request));
    if (before !== undefined && methodOf(request) !== "ACK") return this.#send(before, address, port);
    const call = this.#calls.get(header(request, "call-id"));
    if (call) call(request);
    else if (methodOf(request) === "INVITE") this.emit("invite", request);
    else if (methodOf(request) === "OPTIONS") this.respond(request, reply(request, 200, "OK"));
    else if (methodOf(request) !== "ACK") this.respond(request, reply(request, 481, "Call/Transaction Does Not Exist"));
  }
}

// A CANCEL has its INVITE's branch and a transaction of its own (RFC 3261 17.2.3).
const transactionOf = (message: SipText): string =>
  `${/branch=([^;,\s]+)/i.exec(header(message, "via"))?.[1]} ${header(message, "cseq").split(/\s+/)[1]}`;

/** The bare response to a request. */
export function reply(
  request: SipText,
  status: number,
  reason: string,
  extra: SipText["headers"] = [],
  body = "",
): SipText {
  const kept = request.headers.filter(([name]) =>
    ["via", "from", "to", "call-id", "cseq", "record-route"].includes(name),
  );
  return { start: `SIP/2.0 ${status} ${reason}`, headers: [...kept, ...extra], body };
}

/** Whether a response ends its transaction. */
export const isFinal = (response: SipText): boolean => statusOf(response) >= 200;
