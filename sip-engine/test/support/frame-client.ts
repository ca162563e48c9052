import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { Inbox } from "./inbox.js";
import { Sip, SDP } from "./sip.js";

/** A frame from the engine: tokens of its meta line and the SIP message after it. */
export interface Frame {
  readonly tokens: readonly string[];
  readonly sip: Sip;
}

export interface AppMessage {
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** Content-Type that goes with `SDP`. */
export const WITH_SDP: AppMessage = { headers: ["Content-Type: application/sdp"], body: SDP };

/** An app that writes frames by hand, as the protocol says and no library does it for it. */
export class FrameClient {
  readonly inbox = new Inbox<Frame>("app", ({ tokens, sip }) =>
    tokens[1] === "sip" ? sip.what : tokens.slice(1).join("|"),
  );
  readonly closed: Promise<unknown>;
  #rest = Buffer.alloc(0);

  constructor(readonly socket: Socket) {
    this.closed = once(socket, "close");
    socket.on("data", (chunk: Buffer) => this.#cut(chunk));
    socket.on("error", () => undefined);
  }

  static async connect(port: number): Promise<FrameClient> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    return new FrameClient(socket);
  }

  #cut(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const hash = this.#rest.indexOf("#");
      if (hash < 0) return;
      const length = this.#rest.subarray(0, hash).toString();
      if (!/^\d+$/.test(length)) throw new Error(`frame length ${JSON.stringify(length)}`);
      const end = hash + 1 + Number(length);
      if (this.#rest.length < end) return;
      const payload = this.#rest.subarray(hash + 1, end).toString("utf8");
      this.#rest = this.#rest.subarray(end);
      const line = payload.indexOf("\r\n");
      const tokens = (line < 0 ? payload : payload.slice(0, line)).split("|");
      this.inbox.add({ tokens, sip: new Sip(line < 0 ? "" : payload.slice(line + 2)) });
    }
  }

  write(payload: string): void {
    this.socket.write(`${Buffer.byteLength(payload)}#${payload}`);
  }

  /** Sends a frame, `meta` being what follows the message id, and waits for its answer. */
  async ask(meta: string, sip?: string): Promise<Frame> {
    const id = randomUUID();
    this.write(`${id}|${meta}${sip === undefined ? "" : `\r\n${sip}`}`);
    return this.answer(id);
  }

  answer(id: string): Promise<Frame> {
    return this.inbox.next(({ tokens }) => tokens[1] === "response" && tokens[2] === id, `answer to ${id}`);
  }

  /** Waits for a `sip` frame: `INVITE`, `200 INVITE`, … */
  next(what: string): Promise<Frame> {
    return this.inbox.next(({ tokens, sip }) => tokens[1] === "sip" && sip.what === what, what);
  }

  /** Waits for a `cdr:…` frame. */
  nextCdr(type: "attempt" | "start" | "stop"): Promise<Frame> {
    return this.inbox.next(({ tokens }) => tokens[1] === `cdr:${type}`, `cdr:${type}`);
  }

  async authenticate(secret = "s3cret", tags = ""): Promise<Frame> {
    return this.ask(`authenticate|${secret}|${tags}`);
  }

  async route(...verbs: string[]): Promise<void> {
    for (const verb of verbs) await this.ask(`route|${verb}`);
  }

  /** Answers a request of the network. */
  respond(transactionId: string, line: string, message: AppMessage = {}): Promise<Frame> {
    return this.ask(`sip|${transactionId}|`, text(`SIP/2.0 ${line}`, message));
  }

  /** Sends a request outside any dialog. */
  request(line: string, message: AppMessage = {}, nextHop?: string): Promise<Frame> {
    return this.ask(`sip||${nextHop === undefined ? "" : `|${nextHop}`}`, text(`${line} SIP/2.0`, message));
  }

  /** Sends a request inside a dialog, the way drachtio-srf addresses it. */
  inDialog(dialogId: string, method: string, message: AppMessage = {}): Promise<Frame> {
    return this.ask(`sip||${dialogId}`, text(`${method} sip:placeholder SIP/2.0`, message));
  }

  /** Cancels an INVITE it sent. */
  cancel(transactionId: string, message: AppMessage = {}): Promise<Frame> {
    return this.ask(`sip|${transactionId}|`, text("CANCEL sip:placeholder SIP/2.0", message));
  }

  /** Returns when everything the engine had sent this app before has arrived. */
  async fence(): Promise<void> {
    await this.ask("ping");
  }

  close(): void {
    this.socket.destroy();
  }
}

function text(startLine: string, { headers = [], body = "" }: AppMessage): string {
  return [startLine, ...headers, "", body].join("\r\n");
}

/** `OK`, or what was wrong. */
export function verdict({ tokens }: Frame): string {
  return tokens[3] === "OK" ? "OK" : tokens.slice(3).join("|");
}
