import { answeredInDialog, dialogIdOf } from "../dialog/dialog.js";
import { cancelFor, localResponse } from "../sip/compose.js";
import type { ResponseEnvelope } from "../sip/envelope.js";
import { headerValue, serialise } from "../sip/message.js";
import type { HeaderField, SipRequest, SipResponse } from "../sip/message.js";
import { parseNameAddr, paramOf } from "../sip/name-addr.js";
import { makesDialog } from "./answers.js";
import { Attempts, pathFor } from "./attempts.js";
import { recordFinal, recordSent } from "./call-records.js";
import { sendCancel } from "./cancelling.js";
import { confirmFork, earlyFork, endForks, furtherAnswer, unackedAnswer } from "./call-forks.js";
import { sequenceOf } from "./client-request.js";
import type { ClientRequest } from "./client-request.js";
import type { Context } from "./context.js";
import type { DialogRecord } from "./dialogs.js";
import { keepSdp, releaseDialog, sendAck } from "./dialog-requests.js";
import type { App, Flow, Target } from "./ports.js";
import { isWebSocket } from "./ports.js";
import type { SessionTimers } from "./session-timers.js";
import { TimerSet } from "./timer-set.js";
import type { ClientFailure } from "./client-transaction.js";

/** Carries apps' requests through their transactions and brings the responses back. */
export class ClientRequests {
  readonly #context: Context;
  readonly #requests = new Map<string, ClientRequest>();
  /** SUBSCRIBEs without an answer yet, by dialog id: their NOTIFY may come first (RFC 6665 4.4.1). */
  readonly #subscribes = new Map<string, ClientRequest>();
  readonly #sessions: SessionTimers;

  constructor(context: Context, sessions: SessionTimers) {
    this.#context = context;
    this.#sessions = sessions;
  }

