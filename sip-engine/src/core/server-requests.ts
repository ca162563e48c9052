import { dialogIdOf, receiveInDialog, uasDialog } from "../dialog/dialog.js";
import { ownResponse } from "../sip/compose.js";
import type { RequestEnvelope } from "../sip/envelope.js";
import { field, headerValue, listValues, serialise } from "../sip/message.js";
import type { SipResponse } from "../sip/message.js";
import { parseNameAddr } from "../sip/name-addr.js";
import { bareHost, parseUri } from "../sip/uri.js";
import { composeAnswer, grantedAddresses, makesDialog, reliability } from "./answers.js";
import type { Context } from "./context.js";
import { Acceptance, DialogRecord } from "./dialogs.js";
import { releaseDialog } from "./dialog-requests.js";
import { appTag, bodyIsTyped } from "./outgoing.js";
import type { App, Flow } from "./ports.js";
import { isReliable } from "./ports.js";
import { ReliableResponses } from "./reliable-responses.js";
import type { SessionTimers } from "./session-timers.js";
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

/** Answers of the engine that apps match by text. */
const UNKNOWN_TRANSACTION = "Response not sent due to unknown transaction";
const ACK_TIMEOUT = 'SIP ;cause=200 ;text="ACK timeout"';

/** Brings requests from the network to apps and their responses back. */
export class ServerRequests {
  readonly #context: Context;
  readonly #requests = new Map<string, ServerRequest>();
  readonly #byTransaction = new Map<ServerTransaction, ServerRequest>();

  readonly #sessions: SessionTimers;

  constructor(context: Context, sessions: SessionTimers) {
    this.#context = context;
    this.#sessions = sessions;
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
    const refusal = this.#sessions.refuse(message);
    if (refusal !== null) {
      transaction.respond(refusal);
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
    context.courier.cdr({ type: "stop", source: "network", reason: "normal-release" }, envelope.message);
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
    one.reliable?.stop();
    if (!one.transaction.respond(response)) one.transaction.abandon();
    // A 2xx still held back behind a reliable response has confirmed the dialog already; it will never go out.
    if (one.record !== null && !one.inDialog) this.#context.dialogs.end(one.record);
    this.#forget(one);
  }

  #forget(one: ServerRequest): void {
    one.timers.clear();
    one.reliable?.stop();
    this.#requests.delete(one.id);
    this.#byTransaction.delete(one.transaction);
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
    if (!invite.open) return;
    if (one === undefined) {
      // Nobody has been asked yet, or the question is still out.
      invite.respond(ownResponse(invite.envelope.message, 487, this.#context.ids.token()));
      return;
    }
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
      if (one.envelope.callId !== envelope.callId || one.envelope.cseq !== Number(rack[2])) continue;
      if (one.reliable?.acknowledge(Number(rack[1])) === true) return true;
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
    const reliable = reliability(one.envelope.message, message);
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

  #compose(one: ServerRequest, message: SipResponse, reliable: boolean): SipResponse {
    if (reliable) one.reliable ??= this.#newReliable(one);
    const response = composeAnswer({
      request: one.envelope.message,
      message,
      flow: one.flow,
      localTag: one.localTag,
      inDialog: one.inDialog,
      rseq: reliable && one.reliable !== null ? one.reliable.nextRseq() : null,
    });
    const { record } = one;
    if (record === null) return response;
    const contact = headerValue(response, "contact");
    if (contact !== undefined) record.dialog = { ...record.dialog, contact };
    if (response.body.startsWith("v=0")) record.localSdp = response.body;
    const { method } = one.envelope.message;
    const refreshes = message.status >= 200 && message.status < 300 && (method === "INVITE" || method === "UPDATE");
    return refreshes ? this.#sessions.answer(record, one.envelope.message, response) : response;
  }

  #send(one: ServerRequest, commandId: string, response: SipResponse, reliable: boolean): void {
    const { method } = one.envelope.message;
    const named = one.inDialog ? method !== "BYE" : method === "INVITE" || method === "SUBSCRIBE";
    const dialogId = named ? (one.record?.dialog.id ?? dialogIdOf(one.envelope.callId, one.envelope.fromTag)) : "";
    this.#context.courier.responseSent(one.app, commandId, one.flow, one.id, dialogId, serialise(response));
    if (one.reliable === null) this.#transmit(one, response);
    else if (reliable) one.reliable.sendReliably(response);
    else one.reliable.sendInTurn(response);
  }

  #transmit(one: ServerRequest, response: SipResponse): void {
    const { status } = response;
    if (status >= 200) one.reliable?.stop();
    one.transaction.respond(response);
    if (status < 200) return;
    const { method } = one.envelope.message;
    if (method === "INVITE" && status < 300) this.#await2xxAck(one, response);
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
    if (accepted) courier.cdr({ type: "start", source: "application", role: "uas" }, response);
    else courier.cdr({ type: "stop", source: "application", reason: "call-rejected" }, response);
  }

  /** Keeps the 2xx going until its ACK comes; without one the call is ended (RFC 3261 13.3.1.4). */
  #await2xxAck(one: ServerRequest, response: SipResponse): void {
    const { record } = one;
    if (record === null) return;
    const { clock, options, transactions } = this.#context;
    const transactionId = one.inDialog ? this.#context.ids.uuid() : one.id;
    const resend = (): void => transactions.transmit(one.flow, serialise(response), () => undefined);
    const abandon = (): void => {
      record.acceptances.delete(one.envelope.cseq);
      releaseDialog(this.#context, record, ACK_TIMEOUT);
    };
    const acceptance = new Acceptance(clock, options.timers, transactionId, resend, abandon);
    record.acceptances.set(one.envelope.cseq, acceptance);
  }

  /** RFC 7118 and 5626 in drachtio's way: a registration over a connection makes that connection the way back. */
  #learnFlow(one: ServerRequest, response: SipResponse): void {
    if (!isReliable(one.flow.transport) || response.status >= 300) return;
    for (const { key, seconds } of grantedAddresses(one.envelope.message, response)) {
      this.#context.flows.put(key, one.flow, seconds);
    }
  }

  #newReliable(one: ServerRequest): ReliableResponses {
    const { clock, options, ids } = this.#context;
    const first = 1 + (Number.parseInt(ids.uuid().slice(0, 7), 16) & 0xfffffff);
    return new ReliableResponses(clock, options.timers, first, {
      send: (response) => this.#transmit(one, response),
      abandon: () => this.#finish(one, ownResponse(one.envelope.message, 503, this.#tag(one))),
    });
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
