import { dialogIdOf, uasDialog } from "../dialog/dialog.js";
import { ownResponse } from "../sip/compose.js";
import { headerValue, serialise } from "../sip/message.js";
import type { SipResponse } from "../sip/message.js";
import { awaitAck } from "./acceptances.js";
import { composeAnswer, grantedAddresses, makesDialog, reliability } from "./answers.js";
import type { Context } from "./context.js";
import { callerPath } from "./dialog-path.js";
import { keepSdp } from "./dialog-requests.js";
import { DialogRecord } from "./dialogs.js";
import { appTag, bodyIsTyped } from "./outgoing.js";
import { isReliable } from "./ports.js";
import type { App, Flow } from "./ports.js";
import { ReliableResponses } from "./reliable-responses.js";
import { flowKeyOf } from "./routing.js";
import type { ServerRequest } from "./server-request.js";
import { endsSubscription } from "./server-requests.js";
import type { ServerRequests } from "./server-requests.js";
import type { SessionTimers } from "./session-timers.js";

/** Answer of the engine that apps match by text. */
const UNKNOWN_TRANSACTION = "Response not sent due to unknown transaction";

/** Takes apps' responses to the network: sent, echoed, or refused with the reason. */
export class AppResponses {
  readonly #context: Context;
  readonly #sessions: SessionTimers;
  readonly #servers: ServerRequests;
  /** The 2xx of calls whose transaction lives on, by transaction id, for apps that answer twice. */
  readonly #accepted = new Map<string, { readonly app: App; readonly flow: Flow; readonly text: string }>();

  constructor(context: Context, sessions: SessionTimers, servers: ServerRequests) {
    this.#context = context;
    this.#sessions = sessions;
    this.#servers = servers;
  }

  /** A response of an app's to the request it knows by this id. */
  respond(app: App, commandId: string, transactionId: string, message: SipResponse): void {
    const { courier } = this.#context;
    const one = this.#servers.find(app, transactionId);
    if (one === null) return this.#repeated(app, commandId, transactionId, message);
    if (this.#servers.updates.answer(one, commandId, message)) return;
    if (one.flow.closed) {
      one.transaction.abandon();
      this.#servers.forget(one);
      return courier.fail(app, commandId, "transport for response has been shutdown or closed");
    }
    if (!bodyIsTyped(message)) return courier.fail(app, commandId, "missing content-type");
    const reliable = reliability(one.envelope.message, message);
    if (reliable === "unsupported") return courier.fail(app, commandId, "Remote endpoint does not support 100rel");
    one.localTag ??= appTag(message) ?? this.#context.ids.token();
    const dialogId = dialogIdOf(one.envelope.callId, one.envelope.fromTag);
    if (this.#makesDialog(one, message.status) && this.#context.dialogs.taken(dialogId, one.record)) {
      this.#servers.finish(one, ownResponse(one.envelope.message, 480, one.localTag));
      return courier.fail(app, commandId, "dialog already exists, rejecting this request");
    }
    // A caller may ring for as long as the app likes; who asked anything else has given up after 64·T1.
    if (one.envelope.message.method === "INVITE") one.timers.stop("unanswered");
    this.#enter(one, message.status);
    this.#send(one, commandId, this.#compose(one, message, reliable === "reliable"), reliable === "reliable");
  }

  #repeated(app: App, commandId: string, transactionId: string, message: SipResponse): void {
    const first = this.#accepted.get(transactionId);
    if (first?.app !== app || message.status < 200)
      return this.#context.courier.fail(app, commandId, UNKNOWN_TRANSACTION);
    this.#context.courier.responseSent(app, commandId, first.flow, transactionId, "", first.text);
  }

  #makesDialog(one: ServerRequest, status: number): boolean {
    return !one.inDialog && makesDialog(one.envelope.message.method, status, this.#context.options.behaviour);
  }

