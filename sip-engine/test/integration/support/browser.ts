import { once } from "node:events";
import { WebSocket } from "ws";
import { headerValue } from "../../../src/sip/message.js";
import type { SipMessage, SipRequest } from "../../../src/sip/message.js";
import { parseMessage } from "../../../src/sip/parse-message.js";
import { until } from "./engine.js";

/** A browser as the engine sees it: a WebSocket with subprotocol sip and a Contact nobody can resolve. */
export class Browser {
  readonly received: SipMessage[] = [];
  readonly texts: string[] = [];
  #branches = 0;

  private constructor(
    readonly socket: WebSocket,
    readonly user: string,
  ) {
    socket.on("message", (data) => {
      const text = (data as Buffer).toString("latin1");
      this.texts.push(text);
      const parsed = parseMessage(text);
      if (parsed.ok) this.received.push(parsed.message);
    });
  }

  static async open(port: number, user: string, path = "/anything"): Promise<Browser> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, "sip", { headers: { Host: "page.example" } });
    await once(socket, "open");
    return new Browser(socket, user);
  }

  get contact(): string {
    return `<sip:${this.user}@nobody.invalid;transport=ws>`;
  }

  send(...lines: string[]): void {
    this.socket.send(`${lines.join("\r\n")}\r\n\r\n`);
  }

  request(method: string, callId: string, cseq: number, ...more: string[]): void {
    const branch = `z9hG4bK${this.user}${++this.#branches}`;
    const to = more.find((line) => line.startsWith("To: ")) ?? "To: <sip:service@engine.invalid>";
    this.send(
      `${method} sip:service@engine.invalid SIP/2.0`,
      `Via: SIP/2.0/WS nobody.invalid;branch=${branch}`,
      `From: <sip:${this.user}@engine.invalid>;tag=${this.user}tag`,
      to,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: ${this.contact}${method === "REGISTER" ? ";expires=600" : ""}`,
      ...more.filter((line) => line !== to),
    );
  }

  answer(request: SipRequest, line: string, ...more: string[]): void {
    const copied = request.headers.filter(({ key }) => ["via", "from", "call-id", "cseq"].includes(key));
    const to = headerValue(request, "to") ?? "";
    this.send(
      `SIP/2.0 ${line}`,
      ...copied.map(({ name, value }) => `${name}: ${value}`),
      `To: ${to}${to.includes("tag=") ? "" : `;tag=${this.user}answer`}`,
      `Contact: ${this.contact}`,
      ...more,
    );
  }

  /** Waits for a request of that method and takes it. */
  async nextRequest(method: string): Promise<SipRequest> {
    const fits = (one: SipMessage): boolean => one.kind === "request" && one.method === method;
    await until(() => this.received.some(fits), `${this.user}: no ${method}`);
    return this.received.splice(this.received.findIndex(fits), 1)[0] as SipRequest;
  }

  /** Waits for a response with that status and takes it. */
  async nextResponse(status: number): Promise<SipMessage> {
    const fits = (one: SipMessage): boolean => one.kind === "response" && one.status === status;
    await until(() => this.received.some(fits), `${this.user}: no ${status}`);
    return this.received.splice(this.received.findIndex(fits), 1)[0] as SipMessage;
  }
}
