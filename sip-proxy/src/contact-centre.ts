import { randomBytes } from "node:crypto";
import type { AgentId } from "@legwork/shared/ids";
import type { Store } from "@legwork/shared/store";
import { demoCaller } from "./adapters/demo/demo-client.js";
import { MediaClient } from "./adapters/media-control/media-client.js";
import { prometheusMetrics, type PrometheusMetrics } from "./adapters/metrics/prometheus.js";
import { Calls } from "./adapters/srf/calls.js";
import { Engine } from "./adapters/srf/engine.js";
import { Guesses } from "./adapters/srf/guesses.js";
import { SipLegs } from "./adapters/srf/sip-legs.js";
import { randomIds, systemClock, verifyPassword } from "./adapters/system/system.js";
import type { Administration } from "./app/administration.js";
import { Agents } from "./app/agents.js";
import { AuditLog } from "./app/audit-log.js";
import type { CallHistory } from "./app/call-history.js";
import { Desk } from "./app/desk.js";
import { Desktops } from "./app/desktops.js";
import { Conversations } from "./app/conversations.js";
import { Destinations } from "./app/destinations.js";
import { dialing } from "./app/dialing.js";
import { Experts } from "./app/experts.js";
import { Interactions } from "./app/interactions.js";
import { InternalCalls } from "./app/internal-calls.js";
import { LiveSite } from "./app/live-site.js";
import { OutboundCalls } from "./app/outbound-calls.js";
import { Queues } from "./app/queues.js";
import { Sessions } from "./app/sessions.js";
import { SiteDirectory } from "./app/site-directory.js";
import { Stations } from "./app/stations.js";
import { WrapUps } from "./app/wrap-ups.js";
import type { Config } from "./config.js";
import type { Who } from "./domain/interaction-state.js";
import { trunksWith } from "./domain/demo-trunk.js";
import { interactionPolicy, timerLengths, type Site } from "./domain/site.js";
import type { Log } from "./ports/log.js";
import { openAdministration } from "./open-administration.js";
import { openHistory } from "./open-history.js";
import { openStoreCare } from "./open-store-care.js";
import { accounts } from "./sip-accounts.js";
import { openSipStations, type SipStations } from "./sip-stations.js";
import { compare, siteData, wrapUpPolicyOf } from "./site-data.js";

export type Health = Readonly<Record<"engine" | "mediaServer" | "database", boolean>>;

/** Every part of the process, wired. */
export interface ContactCentre {
  readonly sessions: Sessions;
  readonly desk: Desk;
  readonly desktops: Desktops;
  readonly administration: Administration;
  readonly history: CallHistory;
  readonly siteDirectory: SiteDirectory;
  readonly domain: string;
  readonly metrics: Pick<PrometheusMetrics, "contentType" | "text" | "expertPresence">;
  /** What this process cannot do without, and whether it is there. */
  health(): Health;
  dump(): Promise<object>;
  close(): Promise<void>;
}

