import { notifiedDialog } from "../dialog/dialog.js";
import type { Command } from "../protocol/command.js";
import type { RouteTable } from "../protocol/routing.js";
import { ownResponse } from "../sip/compose.js";
import { uriRefusal } from "../sip/envelope.js";
import type { RequestEnvelope } from "../sip/envelope.js";
import { field, serialise } from "../sip/message.js";
import { ackReceived } from "./acceptances.js";
import { AppRegistry } from "./app-registry.js";
import { AppCommands } from "./app-commands.js";
import { AppResponses } from "./app-responses.js";
import { ClientRequests } from "./client-requests.js";
import type { Context, EngineOptions } from "./context.js";
import { Courier } from "./courier.js";
import { isUsable, releaseDialog } from "./dialog-requests.js";
import { DialogRecord, Dialogs } from "./dialogs.js";
import { FlowCache } from "./flow-cache.js";
import { METHODS, Metrics } from "./metrics.js";
import { NetworkIntake } from "./network.js";
import type { App, Clock, Flow, Ids, RoutingPort, Transports } from "./ports.js";
import { Proxies } from "./proxies.js";
import { Relay } from "./relay.js";
import { RequestRouter } from "./request-router.js";
import { ServerRequests } from "./server-requests.js";
import { SessionTimers } from "./session-timers.js";
import { CountingClock } from "./timer-set.js";
import { Transactions } from "./transactions.js";
import type { ServerTransaction } from "./transactions.js";

const ORPHANED = 'SIP;cause=503;text="application gone"';

/** Methods the engine always understands; told in 405 and 501 answers. */
const ALLOW = field(
  "Allow",
  "INVITE, ACK, CANCEL, BYE, PRACK, UPDATE, OPTIONS, INFO, MESSAGE, SUBSCRIBE, NOTIFY, REFER",
);

/** Methods drachtio-server gives to apps outside dialogs. */
const ROUTED = new Set("INVITE REGISTER MESSAGE OPTIONS INFO NOTIFY SUBSCRIBE PUBLISH".split(" "));

/** The SIP engine: messages in from transports and apps, messages out. No sockets, no clock of its own. */
export class Engine {
  readonly context: Context;
  /** While true, new calls are refused with 503 (RFC 3261 21.5.4). */
  draining = false;
  readonly #clock: CountingClock;
  readonly #network: NetworkIntake;
  readonly #servers: ServerRequests;
  readonly #clients: ClientRequests;
  readonly #proxies: Proxies;
  readonly #relay: Relay;
  readonly #router: RequestRouter | null;
  readonly #commands: AppCommands;