  /** Creates the dialog on a tagged provisional response, confirms it on the response that makes it. */
  #enter(one: ServerRequest, status: number): void {
    const { method } = one.envelope.message;
    const confirms = this.#makesDialog(one, status);
    if (one.inDialog || status <= 100 || status >= 300) return;
    if (method !== "INVITE" && !confirms) return;
    if (one.record === null) {
      const dialog = uasDialog(one.envelope.message, one.localTag ?? "", "");
      if (dialog === null) return;
      one.record = new DialogRecord(dialog, one.app, callerPath(this.#context, one.envelope, one.flow));
      this.#context.dialogs.add(one.record);
    }
    if (!confirms) return;
    one.record.stage = "confirmed";
    this.#context.dialogs.add(one.record);
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
      to: this.#context.options.behaviour.answerTo,
      preserved: this.#context.options.preservedHeaders,
    });
    const { record } = one;
    if (record === null) return response;
    const contact = headerValue(response, "contact");
    if (contact !== undefined) record.dialog = { ...record.dialog, contact };
    if (message.status < 300) keepSdp(record, response);
    const { method } = one.envelope.message;
    const refreshes = message.status >= 200 && message.status < 300 && (method === "INVITE" || method === "UPDATE");
    return refreshes ? this.#sessions.answer(record, one.envelope.message, response) : response;
  }

  #send(one: ServerRequest, commandId: string, response: SipResponse, reliable: boolean): void {
    const { method } = one.envelope.message;
    const named = one.inDialog ? method !== "BYE" : method === "INVITE" || method === "SUBSCRIBE";
    const dialogId = named ? (one.record?.dialog.id ?? dialogIdOf(one.envelope.callId, one.envelope.fromTag)) : "";
    const text = serialise(response);
    const previous = this.#context.options.behaviour.heldEcho === "previous" ? this.#heldBehind(one, response) : null;
    const echo = previous === null ? text : serialise(previous);
    this.#context.courier.responseSent(one.app, commandId, one.flow, one.id, dialogId, echo);
    if (one.reliable === null) this.#transmit(one, response, text);
    else if (reliable) one.reliable.sendReliably(response);
    else one.reliable.sendInTurn(response);
  }

  /** The response that has to be acknowledged before this one may go; null for one that goes at once. */
  #heldBehind(one: ServerRequest, response: SipResponse): SipResponse | null {
    return response.status >= 200 && one.reliable?.holds(response) === true ? one.reliable.underWay : null;
  }

  #transmit(one: ServerRequest, response: SipResponse, text = serialise(response)): void {
    const { status } = response;
    if (status >= 200) one.reliable?.stop();
    one.transaction.respond(response, text);
    if (status < 200) return;
    const accepted = one.envelope.message.method === "INVITE" && status < 300;
    if (accepted) awaitAck(this.#context, one, response);
    this.#afterFinal(one, response);
    this.#servers.forget(one);
    if (accepted) this.#remember(one, text);
  }

  #remember({ id, app, flow, transaction }: ServerRequest, text: string): void {
    if (this.#context.options.behaviour.secondFinal === "refused" || transaction.phase === "terminated") return;
    this.#accepted.set(id, { app, flow, text });
    transaction.onEnd = () => this.#accepted.delete(id);
  }

  #afterFinal(one: ServerRequest, response: SipResponse): void {
    const { courier, dialogs } = this.#context;
    const { message } = one.envelope;
    if (message.method === "REGISTER" || message.method === "SUBSCRIBE") this.#learnFlow(one, response);
    if (one.record !== null && endsSubscription(one.record, message)) dialogs.end(one.record);
    if (message.method !== "INVITE" || one.inDialog) return;
    if (response.status < 300) courier.cdr({ type: "start", source: "application", role: "uas" }, response);
    else courier.cdr({ type: "stop", source: "application", reason: "call-rejected" }, response);
  }

  /** RFC 7118 and 5626 in drachtio's way: a registration over a connection makes that connection the way back. */
  #learnFlow(one: ServerRequest, response: SipResponse): void {
    const { behaviour } = this.#context.options;
    if (!isReliable(one.flow.transport) || response.status >= 300) return;
    for (const { uri, seconds } of grantedAddresses(one.envelope.message, response, behaviour)) {
      const key = flowKeyOf(uri, behaviour.flowKey);
      // No app decides about a SUBSCRIBE that refreshes or ends a subscription: it speaks for its own connection only.
      const own = !one.inDialog || this.#context.flows.get(key) === one.flow;
      if (key !== null && own) this.#context.flows.put(key, one.flow, seconds);
    }
  }

  #newReliable(one: ServerRequest): ReliableResponses {
    const { clock, options, ids } = this.#context;
    const first = 1 + (Number.parseInt(ids.uuid().slice(0, 7), 16) & 0xfffffff);
    return new ReliableResponses(clock, options.timers, first, {
      send: (response) => this.#transmit(one, response),
      abandon: () => this.#servers.finish(one, ownResponse(one.envelope.message, 503, this.#servers.tag(one))),
    });
  }
}
