import { dialogIdOf, receiveInDialog, uasDialog } from "../dialog/dialog.js";
import { startReliable, stepReliable } from "../dialog/reliable-provisional.js";
import type { ReliableEvent, ReliableState, ReliableTimer } from "../dialog/reliable-provisional.js";
import { ownResponse, responseHeaders } from "../sip/compose.js";
import type { RequestEnvelope } from "../sip/envelope.js";
import { hasToken } from "../sip/headers.js";
import { field, headerValue, headerValues, listValues, serialise } from "../sip/message.js";
import type { HeaderField, SipResponse } from "../sip/message.js";
import { parseNameAddr } from "../sip/name-addr.js";
import { addressOfRecord, bareHost, parseUri } from "../sip/uri.js";
import type { Context } from "./context.js";
import { Acceptance, DialogRecord } from "./dialogs.js";
import { releaseDialog } from "./dialog-requests.js";
import { appHeaders, appTag, bodyIsTyped, defaultContact } from "./outgoing.js";
import type { App, Flow } from "./ports.js";
import { isReliable } from "./ports.js";
import { TimerSet } from "./timer-set.js";
import type { ServerTransaction } from "./transactions.js";

/** A request from the network that an app has to answer. */
export interface ServerRequest {
  readonly id: string;
  readonly app: App;
  readonly transaction: ServerTransaction;
  readonly envelope: RequestEnvelope;
  readonly flow: Flow;
  /** True for a request inside an existing dialog. */
  readonly inDialog: boolean;
  /** The dialog the request came in, or the one its answer makes. */
  record: DialogRecord | null;
  /** Our To tag: fixed by the first response. */
  localTag: string | null;
  readonly timers: TimerSet<"unanswered">;
  reliable: ReliableResponses | null;
}

/** Reliable provisional responses of one INVITE: one on its way at a time, the rest wait (RFC 3262 3). */
interface ReliableResponses {
  readonly timers: TimerSet<ReliableTimer>;
  rseq: number;
  state: ReliableState;
  current: { readonly response: SipResponse; readonly rseq: number } | null;
  readonly waiting: { readonly response: SipResponse; readonly rseq: number | null }[];
}

/** Answers of the engine that apps match by text. */
const UNKNOWN_TRANSACTION = "Response not sent due to unknown transaction";
const ACK_TIMEOUT = 'SIP ;cause=200 ;text="ACK timeout"';

/** Brings requests from the network to apps and their responses back. */
export class ServerRequests {
  readonly #context: Context;
  readonly #requests = new Map<string, ServerRequest>();
  readonly #byTransaction = new Map<ServerTransaction, ServerRequest>();

  constructor(context: Context) {
    this.#context = context;
  }

