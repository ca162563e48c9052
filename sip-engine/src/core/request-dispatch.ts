import { notifiedDialog } from "../dialog/dialog.js";
import { ownResponse } from "../sip/compose.js";
import { uriRefusal } from "../sip/envelope.js";
import type { RequestEnvelope } from "../sip/envelope.js";
import { field, serialise } from "../sip/message.js";
import { ackReceived } from "./acceptances.js";
import type { ClientRequests } from "./client-requests.js";
import { recordRefusal } from "./call-records.js";
import type { Context } from "./context.js";
import { isUsable } from "./dialog-requests.js";
import { DialogRecord } from "./dialogs.js";
import { METHODS } from "./metrics.js";
import type { Flow } from "./ports.js";
import type { Proxies } from "./proxies.js";
import type { Relay } from "./relay.js";
import type { RequestRouter } from "./request-router.js";
import type { ServerRequests } from "./server-requests.js";
import type { ServerTransaction } from "./server-transaction.js";

/** Methods the engine always understands; told in 405 and 501 answers. */
const ALLOW = field(
  "Allow",
  "INVITE, ACK, CANCEL, BYE, PRACK, UPDATE, OPTIONS, INFO, MESSAGE, SUBSCRIBE, NOTIFY, REFER",
);

/** Methods drachtio-server gives to apps outside dialogs. */
const ROUTED = new Set("INVITE REGISTER MESSAGE OPTIONS INFO NOTIFY SUBSCRIBE PUBLISH".split(" "));

/** Who takes the requests of the network. */
export interface Takers {
  readonly servers: ServerRequests;
  readonly clients: ClientRequests;
  readonly proxies: Proxies;
  readonly relay: Relay;
  /** Null when all new requests are offered to connected apps. */
  readonly router: RequestRouter | null;
  /** True while new calls are refused. */
  draining(): boolean;
}

/** Finds out what a request from the network belongs to, and who is to have it. */
export class RequestDispatch {
  readonly #context: Context;
  readonly #servers: ServerRequests;
  readonly #clients: ClientRequests;
  readonly #proxies: Proxies;
  readonly #relay: Relay;
  readonly #router: RequestRouter | null;
  readonly #draining: () => boolean;

  constructor(context: Context, takers: Takers) {
    this.#context = context;
    this.#servers = takers.servers;
    this.#clients = takers.clients;
    this.#proxies = takers.proxies;
    this.#relay = takers.relay;
    this.#router = takers.router;
    this.#draining = takers.draining;
  }

