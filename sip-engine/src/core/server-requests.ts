import { dialogIdOf, receiveInDialog } from "../dialog/dialog.js";
import { ownResponse } from "../sip/compose.js";
import type { RequestEnvelope } from "../sip/envelope.js";
import { field, headerValue, serialise } from "../sip/message.js";
import type { SipRequest, SipResponse } from "../sip/message.js";
import { recordCancel, recordRefusal } from "./call-records.js";
import type { Context } from "./context.js";
import { callerPath } from "./dialog-path.js";
import type { DialogRecord } from "./dialogs.js";
import { EarlyUpdates } from "./early-updates.js";
import type { App, Flow } from "./ports.js";
import { isReliable } from "./ports.js";
import { isUntouched } from "./server-request.js";
import type { ServerRequest } from "./server-request.js";
import type { SessionTimers } from "./session-timers.js";
import { TimerSet } from "./timer-set.js";
import type { ServerTransaction } from "./server-transaction.js";

/** Brings requests from the network to apps and keeps them until they are answered. */
export class ServerRequests {
  readonly updates: EarlyUpdates;
  readonly #context: Context;
  readonly #sessions: SessionTimers;
  readonly #requests = new Map<string, ServerRequest>();
  readonly #byTransaction = new Map<ServerTransaction, ServerRequest>();

  constructor(context: Context, sessions: SessionTimers) {
    this.#context = context;
    this.#sessions = sessions;
    this.updates = new EarlyUpdates(context);
  }

