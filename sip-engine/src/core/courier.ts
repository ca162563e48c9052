import * as notice from "../protocol/notice.js";
import type { CdrEvent, Trace } from "../protocol/notice.js";
import { serialise } from "../sip/message.js";
import type { SipMessage } from "../sip/message.js";
import type { AppRegistry } from "./app-registry.js";
import type { Address, App, Clock, Flow, Ids } from "./ports.js";

/** Tells apps what happened, in drachtio's frames. Text goes out exactly as given. */
export class Courier {
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #apps: AppRegistry;
  readonly #cdr: boolean;
  /** The current second as apps read it. */
  #second = { at: 0, text: "00:00:00" };

  constructor(clock: Clock, ids: Ids, apps: AppRegistry, cdr: boolean) {
    this.#clock = clock;
    this.#ids = ids;
    this.#apps = apps;
    this.#cdr = cdr;
  }

  ok(app: App, id: string, ...tokens: readonly string[]): void {
    app.send(notice.okAnswer(id, this.#ids.uuid(), ...tokens));
  }

  fail(app: App, id: string, reason: string): void {
    app.send(notice.failureAnswer(id, this.#ids.uuid(), reason));
  }

  requestSent(app: App, id: string, flow: Flow, transactionId: string, sip: string): void {
    // The real server names the local address on UDP and the peer's on connections.
    const at = flow.transport === "udp" ? flow.advertised : flow.remote;
    const trace = this.#trace(sip.length, protocolName(flow), at);
    app.send(notice.requestSent(id, this.#ids.uuid(), trace, transactionId, sip));
  }

  /** Echo of a request that never left because its next hop could not be resolved. */
  requestUnsent(app: App, id: string, transactionId: string, sip: string): void {
    const trace = this.#trace(sip.length, "unknown", NOWHERE);
    app.send(notice.requestSent(id, this.#ids.uuid(), trace, transactionId, sip));
  }

  responseSent(app: App, id: string, flow: Flow, transactionId: string, dialogId: string, sip: string): void {
    const trace = this.#trace(sip.length, protocolName(flow), flow.remote);
    app.send(notice.responseSent(id, this.#ids.uuid(), trace, transactionId, dialogId, sip));
  }

  newRequest(app: App, flow: Flow, transactionId: string, sip: string): void {
    app.send(notice.newRequest(this.#ids.uuid(), this.#received(flow, sip), transactionId, flow.local, sip));
  }

  /** CANCEL for a request the app has not answered at all. */
  quickCancel(app: App, flow: Flow, transactionId: string, sip: string): void {
    app.send(notice.newRequest(this.#ids.uuid(), this.#received(flow, sip), transactionId, null, sip));
  }

  network(app: App, flow: Flow, transactionId: string, dialogId: string, sip: string): void {
    app.send(notice.networkMessage(this.#ids.uuid(), this.#received(flow, sip), transactionId, dialogId, sip));
  }

  /** A response made up locally (408, 503, 410, …). */
  local(app: App, transactionId: string, dialogId: string, sip: string): void {
    const trace = this.#trace(0, "udp", NOWHERE);
    app.send(notice.networkMessage(this.#ids.uuid(), trace, transactionId, dialogId, sip));
  }

  unsolicited(app: App, flow: Flow, dialogId: string, sip: string): void {
    const trace = this.#trace(sip.length, protocolName(flow), flow.advertised);
    app.send(notice.unsolicitedRequest(this.#ids.uuid(), trace, dialogId, sip));
  }

  progress(app: App, id: string, flow: Flow, sip: string): void {
    app.send(notice.proxyProgress(id, this.#ids.uuid(), this.#received(flow, sip), sip));
  }

  /** A call detail record, to one of the apps that asked for its kind; a message is written out only for such an app. */
  cdr(event: CdrEvent, sip: string | SipMessage): void {
    const app = this.#cdr ? this.#apps.pick(`cdr:${event.type}`) : null;
    if (app === null) return;
    const text = typeof sip === "string" ? sip : serialise(sip);
    app.send(notice.cdrNotice(this.#ids.uuid(), event, this.#time(), text));
  }

  #received(flow: Flow, sip: string): Trace {
    return this.#trace(sip.length, protocolName(flow), flow.remote);
  }

  #trace(bytes: number, protocol: string, at: Address): Trace {
    return { bytes, protocol, address: at.host, port: at.port, time: this.#time() };
  }

  #time(): string {
    const now = this.#clock.now();
    const ms = now % 1000;
    const second = now - ms;
    if (second !== this.#second.at) this.#second = { at: second, text: new Date(second).toISOString().slice(11, 19) };
    return `${this.#second.text}.${String(ms).padStart(3, "0")}000`;
  }
}

const NOWHERE: Address = { host: "", port: 0 };

/** Apps are told `tcp` of WebSocket connections, as drachtio-server tells them, secure ones included. */
function protocolName({ transport }: Flow): string {
  return transport === "ws" || transport === "wss" ? "tcp" : transport;
}
