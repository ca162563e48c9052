import type { AgentId } from "@legwork/shared/ids";
import type { SipAccount } from "./adapters/srf/authenticator.js";
import { Authenticator } from "./adapters/srf/authenticator.js";
import { KeepAlives } from "./adapters/srf/keep-alives.js";
import { Registrar } from "./adapters/srf/registrar.js";
import type { Handler, SrfApi, SrfRequest } from "./adapters/srf/srf-api.js";
import type { SipLegs } from "./adapters/srf/sip-legs.js";
import { Subscriptions } from "./adapters/srf/subscriptions.js";
import type { Agents } from "./app/agents.js";
import type { Interactions } from "./app/interactions.js";
import type { Stations } from "./app/stations.js";
import { Watching } from "./app/watching.js";
import type { TakenPlaces } from "./domain/contact-place.js";
import { ALLOW_EVENTS } from "./domain/subscription.js";
import type { Clock } from "./ports/clock.js";
import type { Log } from "./ports/log.js";
import type { Metrics } from "./ports/metrics.js";

export interface SipStationsDeps {
  readonly srf: SrfApi;
  readonly domain: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly agents: Agents;
  readonly interactions: Interactions;
  readonly queues: { route(): void };
  readonly stations: Pick<Stations, "agentAt">;
  accountOf(user: string): SipAccount | null;
  /** Where no telephone is. */
  taken(): TakenPlaces;
  isWebSocket(req: SrfRequest): boolean;
  calls(): Pick<SipLegs, "probeAll" | "lampOf">;
}

/** Who stations are and where they are reached, and the lamps on them. */
export interface SipStations {
  readonly auth: Authenticator;
  readonly registrar: Registrar;
  readonly subscriptions: Subscriptions;
  changed(agents: Iterable<AgentId>): void;
  engineLost(): void;
  close(): void;
}

export function openSipStations(deps: SipStationsDeps): SipStations {
  const { srf, domain, clock, log, metrics, agents, interactions, stations, isWebSocket } = deps;
  const auth = new Authenticator({ realm: domain, clock, log, metrics, accountOf: deps.accountOf, isWebSocket });
  const registrar = new Registrar({
    auth,
    clock,
    log,
    metrics,
    taken: deps.taken,
    isWebSocket,
    changed: (user, registered) => {
      const agent = stations.agentAt(user);
      if (!agent) return;
      agents.setReachable(agent, registered);
      if (registered) deps.queues.route();
    },
    startedAnew: (user) => deps.calls().probeAll(user),
    pageReplaced: (user) => {
      const agent = stations.agentAt(user);
      if (agent) interactions.pageReplaced(agent);
    },
  });
  const keepAlives = new KeepAlives({ srf, registrar, clock, log });
  const watching = new Watching({ agents, interactions, domain, lampOf: (user) => deps.calls().lampOf(user) });
  const subscriptions = new Subscriptions({ srf, auth, registrar, watching, clock, log, metrics });
  metrics.gauge("registrations", "Contacts registered now", "transport", () => {
    const counts: Record<string, number> = { webrtc: 0, rtp: 0 };
    for (const [, contacts] of registrar.all())
      for (const { transport } of contacts) counts[transport] = (counts[transport] ?? 0) + 1;
    return counts;
  });
  metrics.gauge("subscriptions", "Subscriptions now", "event", () => subscriptions.count());
  srf.register(registrar.handle);
  srf.subscribe(subscriptions.handle);
  srf.options((_req, res) => res.send(200, { headers: { "Allow-Events": ALLOW_EVENTS } }));
  srf.notify((_req, res) => res.send(481)); // we subscribe to nothing
  const notAllowed: Handler = (_req, res) =>
    res.send(405, { headers: { Allow: "INVITE, REGISTER, SUBSCRIBE, OPTIONS" } });
  for (const method of ["message", "info", "publish"] as const) srf[method](notAllowed);
  keepAlives.start();
  return {
    auth,
    registrar,
    subscriptions,
    changed: (agents) => subscriptions.changed(agents),
    engineLost: () => {
      subscriptions.engineLost();
      keepAlives.engineLost();
      registrar.forgetAll();
    },
    close: () => keepAlives.stop(),
  };
}