  constructor(
    options: EngineOptions,
    clock: Clock,
    ids: Ids,
    transports: Transports,
    metrics = new Metrics(),
    routing?: { readonly rules: RouteTable; readonly port: RoutingPort },
  ) {
    const apps = new AppRegistry(options.behaviour);
    this.#clock = new CountingClock(clock);
    this.context = {
      clock: this.#clock,
      ids,
      options,
      metrics,
      transports,
      transactions: new Transactions(this.#clock, options.timers, metrics),
      dialogs: new Dialogs(),
      apps,
      courier: new Courier(clock, ids, apps, options.cdr),
      flows: new FlowCache(clock),
    };
    const sessions = new SessionTimers(this.context);
    this.#servers = new ServerRequests(this.context, sessions);
    this.#clients = new ClientRequests(this.context, sessions);
    this.#proxies = new Proxies(this.context);
    this.#relay = new Relay(this.context);
    const responses = new AppResponses(this.context, sessions, this.#servers);
    this.#router =
      routing === undefined
        ? null
        : new RequestRouter(this.context, routing.rules, routing.port, this.#servers, this.#proxies);
    this.#commands = new AppCommands(this.context, this.#servers, responses, this.#clients, this.#proxies);
    this.#network = new NetworkIntake(
      this.context,
      (envelope, flow) => this.#requestReceived(envelope, flow),
      (response) => this.#relay.response(response),
    );
  }

  /** A message from a transport. */
  received(octets: string, flow: Flow): void {
    this.#network.receive(octets, flow);
  }

  /** A connection is gone. */
  flowClosed(flow: Flow): void {
    this.context.transactions.flowClosed(flow);
  }

  appConnected(app: App, tags: readonly string[]): void {
    this.context.apps.add(app, tags);
  }

  appGone(app: App): void {
    this.context.apps.remove(app);
    this.#servers.appGone(app);
    const { behaviour, orphanedCalls } = this.context.options;
    if (orphanedCalls === "keep" || behaviour.lostApp === "leaves-open-requests") return;
    this.#clients.cancelAll(app);
    for (const record of [...this.context.dialogs.all]) {
      if (record.app !== app || record.stage !== "confirmed") continue;
      if (record.dialog.method === "INVITE") releaseDialog(this.context, record, ORPHANED, false);
      else this.context.dialogs.end(record);
    }
  }

  /** An order of an authenticated app. */
  command(app: App, command: Exclude<Command, { type: "authenticate" }>): void {
    this.#commands.run(app, command);
  }

  #requestReceived(envelope: RequestEnvelope, flow: Flow): void {
    const { transactions, dialogs, metrics, options } = this.context;
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
    if (isUsable(this.context, record)) return this.#servers.offerInDialog(record, envelope, flow);
    if (message.method === "UPDATE" && this.#servers.offerEarlyUpdate(record, envelope, flow)) return;
    this.#outsideDialog(envelope, flow);
  }

  #repeated(transaction: ServerTransaction): void {
    const silent = this.context.options.behaviour.repeatedInvite === "ignored";
    if (!silent || !this.#servers.isUntouched(transaction)) transaction.requestReceived();
  }

  #ackReceived(envelope: RequestEnvelope, flow: Flow): void {
    const { transactions, dialogs, metrics } = this.context;
    const invite = transactions.findServer(envelope, "INVITE");
    if (invite !== undefined && invite.phase !== "accepted") return invite.ackReceived();
    const record = dialogs.byTags(envelope.callId, envelope.toTag, envelope.fromTag);
    if (record !== undefined && ackReceived(this.context, record, envelope, flow)) return;
    if (!this.#relay.request(envelope, flow)) metrics.dropped("stray-ack");
  }

  #cancelReceived(envelope: RequestEnvelope, flow: Flow): void {
    const invite = this.context.transactions.findServer(envelope, "INVITE");
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
    const { apps, options } = this.context;
    if (envelope.toTag !== "" && this.#relay.request(envelope, flow)) return;
    if (method === "BYE" || method === "UPDATE") return this.#answer(envelope, flow, 481);
    if (method === "PRACK") return this.#stray(envelope, flow, 481);
    const refusal = uriRefusal(envelope.message.uri);
    if (refusal !== null) return this.#answer(envelope, flow, refusal.status, refusal.reason);
    const inUnknownDialog = envelope.toTag !== "";
    if (inUnknownDialog && method === "INVITE") return this.#answer(envelope, flow, 481);
    if (inUnknownDialog && method === "REFER") return this.#stray(envelope, flow, 481);
    if (method === "NOTIFY" && this.#earlyNotify(envelope, flow)) return;
    if (this.#router?.handles(method) === true && !this.draining) return this.#askRouter(this.#router, envelope, flow);
    const routable = options.behaviour.strayRequest === "answered" || ROUTED.has(method);
    const app = !routable || (this.draining && method === "INVITE") ? null : apps.pick(method.toLowerCase());
    if (app === null && !METHODS.has(method)) return this.#stray(envelope, flow, 501);
    if (app === null && method === "REFER") return this.#stray(envelope, flow, 405);
    const transaction = this.context.transactions.server(envelope, flow);
    if (method === "INVITE") this.#trying(transaction);
    if (app !== null) {
      this.#servers.offer(app, transaction);
      return;
    }
    this.context.metrics.count("sip_unrouted_total");
    transaction.respond(ownResponse(envelope.message, 503, this.context.ids.token()));
  }

  #askRouter(router: RequestRouter, envelope: RequestEnvelope, flow: Flow): void {
    const transaction = this.context.transactions.server(envelope, flow);
    if (envelope.message.method === "INVITE") this.#trying(transaction);
    router.route(transaction).catch(() => {
      this.context.metrics.count("internal_errors_total");
      transaction.respond(ownResponse(envelope.message, 500, this.context.ids.token()));
    });
  }

  /** 100 goes out before the app sees the INVITE, so that no caller repeats itself while the app thinks. */
  #trying(transaction: ServerTransaction): void {
    const { message } = transaction.envelope;
    transaction.respond(ownResponse(message, 100, null));
    this.context.courier.cdr({ type: "attempt", source: "network" }, message);
  }

  /** RFC 6665 4.4.1: the first NOTIFY may overtake the 2xx to our SUBSCRIBE and makes the dialog then. */
  #earlyNotify(envelope: RequestEnvelope, flow: Flow): boolean {
    const { courier, dialogs, ids, options } = this.context;
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
    if (this.context.options.behaviour.strayRequest === "answered") return this.#answer(envelope, flow, status);
    this.context.metrics.count("sip_dropped_total", 'reason="stray-request"');
  }

  #answer(envelope: RequestEnvelope, flow: Flow, status: number, reason?: string): void {
    const { transactions, ids } = this.context;
    const transaction = transactions.server(envelope, flow);
    const extra = status === 405 || status === 501 ? [ALLOW] : [];
    if (envelope.message.method === "INVITE") transaction.respond(ownResponse(envelope.message, 100, null));
    transaction.respond(ownResponse(envelope.message, status, envelope.toTag || ids.token(), extra, reason));
  }

  /** Stops all timers: nothing happens any more by itself. */
  close(): void {
    this.context.flows.clear();
    this.#clock.cancelAll();
  }

  /** Everything alive, for the debug endpoint and for tests that want nothing left. */
  dump(): Record<string, unknown> {
    const { transactions, dialogs, apps, flows } = this.context;
    const client = [...transactions.clients].map(({ key, phase, timers, request }) => ({
      method: request.method,
      branch: key.split("\n")[0],
      phase,
      timers,
    }));
    const server = [...transactions.servers].map(({ envelope, phase, timers }) => ({
      method: envelope.message.method,
      callId: envelope.callId,
      phase,
      timers,
    }));
    const calls = [...dialogs.all].map(({ dialog, stage, app, flow }) => ({
      id: dialog.id,
      role: dialog.role,
      method: dialog.method,
      stage,
      app: app.id,
      connection: flow === null ? null : `${flow.transport} ${flow.remote.host}:${flow.remote.port}`,
    }));
    return {
      counts: {
        clientTransactions: client.length,
        serverTransactions: server.length,
        clientRequests: this.#clients.pending.length,
        serverRequests: this.#servers.pending.length,
        proxied: this.#proxies.size,
        dialogs: calls.length,
        timers: this.#clock.running,
      },
      clientTransactions: client,
      serverTransactions: server,
      clientRequests: this.#clients.pending,
      serverRequests: this.#servers.pending,
      dialogs: calls,
      flows,
      apps,
    };
  }
}
