import type { Command } from "../protocol/command.js";
import type { RouteTable } from "../protocol/routing.js";
import { AppRegistry } from "./app-registry.js";
import { AppCommands } from "./app-commands.js";
import { AppResponses } from "./app-responses.js";
import { ClientRequests } from "./client-requests.js";
import { rethrow } from "./contain.js";
import type { Report } from "./contain.js";
import type { Context, EngineOptions } from "./context.js";
import { Courier } from "./courier.js";
import { releaseDialog } from "./dialog-requests.js";
import { Dialogs } from "./dialogs.js";
import { FlowCache } from "./flow-cache.js";
import { Metrics } from "./metrics.js";
import { NetworkIntake } from "./network.js";
import type { App, Clock, Flow, Ids, RoutingPort, Transports } from "./ports.js";
import { Proxies } from "./proxies.js";
import { Relay } from "./relay.js";
import { RequestDispatch } from "./request-dispatch.js";
import { RequestRouter } from "./request-router.js";
import { ServerRequests } from "./server-requests.js";
import { SessionTimers } from "./session-timers.js";
import { CountingClock } from "./timer-set.js";
import { Transactions } from "./transactions.js";

const ORPHANED = 'SIP;cause=503;text="application gone"';

/** What an engine may be given besides the world. */
export interface Surroundings {
  readonly metrics?: Metrics;
  readonly routing?: { readonly rules: RouteTable; readonly port: RoutingPort };
  readonly report?: Report;
}

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
  readonly #commands: AppCommands;

  constructor(
    options: EngineOptions,
    clock: Clock,
    ids: Ids,
    transports: Transports,
    { metrics = new Metrics(), routing, report = rethrow }: Surroundings = {},
  ) {
    const apps = new AppRegistry(options.behaviour);
    this.#clock = new CountingClock(clock);
    this.context = {
      clock: this.#clock,
      ids,
      options,
      metrics,
      transports,
      transactions: new Transactions(this.#clock, options.timers, metrics, report),
      dialogs: new Dialogs(),
      apps,
      courier: new Courier(clock, ids, apps, options.cdr),
      flows: new FlowCache(clock),
      report,
    };
    const sessions = new SessionTimers(this.context);
    this.#servers = new ServerRequests(this.context, sessions);
    this.#clients = new ClientRequests(this.context, sessions);
    this.#proxies = new Proxies(this.context);
    const responses = new AppResponses(this.context, sessions, this.#servers);
    const router =
      routing === undefined
        ? null
        : new RequestRouter(this.context, routing.rules, routing.port, this.#servers, this.#proxies);
    this.#commands = new AppCommands(this.context, this.#servers, responses, this.#clients, this.#proxies);
    const relay = new Relay(this.context);
    const dispatch = new RequestDispatch(this.context, {
      servers: this.#servers,
      clients: this.#clients,
      proxies: this.#proxies,
      relay,
      router,
      draining: () => this.draining,
    });
    this.#network = new NetworkIntake(
      this.context,
      (envelope, flow) => dispatch.requestReceived(envelope, flow),
      (response) => relay.response(response),
    );
  }

  /** How many calls and requests go on: those of apps and of the network without a final answer, proxied ones, calls. */
  get busy(): number {
    const calls = [...this.context.dialogs.all].filter(({ dialog }) => dialog.method === "INVITE");
    return calls.length + this.#clients.open + this.#servers.pending.length + this.#proxies.open;
  }

  /** A message from a transport, or the beginning of one that was too large. False when nobody could read it. */
  received(octets: string, flow: Flow, tooLarge = false): boolean {
    return this.#network.receive(octets, flow, tooLarge);
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

  /** Stops all timers: nothing happens any more by itself. */
  close(): void {
    this.context.flows.clear();
    this.#clock.cancelAll();
  }

  /** How many things of each kind are alive. */
  counts(): Record<string, number> {
    const { transactions, dialogs } = this.context;
    return {
      clientTransactions: [...transactions.clients].length,
      serverTransactions: [...transactions.servers].length,
      clientRequests: this.#clients.pending.length,
      serverRequests: this.#servers.pending.length,
      proxied: this.#proxies.size,
      dialogs: dialogs.size,
      timers: this.#clock.running,
    };
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
    const server = [...transactions.servers].map(({ method, callId, phase, timers }) => ({
      method,
      callId,
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
      counts: this.counts(),
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
