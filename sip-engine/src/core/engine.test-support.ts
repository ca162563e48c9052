import { decodeCommand } from "../protocol/command.js";
import { headerValue } from "../sip/message.js";
import type { SipMessage } from "../sip/message.js";
import { parseMessage } from "../sip/parse-message.js";
import { DEFAULT_TIMERS } from "../transaction/machine.js";
import { rfcBehaviour } from "./behaviours.js";
import type { EngineOptions } from "./context.js";
import { Engine } from "./engine.js";
import type { Address, Alarm, App, Clock, Flow, Ids, ReachFailure, Target, Transport, Transports } from "./ports.js";

/** A clock turned by hand. */
export class FakeClock implements Clock {
  #now = Date.UTC(2026, 0, 1);
  readonly #alarms: { at: number; fire: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  schedule(ms: number, fire: () => void): Alarm {
    const alarm = { at: this.#now + ms, fire };
    this.#alarms.push(alarm);
    return {
      cancel: () => {
        const index = this.#alarms.indexOf(alarm);
        if (index >= 0) this.#alarms.splice(index, 1);
      },
    };
  }

  /** Lets time pass, firing what is due in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = [...this.#alarms].sort((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      this.#alarms.splice(this.#alarms.indexOf(next), 1);
      this.#now = next.at;
      next.fire();
    }
    this.#now = end;
  }
}

/** A peer's end of a flow: keeps what the engine sent. */
export class FakeFlow implements Flow {
  readonly transport: Transport;
  readonly remote: Address;
  readonly advertised: Address;
  readonly local: Address;
  closed = false;
  readonly sent: SipMessage[] = [];

  constructor(transport: Transport, remote: Address) {
    this.transport = transport;
    this.remote = remote;
    this.advertised = { host: "10.0.0.1", port: transport === "ws" ? 8061 : 5060 };
    this.local = this.advertised;
  }

  send(octets: string): void {
    const parsed = parseMessage(octets);
    if (!parsed.ok) throw new Error(`the engine sent a broken message: ${parsed.problem}`);
    this.sent.push(parsed.message);
  }

  /** Start lines of what was sent, and forgets them. */
  take(): string[] {
    return this.sent.splice(0).map(startLine);
  }

  last(): SipMessage {
    const message = this.sent.at(-1);
    if (message === undefined) throw new Error("nothing sent");
    return message;
  }
}

export function startLine(message: SipMessage): string {
  return message.kind === "request" ? message.method : `${message.status} ${cseqMethod(message)}`;
}

function cseqMethod(message: SipMessage): string {
  return (headerValue(message, "cseq") ?? "").split(" ")[1] ?? "";
}

class FakeTransports implements Transports {
  readonly preferred = "udp";
  readonly flows = new Map<string, FakeFlow>();
  /** Ends the wait for the address of slow.example, once asked for. */
  resolve: () => void = () => undefined;

  get nowhere(): Flow {
    const flow = new FakeFlow("udp", { host: "0.0.0.0", port: 0 });
    flow.closed = true;
    return flow;
  }

  isOurs(host: string, port: number): boolean {
    return host === "10.0.0.1" && port === 5060;
  }

  /** slow.example is 10.0.0.3, when resolved; pair.example is 10.0.0.31 and 10.0.0.32. */
  reach(target: Target, failed: readonly Flow[] = []): Flow | ReachFailure | Promise<Flow | ReachFailure> {
    if (target.host === "nowhere.example") return "dns";
    if (target.host === "slow.example") {
      return new Promise((resolve) => (this.resolve = () => resolve(this.flow("udp", "10.0.0.3", 5060))));
    }
    if (target.host === "pair.example") {
      const host = ["10.0.0.31", "10.0.0.32"].find((one) => !failed.some(({ remote }) => remote.host === one));
      return host === undefined ? "no-connection" : this.flow("udp", host, 5060);
    }
    if (failed.some(({ remote }) => remote.host === target.host)) return "no-connection";
    if (target.transport === "ws") return "no-connection";
    return this.flow(target.transport, target.host, target.port);
  }

  connectionFor(): null {
    return null;
  }

  flow(transport: Transport, host: string, port: number): FakeFlow {
    const key = `${transport} ${host} ${port}`;
    const known = this.flows.get(key);
    const flow = known === undefined || known.closed ? new FakeFlow(transport, { host, port }) : known;
    this.flows.set(key, flow);
    return flow;
  }
}

/** A frame as an app sees it: tokens of the first line and the SIP message. */
export interface Frame {
  readonly tokens: readonly string[];
  readonly sip: string;
  readonly message: SipMessage | null;
}

/** An app that speaks frames. */
export class FakeApp implements App {
  connected = true;
  readonly frames: Frame[] = [];
  #count = 0;

  constructor(
    readonly id: string,
    private readonly engine: Engine,
  ) {}

  send(payload: string): void {
    const end = payload.indexOf("\r\n");
    const sip = end < 0 ? "" : payload.slice(end + 2);
    const tokens = (end < 0 ? payload : payload.slice(0, end)).split("|");
    const parsed = sip === "" ? null : parseMessage(sip);
    this.frames.push({ tokens, sip, message: parsed?.ok === true ? parsed.message : null });
  }

  close(): void {
    this.connected = false;
    this.engine.appGone(this);
  }

