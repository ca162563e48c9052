import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Logger } from "pino";
import { AppServer } from "./admin/app-server.js";
import type { AppEvents } from "./admin/app-server.js";
import { gaugesOf } from "./admin/gauges.js";
import { OutboundRouting } from "./admin/routing.js";
import { HttpServer } from "./admin/http-server.js";
import { logLevel, sipTrace } from "./admin/http-resources.js";
import { WireTap } from "./admin/wire-tap.js";
import type { Config } from "./config.js";
import { contain } from "./core/contain.js";
import type { Report } from "./core/contain.js";
import { Engine } from "./core/engine.js";
import { Metrics } from "./core/metrics.js";
import type { Clock, Ids } from "./core/ports.js";
import { GroupingClock } from "./core/timer-set.js";
import { summarise } from "./trace/summary.js";
import { TransportHub } from "./transport/hub.js";
import { LogThrottle } from "./transport/limits.js";
import type { TransportEvents } from "./transport/listener.js";

/** A flood is logged this often for each reason; the rest is counted only. */
const REFUSALS_LOGGED_MS = 10_000;

/** Sockets keep the process alive, not timers: a group's may outlast all that asked for it. */
const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  schedule(ms, fire) {
    const timer = setTimeout(fire, ms).unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

const SYSTEM_IDS: Ids = {
  uuid: () => randomUUID(),
  token: () => randomUUID().replaceAll("-", "").slice(0, 20),
};

/** Where a server listens: SIP in drachtio's form, and ports for apps and the endpoint. */
export interface Addresses {
  readonly sip: string;
  readonly admin: number;
  readonly adminTls: number | null;
  readonly http: number | null;
}

/** A running sip-engine process: sockets, core and endpoints wired together. */
export class SipEngineServer {
  readonly engine: Engine;
  readonly #hub: TransportHub;
  readonly #apps: AppServer;
  readonly #secureApps: AppServer | null;
  readonly #outbound: OutboundRouting;
  readonly #http: HttpServer | null;

  private constructor(
    engine: Engine,
    hub: TransportHub,
    apps: AppServer,
    secureApps: AppServer | null,
    outbound: OutboundRouting,
    http: HttpServer | null,
  ) {
    this.engine = engine;
    this.#hub = hub;
    this.#apps = apps;
    this.#secureApps = secureApps;
    this.#outbound = outbound;
    this.#http = http;
  }

  static async start(config: Config, log: Logger): Promise<SipEngineServer> {
    const metrics = new Metrics();
    const refusals = new LogThrottle(REFUSALS_LOGGED_MS);
    // A bug in handling one thing must not take the other calls down with it.
    const report: Report = (error) => {
      metrics.count("internal_errors_total");
      log.error({ err: error }, "internal error");
    };
    const guarded = (octets: string, work: () => boolean | undefined): boolean | undefined => {
      try {
        return work();
      } catch (error) {
        metrics.count("internal_errors_total");
        log.error({ err: error, callId: summarise(octets).callId }, "internal error while handling a message");
        return undefined;
      }
    };
    let engine: Engine | null = null;
    let tap: WireTap | null = null;
    const events: TransportEvents = {
      received: (octets, flow, tooLarge) => {
        const readable = guarded(octets, () => {
          tap?.received?.(octets, flow);
          return engine?.received(octets, flow, tooLarge);
        });
        return readable ?? true;
      },
      closed: (flow) => contain(report, () => engine?.flowClosed(flow)),
      counted: (event) => metrics.count("sip_transport_events_total", `event="${event}"`),
      refused: (reason, host) => {
        metrics.count("sip_refused_total", `reason="${reason}"`);
        const unsaid = refusals.admit(reason, performance.now());
        if (unsaid !== null) log.warn({ reason, source: host, unsaid }, "a peer exceeded a limit");
      },
    };
    const hub = await TransportHub.open(config.sip, { ...config.transport, tls: config.tls }, events);
    const greeting = { hostPorts: hub.hostPorts("external"), version: VERSION, localHostPorts: hub.hostPorts("local") };
    const appEvents: AppEvents = {
      connected: (app, tags) => {
        log.info({ app: app.id, tags }, "app connected");
        contain(report, () => engine?.appConnected(app, tags));
      },
      ordered: (app, command) => contain(report, () => engine?.command(app, command)),
      gone: (app) => {
        log.info({ app: app.id }, "app gone");
        contain(report, () => engine?.appGone(app));
      },
      rejected: (reason) => log.warn({ reason }, "app connection closed"),
    };
    const admission = { secret: config.secret, behaviour: config.engine.behaviour };
    const outbound = new OutboundRouting(admission, greeting, config.tls?.verify ?? true, appEvents);
    const routing = { rules: config.routes, port: outbound };
    const clock = new GroupingClock(SYSTEM_CLOCK, report);
    const running = new Engine(config.engine, clock, SYSTEM_IDS, hub, { metrics, routing, report });
    engine = running;
    const listening = (tap = new WireTap(running.context.transactions, log));
    const apps = await AppServer.open(config.admin, null, admission, greeting, appEvents);
    const { adminTls, tls } = config;
    const secureApps = adminTls === null ? null : await AppServer.open(adminTls, tls, admission, greeting, appEvents);
    const server = new SipEngineServer(running, hub, apps, secureApps, outbound, null);
    if (config.http === null) return server;
    const http = await HttpServer.open(config.http, {
      health: () => ({
        ok: !running.draining,
        detail: { version: VERSION, sip: hub.hostPorts("local"), draining: running.draining },
      }),
      dump: () => server.dump(),
      metrics: () => metrics.exposition(gaugesOf(running, hub.connections)),
      trace: sipTrace(listening),
      logLevel: logLevel(listening),
    });
    return new SipEngineServer(running, hub, apps, secureApps, outbound, http);
  }

  /** Where the server listens, with the ports the system chose for 0. */
  get addresses(): Addresses {
    return {
      sip: this.#hub.hostPorts("local"),
      admin: this.#apps.port,
      adminTls: this.#secureApps?.port ?? null,
      http: this.#http?.port ?? null,
    };
  }

  dump(): Record<string, unknown> {
    const connections = this.#hub.connections.map(({ transport, remote }) => ({ transport, ...remote }));
    const dump = this.engine.dump();
    return { ...dump, connections, metrics: this.engine.context.metrics };
  }

  /** Refuses new calls and waits until the running ones are over, at most `ms` milliseconds. */
  async drain(ms: number): Promise<void> {
    this.engine.draining = true;
    const deadline = Date.now() + ms;
    while (this.engine.busy > 0 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(100, ms)));
    }
  }

  async close(): Promise<void> {
    this.#outbound.close();
    await Promise.all([this.#apps.close(), this.#secureApps?.close(), this.#hub.close(), this.#http?.close()]);
    this.engine.close();
  }
}

/** drachtio-srf reads this as a version: `v<major>.<minor>.<patch>` of the drachtio-server we stand in for. */
const VERSION = `v0.9.10-legwork-${packageVersion()}`;

function packageVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