  /** How many have no final response yet. */
  get open(): number {
    return [...this.#requests.values()].filter(({ finished }) => !finished).length;
  }

  get pending(): readonly { id: string; method: string; dialogId: string }[] {
    return [...this.#requests.values()].map(({ id, request, dialogId }) => ({ id, method: request.method, dialogId }));
  }

  /**
   * Echoes the request to the app, then sends it: responses must not overtake the echo.
   * @param target where else it may go when `flow` leads nowhere; null for nowhere
   */
  launch(
    app: App,
    commandId: string,
    composed: SipRequest,
    routed: Flow,
    record: DialogRecord | null,
    target: Target | null,
  ): void {
    const context = this.#context;
    const path = pathFor(context, composed, routed, target);
    const { request, flow } = path;
    const one = this.#register(app, request, flow, record);
    const text = serialise(request);
    context.courier.requestSent(app, commandId, flow, one.id, text);
    recordSent(context, record, request, text);
    if (flow.closed) {
      this.#refuseLocally(one, this.#closedStatus(one));
      return;
    }
    one.transaction = new Attempts(context, path, target, {
      responded: (response, from) => this.#responded(one, response, from),
      failed: (cause) => this.#failed(one, cause),
      ended: () => this.#ended(one),
      mayMove: () => one.cancel.stage === "none" && !one.finished,
      moved: (again, elsewhere) => {
        Object.assign(one, { request: again, flow: elsewhere, provisional: false });
        if (record?.resolved != null) record.resolved = { ...record.resolved, route: elsewhere };
      },
    });
    one.transaction.start();
  }

  /** Echoes a request that cannot leave and reports why as a response. */
  launchNowhere(
    app: App,
    commandId: string,
    request: SipRequest,
    flow: Flow,
    status: number,
    reason: string,
    record: DialogRecord | null = null,
  ): void {
    const one = this.#register(app, request, flow, record);
    this.#context.courier.requestUnsent(app, commandId, one.id, serialise(request));
    this.#refuseLocally(one, status, reason);
  }

  #register(app: App, request: SipRequest, flow: Flow, record: DialogRecord | null): ClientRequest {
    const from = parseNameAddr(headerValue(request, "from") ?? "");
    const fromTag = (from === null ? null : paramOf(from, "tag")) ?? "";
    const dialogId = record?.dialog.id ?? dialogIdOf(headerValue(request, "call-id") ?? "", fromTag);
    const one: ClientRequest = {
      id: this.#context.ids.uuid(),
      app,
      request,
      flow,
      record,
      dialogId,
      forks: new Map(),
      timers: new TimerSet(this.#context.clock, () => this.#rangTooLong(one)),
      transaction: null,
      cancel: { stage: "none" },
      provisional: false,
      finished: false,
    };
    this.#requests.set(one.id, one);
    if (record === null && request.method === "SUBSCRIBE") this.#subscribes.set(dialogId, one);
    if (record !== null && request.method === "INVITE") record.reinvite = one.id;
    return one;
  }

  /** An app's CANCEL of its INVITE. Returns the CANCEL's text, or null when there is nothing to cancel. */
  cancel(app: App, transactionId: string, headers: readonly HeaderField[]): { text: string; flow: Flow } | null {
    const one = this.#requests.get(transactionId);
    if (one === undefined || one.app !== app) return null;
    if (one.record !== null && this.#context.options.behaviour.reinviteCancel === "declined") return null;
    return this.#cancel(one, headers);
  }

  /** Sends a CANCEL now, or after the first provisional response. */
  #cancel(one: ClientRequest, headers: readonly HeaderField[]): { text: string; flow: Flow } | null {
    if (one.request.method !== "INVITE" || one.finished || one.cancel.stage !== "none") return null;
    const text = serialise(cancelFor(one.request, headers));
    if (one.provisional) sendCancel(this.#context, one, headers);
    else one.cancel = { stage: "wanted", headers };
    return { text, flow: one.flow };
  }

  /** Cancels every call of an app that still rings. */
  cancelAll(app: App): void {
    for (const one of this.#requests.values()) if (one.app === app && one.record === null) this.#cancel(one, []);
  }

  /** Cancels our unanswered re-INVITE in a dialog that is about to end by BYE. */
  cancelReinvite(record: DialogRecord): void {
    const one = record.reinvite === null ? undefined : this.#requests.get(record.reinvite);
    if (one !== undefined) this.#cancel(one, []);
  }

  /** The SUBSCRIBE a NOTIFY belongs to that arrived before any answer. */
  awaitedSubscribe(callId: string, localTag: string): { app: App; request: SipRequest } | null {
    return this.#subscribes.get(dialogIdOf(callId, localTag)) ?? null;
  }

  #responded(one: ClientRequest, response: ResponseEnvelope, from: Flow): void {
    const { status } = response.message;
    if (status < 200) return this.#provisional(one, response, from);
    if (one.finished) {
      if (one.request.method === "INVITE" && status < 300) furtherAnswer(this.#context, one, response, from);
      return;
    }
    this.#finish(one);
    if (status < 300) this.#accepted(one, response, from);
    else endForks(this.#context, one);
    this.#deliver(one, response.message, from);
    if (one.record !== null) this.#afterInDialog(one, one.record, response.message);
    if (one.record === null) recordFinal(this.#context, one.request, response.message, "uac");
  }

  #provisional(one: ClientRequest, response: ResponseEnvelope, from: Flow): void {
    if (one.finished) return;
    one.provisional = true;
    if (one.cancel.stage === "wanted") sendCancel(this.#context, one, one.cancel.headers);
    if (response.message.status === 100) return;
    const isInvite = one.request.method === "INVITE";
    const fork = isInvite && one.record === null ? earlyFork(this.#context, one, response, from) : one.record;
    const rseq = isInvite ? headerValue(response.message, "rseq") : undefined;
    if (rseq !== undefined && fork !== null) {
      // RFC 3262 4: in order and once; anything else is a retransmission or came too early.
      const number = Number.parseInt(rseq, 10);
      if (fork.lastRseq !== null && number !== fork.lastRseq + 1) return;
      fork.lastRseq = number;
      fork.reliable = true;
    }
    const { provisionalInDialog, ringingLimitMs } = this.#context.options.behaviour;
    if (isInvite && one.record === null && ringingLimitMs !== null) one.timers.start("ringing", ringingLimitMs);
    this.#deliver(one, response.message, from);
    if (one.record !== null && provisionalInDialog === "ends-transaction") this.#finish(one);
  }

  /** Nothing more is told about this request. */
  #finish(one: ClientRequest): void {
    one.finished = true;
    one.timers.clear();
    this.#subscribes.delete(one.dialogId);
  }

  /** Timer C (RFC 3261 16.8), for calls of apps only as drachtio-server's. */
  #rangTooLong(one: ClientRequest): void {
    if (one.cancel.stage === "none") sendCancel(this.#context, one, []);
    this.#refuseLocally(one, 408);
  }

  #accepted(one: ClientRequest, response: ResponseEnvelope, from: Flow): void {
    const { method } = one.request;
    const { message } = response;
    const { behaviour } = this.#context.options;
    if (one.record !== null) {
      one.record.dialog = answeredInDialog(one.record.dialog, method, message, behaviour);
      if (method === "INVITE" || method === "UPDATE") {
        keepSdp(one.record, one.request);
        this.#sessions.answered(one.record, message);
      }
      if (method === "INVITE") one.record.unacked.push(unackedAnswer(this.#context, one, message));
      return;
    }
    if (!makesDialog(method, message.status, behaviour)) return endForks(this.#context, one);
    const record = confirmFork(this.#context, one, response, from);
    if (record === null || method !== "INVITE") return;
    record.unacked.push(unackedAnswer(this.#context, one, message));
    keepSdp(record, one.request);
    this.#sessions.answered(record, message);
  }

  /** What a final response to a request in a dialog means for the dialog. */
  #afterInDialog(one: ClientRequest, record: DialogRecord, response: SipResponse): void {
    const { method } = one.request;
    if (record.reinvite === one.id) record.reinvite = null;
    if (method === "BYE") {
      // A challenged BYE is sent again with credentials, so the dialog must live on (401, 407).
      if (response.status !== 401 && response.status !== 407) this.#context.dialogs.end(record);
    } else if (method === "NOTIFY" && record.dialog.method === "SUBSCRIBE") {
      if (/terminated/i.test(headerValue(one.request, "subscription-state") ?? "")) this.#context.dialogs.end(record);
    }
  }

  #deliver(one: ClientRequest, response: SipResponse, from: Flow | null): void {
    const { method } = one.request;
    const dialogId = one.record !== null || method === "INVITE" || method === "SUBSCRIBE" ? one.dialogId : "";
    if (!one.app.connected) return this.#orphaned(one, response);
    const text = serialise(response);
    if (from === null) this.#context.courier.local(one.app, one.id, dialogId, text);
    else this.#context.courier.network(one.app, from, one.id, dialogId, text);
  }

  /** The app is gone: a callee who answers now is acknowledged and hung up on, a subscription granted now is forgotten. */
  #orphaned(one: ClientRequest, response: SipResponse): void {
    if (this.#context.options.behaviour.lostApp === "leaves-open-requests") return;
    if (response.status < 200 || response.status >= 300) return;
    if (one.request.method !== "INVITE") {
      // Its NOTIFYs are refused from now on. Requests in older dialogs change nothing.
      if (one.record === null) for (const record of one.forks.values()) this.#context.dialogs.end(record);
      return;
    }
    for (const record of one.record === null ? [...one.forks.values()] : [one.record]) {
      const answer = record.unacked.shift();
      if (answer === undefined) continue;
      sendAck(this.#context, record, answer, null, record.flow ?? one.flow);
      releaseDialog(this.#context, record, 'SIP;cause=503;text="application gone"', false);
    }
  }

  #failed(one: ClientRequest, cause: ClientFailure): void {
    if (cause === "timeout") this.#refuseLocally(one, 408);
    else if (cause === "transport") this.#refuseLocally(one, this.#closedStatus(one));
    else if (this.#context.options.behaviour.unansweredCancel === "told") this.#refuseLocally(one, 487);
    else {
      this.#finish(one);
      endForks(this.#context, one);
    }
  }

  /** A closed connection of a browser is final (410); any other is a transport failure (RFC 3261 8.1.3.1). */
  #closedStatus(one: ClientRequest): number {
    if (!isWebSocket(one.flow)) return 503;
    return one.record === null ? 410 : this.#context.options.behaviour.closedInDialog;
  }

  /** Ends a request without the network's help: the app sees a response like any other. */
  #refuseLocally(one: ClientRequest, status: number, reason?: string): void {
    if (one.finished) return;
    this.#finish(one);
    endForks(this.#context, one);
    const response = localResponse(one.request, status, this.#context.ids.token(), reason);
    this.#deliver(one, response, null);
    if (one.record !== null) this.#afterInDialog(one, one.record, response);
    if (one.record === null) recordFinal(this.#context, one.request, response, "uac");
    if (one.transaction === null) this.#requests.delete(one.id);
  }

  #ended(one: ClientRequest): void {
    this.#requests.delete(one.id);
    this.#subscribes.delete(one.dialogId);
    // No 2xx can be repeated any more, so its ACK need not be kept.
    const cseq = sequenceOf(one.request);
    for (const record of one.record === null ? one.forks.values() : [one.record]) record.acks.delete(cseq);
  }
}