  /** A request that parsed: repeated, to be cancelled, inside a dialog, or new. */
  requestReceived(envelope: RequestEnvelope, flow: Flow): void {
    const { transactions, dialogs, metrics, options } = this.#context;
    const { message, callId, toTag, fromTag, via } = envelope;
    if (options.behaviour.viaTransport === "must-match" && via.transport !== flow.transport.toUpperCase()) {
      return metrics.count("sip_dropped_total", 'reason="via-transport"');
    }
    if (message.method === "ACK") return this.#ackReceived(envelope, flow);
    const repeated = transactions.findServer(envelope, message.method);
    if (repeated !== undefined) return this.#repeated(repeated);
    if (message.method === "CANCEL") return this.#cancelReceived(envelope, flow);
    const record = toTag === "" ? undefined : dialogs.byTags(callId, toTag, fromTag);
    if (record === undefined) return this.#outsideDialog(envelope, flow);
    if (message.method === "PRACK") {
      if (this.#servers.prackReceived(record, envelope)) return this.#servers.offerInDialog(record, envelope, flow);
      metrics.count("sip_unmatched_prack_total");
      return this.#stray(envelope, flow, 481);
    }
    if (isUsable(this.#context, record)) return this.#servers.offerInDialog(record, envelope, flow);
    if (message.method === "UPDATE" && this.#servers.offerEarlyUpdate(record, envelope, flow)) return;
    this.#outsideDialog(envelope, flow);
  }

  #repeated(transaction: ServerTransaction): void {
    const silent = this.#context.options.behaviour.repeatedInvite === "ignored";
    if (!silent || !this.#servers.isUntouched(transaction)) transaction.requestReceived();
  }

  #ackReceived(envelope: RequestEnvelope, flow: Flow): void {
    const { transactions, dialogs, metrics } = this.#context;
    const invite = transactions.findServer(envelope, "INVITE");
    if (invite !== undefined && invite.phase !== "accepted") return invite.ackReceived();
    const record = dialogs.byTags(envelope.callId, envelope.toTag, envelope.fromTag);
    if (record !== undefined && ackReceived(this.#context, record, envelope, flow)) return;
    if (!this.#relay.request(envelope, flow)) metrics.dropped("stray-ack");
  }

  #cancelReceived(envelope: RequestEnvelope, flow: Flow): void {
    const invite = this.#context.transactions.findServer(envelope, "INVITE");
    if (invite === undefined) {
      if (!this.#relay.request(envelope, flow)) this.#answer(envelope, flow, 481);
      return;
    }
    if (this.#proxies.cancel(envelope, flow, invite)) return;
    this.#servers.cancelReceived(envelope, flow, invite);
  }

  /** A request that belongs to no dialog we know. */
  #outsideDialog(envelope: RequestEnvelope, flow: Flow): void {
    const { method } = envelope.message;
    const { apps, options } = this.#context;
    if (envelope.toTag !== "" && this.#relay.request(envelope, flow)) return;
    if (method === "BYE" || method === "UPDATE") return this.#answer(envelope, flow, 481);
    if (method === "PRACK") return this.#stray(envelope, flow, 481);
    const refusal = uriRefusal(envelope.message.uri);
    if (refusal !== null) return this.#answer(envelope, flow, refusal.status, refusal.reason);
    const inUnknownDialog = envelope.toTag !== "";
    if (inUnknownDialog && method === "INVITE") return this.#answer(envelope, flow, 481);
    if (inUnknownDialog && method === "REFER") return this.#stray(envelope, flow, 481);
    if (method === "NOTIFY" && this.#earlyNotify(envelope, flow)) return;
    const refused = method === "INVITE" && this.#draining();
    if (!refused && this.#router?.handles(method) === true) return this.#askRouter(this.#router, envelope, flow);
    const routable = options.behaviour.strayRequest === "answered" || ROUTED.has(method);
    const app = !routable || refused ? null : apps.pick(method.toLowerCase());
    if (app === null && !METHODS.has(method)) return this.#stray(envelope, flow, 501);
    if (app === null && method === "REFER") return this.#stray(envelope, flow, 405);
    const transaction = this.#context.transactions.server(envelope, flow);
    if (method === "INVITE") this.#trying(transaction);
    if (app !== null) {
      this.#servers.offer(app, transaction);
      return;
    }
    this.#context.metrics.count("sip_unrouted_total");
    const unavailable = ownResponse(envelope.message, 503, this.#context.ids.token());
    transaction.respond(unavailable);
    recordRefusal(this.#context, transaction, unavailable);
  }

  #askRouter(router: RequestRouter, envelope: RequestEnvelope, flow: Flow): void {
    const transaction = this.#context.transactions.server(envelope, flow);
    if (envelope.message.method === "INVITE") this.#trying(transaction);
    router.route(transaction).catch((error: unknown) => {
      this.#context.report(error);
      transaction.respond(ownResponse(envelope.message, 500, this.#context.ids.token()));
    });
  }

  /** 100 goes out before the app sees the INVITE, so that no caller repeats itself while the app thinks. */
  #trying(transaction: ServerTransaction): void {
    const { message } = transaction.envelope;
    transaction.respond(ownResponse(message, 100, null));
    this.#context.courier.cdr({ type: "attempt", source: "network" }, message);
  }

  /** RFC 6665 4.4.1: the first NOTIFY may overtake the 2xx to our SUBSCRIBE and makes the dialog then. */
  #earlyNotify(envelope: RequestEnvelope, flow: Flow): boolean {
    const { courier, dialogs, ids, options } = this.#context;
    const awaited = this.#clients.awaitedSubscribe(envelope.callId, envelope.toTag);
    const dialog = awaited === null ? null : notifiedDialog(awaited.request, envelope.message);
    if (awaited === null || dialog === null || !awaited.app.connected) return false;
    if (options.behaviour.earlyNotify === "refused") {
      courier.newRequest(awaited.app, flow, ids.uuid(), serialise(envelope.message));
      this.#answer(envelope, flow, 500);
      return true;
    }
    const record = new DialogRecord(dialog, awaited.app, flow.transport === "udp" ? null : flow);
    record.stage = "confirmed";
    dialogs.add(record);
    this.#servers.offerInDialog(record, envelope, flow);
    return true;
  }

  /** Answers a request nobody is there for, unless such requests are passed over in silence. */
  #stray(envelope: RequestEnvelope, flow: Flow, status: number): void {
    if (this.#context.options.behaviour.strayRequest === "answered") return this.#answer(envelope, flow, status);
    this.#context.metrics.count("sip_dropped_total", 'reason="stray-request"');
  }

  #answer(envelope: RequestEnvelope, flow: Flow, status: number, reason?: string): void {
    const { transactions, ids } = this.#context;
    const transaction = transactions.server(envelope, flow);
    const extra = status === 405 || status === 501 ? [ALLOW] : [];
    if (envelope.message.method === "INVITE") transaction.respond(ownResponse(envelope.message, 100, null));
    transaction.respond(ownResponse(envelope.message, status, envelope.toTag || ids.token(), extra, reason));
  }
}