  /** Sends a command and returns its answer. */
  order(type: string, ...lines: string[]): Frame {
    const id = `${this.id}-${++this.#count}`;
    const [meta = "", ...sip] = lines;
    const tail = sip.length === 0 ? "" : `\r\n${sip.join("\r\n")}\r\n\r\n`;
    const command = decodeCommand(`${id}|${type}${meta}${tail}`);
    if (command.type === "invalid" || command.type === "authenticate") throw new Error("no such command");
    this.engine.command(this, command);
    const answer = this.frames.find(({ tokens }) => tokens[1] === "response" && tokens[2] === id);
    if (answer === undefined) throw new Error("no answer");
    return answer;
  }

  /** Answers a request. */
  respond(transactionId: string, line: string, ...headers: string[]): Frame {
    return this.order("sip", `|${transactionId}|`, `SIP/2.0 ${line}`, ...headers);
  }

  /** `sip` frames not yet taken: start line of each. */
  take(): string[] {
    const all = this.frames.splice(0);
    return all.flatMap(({ tokens, message }) => (tokens[1] === "sip" && message !== null ? [startLine(message)] : []));
  }

  /** The last `sip` frame. */
  lastSip(): Frame {
    const frame = this.frames.filter(({ tokens }) => tokens[1] === "sip").at(-1);
    if (frame === undefined) throw new Error("no sip frame");
    return frame;
  }
}

/** An engine with hand-turned clock, fake peers and fake apps. */
export class Rig {
  readonly clock = new FakeClock();
  readonly transports = new FakeTransports();
  readonly engine: Engine;
  readonly #answered = new Map<string, SipMessage>();
  #apps = 0;

  constructor(options: Partial<EngineOptions> = {}) {
    let count = 0;
    const ids: Ids = { uuid: () => `uuid-${++count}`, token: () => `token${++count}` };
    const defaults: EngineOptions = {
      behaviour: rfcBehaviour,
      timers: DEFAULT_TIMERS,
      natDetection: true,
      orphanedCalls: "keep",
      cdr: true,
      defaultRefresher: "none",
      minSe: 90,
      preservedHeaders: new Set(),
      outboundProxy: null,
    };
    this.engine = new Engine({ ...defaults, ...options }, this.clock, ids, this.transports);
  }

  app(...verbs: string[]): FakeApp {
    const app = new FakeApp(`app${++this.#apps}`, this.engine);
    this.engine.appConnected(app, []);
    for (const verb of verbs) app.order("route", `|${verb}`);
    app.frames.length = 0;
    return app;
  }

  /** A peer at 10.0.0.<n>:5060. */
  peer(n: number, transport: Transport = "udp"): FakeFlow {
    return this.transports.flow(transport, `10.0.0.${n}`, 5060);
  }

  receive(flow: FakeFlow, ...lines: string[]): void {
    this.engine.received(`${lines.join("\r\n")}\r\n\r\n`, flow);
  }

  /** Receives a request in the name of the peer, with the headers every request has. */
  request(flow: FakeFlow, method: string, parts: RequestParts = {}): void {
    const { host, port } = flow.remote;
    this.receive(
      flow,
      `${method} ${parts.uri ?? "sip:service@10.0.0.1:5060"} SIP/2.0`,
      `Via: SIP/2.0/${flow.transport.toUpperCase()} ${host}:${port};branch=z9hG4bK${parts.branch ?? `${method}${parts.cseq ?? 1}`}`,
      `From: <sip:peer@${host}>;tag=${parts.fromTag ?? "peertag"}`,
      `To: <sip:service@10.0.0.1>${parts.toTag === undefined ? "" : `;tag=${parts.toTag}`}`,
      `Call-ID: ${parts.callId ?? "call1"}`,
      `CSeq: ${parts.cseq ?? 1} ${method}`,
      ...(parts.headers ?? [`Contact: <sip:peer@${host}:${port}>`]),
    );
  }

  /** Answers the last request of that method that went to the peer. */
  answer(flow: FakeFlow, method: string, status: number, toTag: string | null, ...headers: string[]): void {
    const request = flow.sent.filter((one) => one.kind === "request" && one.method === method).at(-1);
    const answered = request ?? this.#answered.get(`${flow.remote.host} ${method}`);
    if (answered === undefined) throw new Error(`no ${method} sent`);
    this.#answered.set(`${flow.remote.host} ${method}`, answered);
    this.answerTo(flow, answered, status, toTag, ...headers);
  }

  /** Answers this very request, from wherever. */
  answerTo(flow: FakeFlow, request: SipMessage, status: number, toTag: string | null, ...headers: string[]): void {
    const copied = request.headers.filter(({ key }) => ["via", "from", "call-id", "cseq"].includes(key));
    const to = headerValue(request, "to") ?? "";
    this.receive(
      flow,
      `SIP/2.0 ${status} Whatever`,
      ...copied.map(({ name, value }) => `${name}: ${value}`),
      `To: ${to}${toTag === null || to.includes("tag=") ? "" : `;tag=${toTag}`}`,
      ...headers,
    );
  }

  /** How many things of each kind are alive. */
  counts(): Record<string, number> {
    return this.engine.dump()["counts"] as Record<string, number>;
  }

  /** What is alive at all: empty when nothing is left. */
  leftovers(): Record<string, number> {
    return Object.fromEntries(Object.entries(this.counts()).filter(([, count]) => count !== 0));
  }
}

export interface RequestParts {
  readonly uri?: string;
  readonly branch?: string;
  readonly fromTag?: string;
  readonly toTag?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly headers?: readonly string[];
}

export function tagOf(message: SipMessage, key: "from" | "to"): string {
  return /tag=([^;]+)/.exec(headerValue(message, key) ?? "")?.[1] ?? "";
}