/** Reads the site's data, puts the parts together and connects to the engine and the media-server. */
export async function openContactCentre(config: Config, site: Site, store: Store, log: Log): Promise<ContactCentre> {
  const data = new LiveSite(await store.seed(await siteData(site)));
  compare(site, data, log);
  const wrapUpPolicy = wrapUpPolicyOf(site, data);
  const [clock, ids, metrics] = [systemClock, randomIds, prometheusMetrics()];

  // The parts tell each other of changes; these close the circles.
  const changed = (agents: Iterable<AgentId>): void => {
    desktops.changed(agents);
    sip.changed(agents);
  };
  const policy = interactionPolicy(site.policy);
  const storeCare = openStoreCare({ store, clock, log, policy: site.policy });
  const people = () => ({ agents, queues });
  const history = openHistory({ site, data, store, clock, log, people, changed: (agent) => changed([agent]) });
  const wrapUps = new WrapUps({
    store: history,
    clock,
    ids,
    log,
    policy: wrapUpPolicy,
    changed: (agent) => changed([agent]),
    allDone: (agent) => agents.wrapUpsDone(agent),
  });
  const agents: Agents = new Agents(data.agents, {
    clock,
    log,
    hasOpenWrapUps: (agent) => wrapUps.openOf(agent).length > 0,
    changed: (agent) => {
      changed([agent]);
      queues.route();
      sessions.agentChanged(agent);
    },
    left: (agent) => wrapUps.submitAllOf(agent),
  });
  const media = new MediaClient({
    url: config.media.url,
    token: config.media.token,
    clock,
    log,
    news: (news) => {
      if (news.event === "reconnected" && !news.sameInstance) legs.mediaLost(); // a new media-server knows none of our legs
      conversations.mediaNews(news);
    },
  });
  const nameOf = (who: Who): string =>
    "agent" in who ? agents.nameOf(who.agent) : (who.outside.name ?? who.outside.number);
  const callable = config.siteFile === null;
  const trunks = trunksWith(config.demo && { ...config.demo.trunk, address: config.demo.trunk.host, callable }, site);
  const outbound = new OutboundCalls({ clock, log, rules: { country: site.country, calling: site.calling, trunks } });
  const interactions: Interactions = new Interactions({
    store: history,
    metrics,
    media,
    clock,
    ids,
    log,
    policy,
    country: site.country,
    seatKeptMs: site.policy["seat.lost.seconds"] * 1000,
    timers: timerLengths(site.policy),
    agents,
    wrapUps,
    outbound,
    notice: (agent, kind, id, who) => desktops.notice(agent, kind, id, who && nameOf(who)),
    stationOf: (agent) => stations.kindOf(agent),
    changed,
  });
  const queues: Queues = new Queues(data.queues, agents, (id, agent) => interactions.offer(id, agent), changed);
  const sessions: Sessions = new Sessions({
    clock,
    guesses: new Guesses(clock),
    agents,
    audit: new AuditLog({ store, clock }),
    metrics,
    ids,
    log,
    verifyPassword,
    ended: (session, why) => {
      desktops.close(session.agent.id, why);
      sip.registrar.forget(session.agent.id);
    },
  });
  const stations = new Stations(agents, sessions);
  const internal = new InternalCalls({
    clock,
    ids,
    log,
    media,
    agents,
    country: site.country,
    ringMs: timerLengths(site.policy)["no-answer"],
    signalling: () => legs,
    registered: (user) => registrar.bindingOf(user) !== null,
    changed,
    noted: (ends, before, event, step) => history.internal(ends, before, event, step),
  });
  const conversations = new Conversations(interactions, internal);
  const call = config.demo ? demoCaller(config.demo.url, config.demo.token) : null;
  const desktops: Desktops = new Desktops({
    clock,
    site: data,
    wrapUpPolicy,
    agents,
    queues,
    wrapUps,
    viewFor: (agent) => conversations.viewFor(agent),
    demoCustomer: call !== null,
    historyRevision: (agent) => history.revisionOf(agent),
    epoch: randomBytes(6).toString("hex"),
    stationOf: (agent) => stations.kindOf(agent),
  });
  const parse = dialing(agents, site.country);
  const siteDirectory = new SiteDirectory(data, clock);
  const staleMs = site.policy["presence.stale.seconds"] * 1000;
  const experts = new Experts({ directories: [siteDirectory], agents, clock, staleMs, parse });
  const destinations = new Destinations(agents, data, experts, parse);
  const desk = new Desk({
    agents,
    destinations,
    experts,
    queues,
    interactions,
    wrapUps,
    desktops,
    clock,
    ids,
    stations,
    internal,
    get idleReasons() {
      return data.idleReasons.map((r) => r.id);
    },
    demoCall: call && (() => call(data.entryPoints[0]?.number ?? "")),
  });

  const engine = new Engine(config.engine, log, () => {
    legs.engineLost();
    sip.engineLost();
  });
  const sip: SipStations = openSipStations({
    srf: engine.srf,
    domain: site.domain,
    clock,
    log,
    metrics,
    agents,
    interactions,
    accountOf: accounts({ realm: site.domain, site: data, sessions, trunks }),
    taken: () => ({ trunks, domain: site.domain, ours: engine.listeners }),
    isWebSocket: engine.isWebSocket,
    calls: () => legs,
    stations,
    queues,
  });
  const { auth, registrar } = sip;
  const administration = openAdministration({
    site,
    data,
    store,
    clock,
    log,
    running: {
      agents,
      queues,
      sessions,
      forgetStation: (extension) => registrar.forget(extension),
      refresh: () => changed(agents.all().map(({ record }) => record.id)),
    },
  });
  const legs: SipLegs = new SipLegs({
    srf: engine.srf,
    media,
    ids,
    log,
    domain: site.domain,
    conversations,
    stationOf: (agent) => stations.userOf(agent),
    registrar,
    destinations,
    over: (leg) => outbound.over(leg),
    lampChanged: (user) => {
      const agent = agents.find(user);
      if (agent) sip.changed([agent.id]);
    },
  });
  const calls = new Calls({
    clock,
    metrics,
    media,
    legs,
    interactions,
    agents,
    auth,
    ids,
    log,
    domain: site.domain,
    trunks,
    isWebSocket: engine.isWebSocket,
    destinations,
    stations,
    internal,
  });
  interactions.attach({ signalling: legs, queues });
  sessions.onSignedIn((agent) => agents.setReachable(agent, registrar.bindingOf(stations.userOf(agent)) !== null));

  const stopWatching = sessions.watch();
  await history.restore();
  await wrapUps.restore((agent) => agents.get(agent) !== undefined);
  engine.srf.invite(calls.handle);
  engine.connect();
  media.connect();

  return {
    sessions,
    desk,
    desktops,
    administration,
    history,
    siteDirectory,
    domain: site.domain,
    metrics,
    health: () => ({ engine: engine.connected, mediaServer: media.connected, database: storeCare.answers() }),
    dump: async () => ({
      interactions: interactions.dump(),
      internalCalls: internal.dump(),
      queues: queues.dump(),
      wrapUps: wrapUps.dump(),
      sip: legs.dump(),
      outbound: outbound.dump(),
      registrations: registrar.dump(),
      subscriptions: sip.subscriptions.count(),
      guesses: auth.dump(),
      media: await media.dump(),
    }),
    close: async () => {
      sip.close();
      engine.close();
      media.close();
      storeCare.stop();
      stopWatching();
      await store.close();
    },
  };
}