  get pending(): readonly { id: string; method: string; callId: string }[] {
    return [...this.#requests.values()].map(({ id, envelope }) => ({
      id,
      method: envelope.message.method,
      callId: envelope.callId,
    }));
  }

  /** The open request an app knows by this id. */
  find(app: App, id: string): ServerRequest | null {
    const one = this.#requests.get(id);
    return one === undefined || one.app !== app ? null : one;
  }

  /** Gives up a request the app has not answered yet, so that it can be proxied; null when there is none such. */
  release(app: App, id: string): ServerTransaction | null {
    const one = this.find(app, id);
    if (one === null || one.inDialog || !isUntouched(one)) return null;
    this.forget(one);
    return one.transaction;
  }

  /** True while the app of this transaction has given no response at all. */
  isUntouched(transaction: ServerTransaction): boolean {
    const one = this.#byTransaction.get(transaction);
    return one !== undefined && isUntouched(one);
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
    const next = receiveInDialog(record.dialog, message, envelope.cseq, context.options.behaviour);
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
    if (endsSubscription(record, message) && context.options.behaviour.lastNotify === "refused") {
      return this.#refuseLastNotify(record, transaction);
    }
    if (message.method === "INVITE") transaction.respond(ownResponse(message, 100, null));
    const one = this.#open(record.app, transaction, record);
    context.courier.network(record.app, flow, one.id, record.dialog.id, serialise(message));
  }

  /** An UPDATE of a caller whose INVITE the app has not answered; false when there is no such INVITE. */
  offerEarlyUpdate(record: DialogRecord, envelope: RequestEnvelope, flow: Flow): boolean {
    const invite = this.#invitesOf(record)[0];
    if (invite?.app.connected !== true) return false;
    this.updates.offer(invite, envelope, flow);
    return true;
  }

  #open(app: App, transaction: ServerTransaction, record: DialogRecord | null): ServerRequest {
    const { clock, ids, options } = this.#context;
    const { envelope, flow } = transaction;
    const one: ServerRequest = {
      id: ids.uuid(),
      app,
      transaction,
      envelope,
      flow,
      inDialog: record !== null,
      record,
      localTag: envelope.toTag === "" ? null : envelope.toTag,
      timers: new TimerSet(clock, () => this.#unanswered(one)),
      dialogEnded: () => {
        if (transaction.open) this.finish(one, ownResponse(envelope.message, 500, one.localTag));
      },
      reliable: null,
    };
    // 64·T1 is when the client of a non-INVITE request gives up; an INVITE without a sign of life gets twice that.
    const long =
      envelope.message.method === "INVITE" || (record === null && options.behaviour.unanswered === "forgotten");
    one.timers.start("unanswered", (long ? 128 : 64) * options.timers.t1);
    this.#requests.set(one.id, one);
    if (record !== null && envelope.message.method === "INVITE") record.peerReinvites++;
    this.#byTransaction.set(transaction, one);
    transaction.onEnd = () => this.forget(one);
    record?.onEnd.add(one.dialogEnded);
    return one;
  }

  /** In-dialog traffic shows where the peer is now: a new connection, or another address behind a NAT. */
  #follow(record: DialogRecord, envelope: RequestEnvelope, flow: Flow): void {
    if (this.#context.options.behaviour.dialogPath === "fixed") return;
    if (isReliable(flow.transport)) record.flow = flow;
    else if (record.dialog.role === "uas" && record.stage === "confirmed" && envelope.message.method === "INVITE") {
      record.flow = callerPath(this.#context, envelope, flow);
    }
  }

  /** The INVITEs, not answered yet, that made an early dialog. */
  #invitesOf(record: DialogRecord): ServerRequest[] {
    return [...this.#requests.values()].filter((one) => one.record === record && !one.inDialog);
  }

  /** RFC 3261 15: a caller may end an early dialog by BYE. To the app it is a CANCEL: it knows no dialog yet. */
  #earlyBye(record: DialogRecord, transaction: ServerTransaction): void {
    const { message } = transaction.envelope;
    transaction.respond(ownResponse(message, 200, null));
    this.#finishInside(record);
    for (const one of this.#invitesOf(record)) {
      this.finish(one, ownResponse(one.envelope.message, 487, one.localTag));
      recordCancel(this.#context, message);
      const text = serialise({ ...message, method: "CANCEL" });
      if (one.app.connected) this.#context.courier.network(one.app, transaction.flow, one.id, record.dialog.id, text);
    }
    this.#context.dialogs.end(record);
  }

  #byeReceived(record: DialogRecord, envelope: RequestEnvelope): void {
    const { courier, dialogs } = this.#context;
    this.#finishInside(record);
    dialogs.end(record);
    courier.cdr({ type: "stop", source: "network", reason: "normal-release" }, envelope.message);
  }

  /** RFC 3261 15.1.2: requests still pending in a dialog are answered when a BYE ends it. */
  #finishInside(record: DialogRecord): void {
    const { openAtBye } = this.#context.options.behaviour;
    for (const one of [...this.#requests.values()]) {
      if (one.record !== record || !one.inDialog) continue;
      this.finish(one, ownResponse(one.envelope.message, openAtBye, one.localTag));
    }
  }

  #refuseLastNotify(record: DialogRecord, transaction: ServerTransaction): void {
    const { courier, dialogs, ids } = this.#context;
    const { message } = transaction.envelope;
    dialogs.end(record);
    courier.network(record.app, transaction.flow, ids.uuid(), record.dialog.id, serialise(message));
    transaction.respond(ownResponse(message, 500, null));
  }

  #unanswered(one: ServerRequest): void {
    this.#context.metrics.count("sip_unanswered_total");
    if (one.inDialog || this.#context.options.behaviour.unanswered === "refused") {
      const status = one.envelope.message.method === "INVITE" && !one.inDialog ? 480 : 500;
      this.finish(one, ownResponse(one.envelope.message, status, this.tag(one)));
    } else one.transaction.abandon();
  }

  /** The To tag of all responses to a request, made up now if none has been sent. */
  tag(one: ServerRequest): string {
    one.localTag ??= this.#context.ids.token();
    return one.localTag;
  }

  /** Answers a request without its app; what the app says later is refused. */
  finish(one: ServerRequest, response: SipResponse): void {
    one.reliable?.stop();
    if (!one.transaction.respond(response)) one.transaction.abandon();
    // A 487 follows a CANCEL or BYE, which is recorded itself.
    if (!one.inDialog && response.status !== 487) recordRefusal(this.#context, one.transaction, response);
    // A 2xx still held back behind a reliable response has confirmed the dialog already; it will never go out.
    if (one.record !== null && !one.inDialog) this.#context.dialogs.end(one.record);
    this.forget(one);
  }

  /** Nothing more is expected of the app. */
  forget(one: ServerRequest): void {
    one.timers.clear();
    one.reliable?.stop();
    this.updates.inviteEnded(one);
    one.record?.onEnd.delete(one.dialogEnded);
    const open = this.#requests.delete(one.id);
    if (open && one.inDialog && one.record !== null && one.envelope.message.method === "INVITE") {
      one.record.peerReinvites--;
    }
    this.#byTransaction.delete(one.transaction);
    if (one.record?.stage === "early" && !one.inDialog) this.#context.dialogs.end(one.record);
    one.transaction.settle();
  }

  /** The app's connection is gone: nobody will answer any more. */
  appGone(app: App): void {
    if (this.#context.options.behaviour.lostApp === "leaves-open-requests") return;
    for (const one of [...this.#requests.values()]) {
      if (one.app === app) this.finish(one, ownResponse(one.envelope.message, 503, this.tag(one)));
    }
  }

  /** CANCEL of an INVITE (RFC 3261 9.2): 200 to the CANCEL, 487 to the INVITE if still open, a frame to the app. */
  cancelReceived(envelope: RequestEnvelope, flow: Flow, invite: ServerTransaction): void {
    const { transactions, options, ids } = this.#context;
    const { message } = envelope;
    const one = this.#byTransaction.get(invite);
    const late = invite.phase === "accepted" ? options.behaviour.lateCancel : 200;
    transactions.server(envelope, flow).respond(ownResponse(message, late, one === undefined ? null : this.tag(one)));
    if (!invite.open) return;
    if (one === undefined) {
      // Nobody has been asked yet, or the question is still out.
      invite.respond(ownResponse(invite.envelope.message, 487, ids.token()));
      recordCancel(this.#context, message);
      return;
    }
    const said = !isUntouched(one);
    const stateless = !said && options.behaviour.quickCancel === "stateless";
    const refusal = ownResponse(one.envelope.message, 487, stateless ? ids.token() : this.tag(one));
    if (stateless) {
      transactions.transmit(one.flow, serialise(refusal), () => undefined);
      one.transaction.abandon();
    } else this.finish(one, refusal);
    this.#tellCancelled(one, envelope, flow, said);
    recordCancel(this.#context, message);
  }

  #tellCancelled(one: ServerRequest, envelope: RequestEnvelope, flow: Flow, said: boolean): void {
    const { courier } = this.#context;
    if (!one.app.connected) return;
    const text = serialise(envelope.message);
    if (said) {
      const dialogId = one.record?.dialog.id ?? dialogIdOf(envelope.callId, envelope.fromTag);
      courier.network(one.app, flow, one.id, dialogId, text);
    } else courier.quickCancel(one.app, flow, one.id, text);
  }

  /** PRACK (RFC 3262 3): true when it acknowledges a response of ours. */
  prackReceived(record: DialogRecord, envelope: RequestEnvelope): boolean {
    const rack = /^(\d+)\s+(\d+)\s+\S/.exec(headerValue(envelope.message, "rack") ?? "");
    if (rack === null) return false;
    for (const one of this.#requests.values()) {
      if (one.envelope.callId !== envelope.callId || one.envelope.cseq !== Number(rack[2])) continue;
      if (one.reliable?.acknowledge(Number(rack[1])) !== true) continue;
      record.reliable = true;
      return true;
    }
    return false;
  }
}

/** True for the NOTIFY that ends a subscription; a NOTIFY of a REFER inside a call ends nothing. */
export function endsSubscription(record: DialogRecord | null, message: SipRequest): boolean {
  if (message.method !== "NOTIFY" || record?.dialog.method !== "SUBSCRIBE") return false;
  return /terminated/i.test(headerValue(message, "subscription-state") ?? "");
}