  get pending(): readonly { id: string; method: string; callId: string }[] {
    return [...this.#requests.values()].map(({ id, envelope }) => ({
      id,
      method: envelope.message.method,
      callId: envelope.callId,
    }));
  }

  /** Gives up a request the app has not answered yet, so that it can be proxied; null when there is none such. */
  release(app: App, id: string): ServerTransaction | null {
    const one = this.#requests.get(id);
    if (one === undefined || one.app !== app || one.inDialog || !one.timers.names.includes("unanswered")) return null;
    this.#forget(one);
    return one.transaction;
  }

  /** Hands a request outside any dialog to an app. */
  offer(app: App, transaction: ServerTransaction): ServerRequest {
    const one = this.#open(app, transaction, null);
    this.#context.courier.newRequest(app, transaction.flow, one.id, serialise(transaction.envelope.message));
    return one;
  }

  /** Hands a request inside a dialog to the dialog's app. */
  offerInDialog(record: DialogRecord, envelope: RequestEnvelope, flow: Flow): void {
    const context = this.#context;
    const transaction = context.transactions.server(envelope, flow);
    const { message } = envelope;
    const next = receiveInDialog(record.dialog, message, envelope.cseq);
    if ("refuse" in next) {
      transaction.respond(ownResponse(message, next.refuse, null, [field("Retry-After", "1")]));
      return;
    }
    record.dialog = next;
    this.#follow(record, envelope, flow);
    if (message.method === "BYE" && record.stage === "early") return this.#earlyBye(record, transaction);
    if (message.method === "BYE") this.#byeReceived(record, envelope);
    if (!record.app.connected) {
      transaction.respond(ownResponse(message, 481, null));
      return;
    }
    if (message.method === "INVITE") transaction.respond(ownResponse(message, 100, null));
    const one = this.#open(record.app, transaction, record);
    context.courier.network(record.app, flow, one.id, record.dialog.id, serialise(message));
  }

  #open(app: App, transaction: ServerTransaction, record: DialogRecord | null): ServerRequest {
    const { envelope, flow } = transaction;
    const one: ServerRequest = {
      id: this.#context.ids.uuid(),
      app,
      transaction,
      envelope,
      flow,
      inDialog: record !== null,
      record,
      localTag: envelope.toTag === "" ? null : envelope.toTag,
      timers: new TimerSet(this.#context.clock, () => this.#unanswered(one)),
      reliable: null,
    };
    // 64·T1 is when the client of a non-INVITE request gives up; an INVITE without a sign of life gets twice that.
    const patience = envelope.message.method === "INVITE" ? 128 : 64;
    one.timers.start("unanswered", patience * this.#context.options.timers.t1);
    this.#requests.set(one.id, one);
    this.#byTransaction.set(transaction, one);
    transaction.onEnd = () => this.#forget(one);
    return one;
  }

  /** In-dialog traffic shows where the peer is now: a new connection, or another address behind a NAT. */
  #follow(record: DialogRecord, envelope: RequestEnvelope, flow: Flow): void {
    if (isReliable(flow.transport)) record.flow = flow;
    else if (record.dialog.role === "uas" && record.stage === "confirmed" && envelope.message.method === "INVITE") {
      record.flow = this.#flowFor(envelope, flow);
    }
  }

  /** RFC 3261 15: a caller may end an early dialog by BYE. To the app it is a CANCEL: it knows no dialog yet. */
  #earlyBye(record: DialogRecord, transaction: ServerTransaction): void {
    const { message } = transaction.envelope;
    transaction.respond(ownResponse(message, 200, null));
    for (const one of [...this.#requests.values()]) {
      if (one.record !== record || one.inDialog) continue;
      this.#finish(one, ownResponse(one.envelope.message, 487, one.localTag));
      const text = serialise({ ...message, method: "CANCEL" });
      if (one.app.connected) this.#context.courier.network(one.app, transaction.flow, one.id, record.dialog.id, text);
    }
    this.#context.dialogs.end(record);
  }

  #byeReceived(record: DialogRecord, envelope: RequestEnvelope): void {
    const context = this.#context;
    context.dialogs.end(record);
    // RFC 3261 15.1.2: requests still pending in the dialog are answered 487.
    for (const one of [...this.#requests.values()]) {
      if (one.record === record) this.#finish(one, ownResponse(one.envelope.message, 487, one.localTag));
    }
    context.courier.cdr({ type: "stop", source: "network", reason: "normal-release" }, serialise(envelope.message));
  }

  #unanswered(one: ServerRequest): void {
    const invite = one.envelope.message.method === "INVITE";
    this.#context.metrics.count("sip_unanswered_total");
    const status = invite && !one.inDialog ? 480 : 500;
    this.#finish(one, ownResponse(one.envelope.message, status, this.#tag(one)));
  }

  #tag(one: ServerRequest): string {
    one.localTag ??= this.#context.ids.token();
    return one.localTag;
  }

  /** Answers a request without its app; what the app says later is refused. */
  #finish(one: ServerRequest, response: SipResponse): void {
    this.#stopReliable(one);
    if (!one.transaction.respond(response)) one.transaction.abandon();
    if (response.status >= 300) this.#endEarly(one);
    this.#forget(one);
  }

  #forget(one: ServerRequest): void {
    one.timers.clear();
    this.#stopReliable(one);
    this.#requests.delete(one.id);
    this.#byTransaction.delete(one.transaction);
    if (one.record?.stage === "early" && !one.inDialog) this.#context.dialogs.end(one.record);
  }

  #endEarly(one: ServerRequest): void {
    if (one.record?.stage === "early" && !one.inDialog) this.#context.dialogs.end(one.record);
  }

  /** The app's connection is gone: nobody will answer any more. */
  appGone(app: App): void {
    for (const one of [...this.#requests.values()]) {
      if (one.app === app) this.#finish(one, ownResponse(one.envelope.message, 503, this.#tag(one)));
    }
  }

  /** CANCEL of an INVITE (RFC 3261 9.2): 200 to the CANCEL, 487 to the INVITE if still open, a frame to the app. */
  cancelReceived(envelope: RequestEnvelope, flow: Flow, invite: ServerTransaction): void {
    const { message } = envelope;
    const one = this.#byTransaction.get(invite);
    const transaction = this.#context.transactions.server(envelope, flow);
    transaction.respond(ownResponse(message, 200, one === undefined ? null : this.#tag(one)));
    if (one === undefined || !invite.open) return;
    const said = !one.timers.names.includes("unanswered");
    this.#finish(one, ownResponse(one.envelope.message, 487, this.#tag(one)));
    if (!one.app.connected) return;
    const text = serialise(message);
    if (said) {
      const dialogId = one.record?.dialog.id ?? dialogIdOf(envelope.callId, envelope.fromTag);
      this.#context.courier.network(one.app, flow, one.id, dialogId, text);
    } else this.#context.courier.quickCancel(one.app, flow, one.id, text);
    this.#context.courier.cdr({ type: "stop", source: "network", reason: "call-canceled" }, text);
  }

  /** ACK to a 2xx (RFC 3261 13.3.1.4): settles the retransmission and goes to the app once. */
  ackReceived(record: DialogRecord, envelope: RequestEnvelope, flow: Flow): boolean {
    const acceptance = record.acceptances.get(envelope.cseq);
    if (acceptance?.waiting !== true) return acceptance !== undefined;
    acceptance.acknowledge();
    record.acceptances.delete(envelope.cseq);
    if (record.app.connected) {
      const text = serialise(envelope.message);
      this.#context.courier.network(record.app, flow, acceptance.transactionId, record.dialog.id, text);
    }
    return true;
  }

  /** PRACK (RFC 3262 3): true when it acknowledges a response of ours. */
  prackReceived(envelope: RequestEnvelope): boolean {
    const rack = /^(\d+)\s+(\d+)\s+\S/.exec(headerValue(envelope.message, "rack") ?? "");
    if (rack === null) return false;
    for (const one of this.#requests.values()) {
      const { reliable } = one;
      if (reliable?.current == null || one.envelope.callId !== envelope.callId) continue;
      if (reliable.current.rseq !== Number(rack[1]) || one.envelope.cseq !== Number(rack[2])) continue;
      this.#feedReliable(one, reliable, { type: "prackReceived" });
      return true;
    }
    return false;
  }

  /** A response of an app's: sent, echoed, or refused with the reason. */
  respond(app: App, commandId: string, transactionId: string, message: SipResponse): void {
    const { courier } = this.#context;
    const one = this.#requests.get(transactionId);
    if (one === undefined || one.app !== app) return courier.fail(app, commandId, UNKNOWN_TRANSACTION);
    if (one.flow.closed) {
      one.transaction.abandon();
      this.#forget(one);
      return courier.fail(app, commandId, "transport for response has been shutdown or closed");
    }
    if (!bodyIsTyped(message)) return courier.fail(app, commandId, "missing content-type");
    const reliable = this.#wantsReliable(one, message);
    if (reliable === "unsupported") return courier.fail(app, commandId, "Remote endpoint does not support 100rel");
    one.localTag ??= appTag(message) ?? this.#context.ids.token();
    const isDialogMaker = !one.inDialog && makesDialog(one.envelope.message.method, message.status);
    const dialogId = dialogIdOf(one.envelope.callId, one.envelope.fromTag);
    if (isDialogMaker && this.#context.dialogs.taken(dialogId, one.record)) {
      this.#finish(one, ownResponse(one.envelope.message, 480, one.localTag));
      return courier.fail(app, commandId, "dialog already exists, rejecting this request");
    }
    one.timers.stop("unanswered");
    this.#enter(one, message.status);
    this.#send(one, commandId, this.#compose(one, message, reliable === "reliable"), reliable === "reliable");
  }

  /** Creates the dialog on a tagged provisional response, confirms it on the response that makes it. */
  #enter(one: ServerRequest, status: number): void {
    const { method } = one.envelope.message;
    if (one.inDialog || status <= 100 || status >= 300) return;
    if (method !== "INVITE" && !makesDialog(method, status)) return;
    if (one.record === null) {
      const dialog = uasDialog(one.envelope.message, one.localTag ?? "", "");
      if (dialog === null) return;
      one.record = new DialogRecord(dialog, one.app, this.#flowFor(one.envelope, one.flow));
      this.#context.dialogs.add(one.record);
    }
    if (makesDialog(method, status)) {
      one.record.stage = "confirmed";
      this.#context.dialogs.add(one.record);
    }
  }

  #wantsReliable(one: ServerRequest, message: SipResponse): "reliable" | "plain" | "unsupported" {
    const { message: request } = one.envelope;
    if (request.method !== "INVITE" || message.status <= 100 || message.status >= 200) return "plain";
    const demanded = hasToken(headerValues(request, "require"), "100rel");
    if (!demanded && !hasToken(headerValues(message, "require"), "100rel")) return "plain";
    return demanded || hasToken(headerValues(request, "supported"), "100rel") ? "reliable" : "unsupported";
  }

  #compose(one: ServerRequest, message: SipResponse, reliable: boolean): SipResponse {
    const { message: request } = one.envelope;
    const { status } = message;
    const headers = responseHeaders(request, status === 100 ? null : one.localTag);
    if (status > 100 && status < 300) {
      headers.push(...request.headers.filter((header) => header.key === "record-route"));
    }
    const own = appHeaders(message, one.flow);
    if (needsContact(one, status, reliable) && !own.some((header) => header.key === "contact")) {
      headers.push(field("Contact", defaultContact(one.flow)));
    }
    headers.push(...own);
    if (reliable) {
      if (!own.some((header) => header.key === "require")) headers.push(field("Require", "100rel"));
      one.reliable ??= this.#newReliable(one);
      headers.push(field("RSeq", String(++one.reliable.rseq)));
    }
    const response: SipResponse = { kind: "response", status, reason: message.reason, headers, body: message.body };
    const contact = response.headers.find((header) => header.key === "contact");
    if (one.record !== null && contact !== undefined)
      one.record.dialog = { ...one.record.dialog, contact: contact.value };
    return response;
  }

  #send(one: ServerRequest, commandId: string, response: SipResponse, reliable: boolean): void {
    const { courier } = this.#context;
    const { method } = one.envelope.message;
    const text = serialise(response);
    const named = one.inDialog ? method !== "BYE" : method === "INVITE" || method === "SUBSCRIBE";
    const dialogId = named ? (one.record?.dialog.id ?? dialogIdOf(one.envelope.callId, one.envelope.fromTag)) : "";
    courier.responseSent(one.app, commandId, one.flow, one.id, dialogId, text);
    if (reliable || (one.reliable !== null && this.#mustWait(one.reliable, response))) {
      this.#queue(one, response, reliable);
      return;
    }
    this.#transmit(one, response);
  }

  #transmit(one: ServerRequest, response: SipResponse): void {
    const { status } = response;
    if (status >= 200 && one.reliable !== null) this.#stopReliable(one);
    one.transaction.respond(response);
    if (status < 200) return;
    const { method } = one.envelope.message;
    if (method === "INVITE" && status < 300) this.#await2xxAck(one, response);
    if (status >= 300) this.#endEarly(one);
    this.#afterFinal(one, response);
    this.#forget(one);
  }

  #afterFinal(one: ServerRequest, response: SipResponse): void {
    const { courier, dialogs } = this.#context;
    const { message } = one.envelope;
    const accepted = response.status < 300;
    if (message.method === "REGISTER" || message.method === "SUBSCRIBE") this.#learnFlow(one, response);
    if (message.method === "NOTIFY" && one.record?.dialog.method === "SUBSCRIBE") {
      if (/terminated/i.test(headerValue(message, "subscription-state") ?? "")) dialogs.end(one.record);
    }
    if (message.method !== "INVITE" || one.inDialog) return;
    const text = serialise(response);
    if (accepted) courier.cdr({ type: "start", source: "application", role: "uas" }, text);
    else courier.cdr({ type: "stop", source: "application", reason: "call-rejected" }, text);
  }

  /** Keeps the 2xx going until its ACK comes; without one the call is ended (RFC 3261 13.3.1.4). */
  #await2xxAck(one: ServerRequest, response: SipResponse): void {
    const { record } = one;
    if (record === null) return;
    const { clock, options, transactions } = this.#context;
    const text = serialise(response);
    const transactionId = one.inDialog ? this.#context.ids.uuid() : one.id;
    const resend = (): void => transactions.transmit(one.flow, text, () => undefined);
    const abandon = (): void => {
      record.acceptances.delete(one.envelope.cseq);
      releaseDialog(this.#context, record, ACK_TIMEOUT);
    };
    const acceptance = new Acceptance(clock, options.timers, transactionId, resend, abandon);
    record.acceptances.set(one.envelope.cseq, acceptance);
  }

  /** RFC 7118 and 5626 in drachtio's way: a registration over a connection makes that connection the way back. */
  #learnFlow(one: ServerRequest, response: SipResponse): void {
    const { message } = one.envelope;
    if (!isReliable(one.flow.transport) || response.status >= 300 || response.status < 200) return;
    for (const contact of listValues(message, "contact")) {
      const uri = parseUri(parseNameAddr(contact)?.uri ?? "");
      const key = uri === null ? null : addressOfRecord(uri);
      if (key === null) continue;
      const granted = expiresOf(response, 0) ?? expiresOf(message, null) ?? 3600;
      const asked = expiresParam(contact);
      // A contact taken back (expires=0) goes, even when the response lists others.
      this.#context.flows.put(key, one.flow, asked === 0 ? 0 : granted);
    }
  }

  #newReliable(one: ServerRequest): ReliableResponses {
    const reliable: ReliableResponses = {
      timers: new TimerSet(this.#context.clock, (timer) => {
        this.#feedReliable(one, reliable, { type: "timerFired", timer });
      }),
      // RFC 3262 3: between 1 and 2^31 - 1, chosen at random.
      rseq: 1 + (Number.parseInt(this.#context.ids.uuid().slice(0, 7), 16) & 0xfffffff),
      state: { phase: "done" },
      current: null,
      waiting: [],
    };
    return reliable;
  }

  /** RFC 3262 3: no 2xx while a reliable response with a body is unacknowledged; what waits keeps its order. */
  #mustWait(reliable: ReliableResponses, response: SipResponse): boolean {
    if (reliable.waiting.length > 0) return response.status < 300;
    if (reliable.current === null || response.status < 200 || response.status >= 300) return false;
    return reliable.current.response.body !== "";
  }

  #queue(one: ServerRequest, response: SipResponse, reliable: boolean): void {
    const queue = one.reliable;
    if (queue === null) return;
    queue.waiting.push({ response, rseq: reliable ? queue.rseq : null });
    if (queue.current === null) this.#nextReliable(one, queue);
  }

  #nextReliable(one: ServerRequest, queue: ReliableResponses): void {
    queue.current = null;
    const next = queue.waiting.shift();
    if (next === undefined) return;
    if (next.rseq === null) {
      this.#transmit(one, next.response);
      if (next.response.status < 200) this.#nextReliable(one, queue);
      return;
    }
    queue.current = { response: next.response, rseq: next.rseq };
    one.transaction.respond(next.response);
    const step = startReliable(this.#context.options.timers);
    queue.state = step.state;
    for (const action of step.actions) {
      if (action.type === "startTimer" || action.type === "stopTimer") queue.timers.run(action);
    }
    // A 2xx may follow a reliable response without a body at once.
    const [waiting] = queue.waiting;
    if (
      waiting !== undefined &&
      !this.#mustWait({ ...queue, waiting: [] }, waiting.response) &&
      waiting.rseq === null
    ) {
      queue.waiting.shift();
      this.#transmit(one, waiting.response);
    }
  }

  #feedReliable(one: ServerRequest, queue: ReliableResponses, event: ReliableEvent): void {
    const step = stepReliable(queue.state, event);
    queue.state = step.state;
    for (const action of step.actions) {
      if (action.type === "resend") {
        if (queue.current !== null) one.transaction.respond(queue.current.response);
      } else if (action.type === "acknowledged") this.#nextReliable(one, queue);
      else if (action.type === "abandon") this.#finish(one, ownResponse(one.envelope.message, 503, this.#tag(one)));
      else queue.timers.run(action);
    }
  }

  #stopReliable(one: ServerRequest): void {
    if (one.reliable === null) return;
    one.reliable.timers.clear();
    one.reliable.current = null;
    one.reliable.waiting.length = 0;
  }

  /** Connection of a dialog a peer opened; over UDP the source when NAT makes the Contact useless (drachtio's rule). */
  #flowFor(envelope: RequestEnvelope, flow: Flow): Flow | null {
    if (isReliable(flow.transport)) return flow;
    if (!this.#context.options.natDetection || headerValue(envelope.message, "record-route") !== undefined) return null;
    const contact = parseUri(parseNameAddr(listValues(envelope.message, "contact")[0] ?? "")?.uri ?? "");
    if (contact === null) return flow;
    const same = bareHost(contact.host) === flow.remote.host && (contact.port ?? 5060) === flow.remote.port;
    return same ? null : flow;
  }
}

function makesDialog(method: string, status: number): boolean {
  if (method === "INVITE") return status >= 200 && status < 300;
  return method === "SUBSCRIBE" && (status === 200 || status === 202);
}

function needsContact(one: ServerRequest, status: number, reliable: boolean): boolean {
  const { method } = one.envelope.message;
  if (method === "SUBSCRIBE") return true;
  if (method !== "INVITE") return false;
  return one.inDialog ? status > 100 : reliable || (status >= 200 && status < 300);
}

function expiresParam(contact: string): number | null {
  const match = /;\s*expires\s*=\s*(\d{1,9})/i.exec(contact);
  return match === null ? null : Number(match[1]);
}

function expiresOf(message: { readonly headers: readonly HeaderField[] }, index: number | null): number | null {
  const contacts = listValues(message, "contact");
  const param = index === null ? null : expiresParam(contacts[index] ?? "");
  if (param !== null) return param;
  const header = headerValue(message, "expires");
  return header !== undefined && /^\d{1,9}$/.test(header) ? Number(header) : null;
}
