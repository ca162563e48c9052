import { randomBytes } from "node:crypto";
import { brand, type AgentId, type InteractionId } from "@legwork/shared/ids";
import type { SiteData, Store } from "@legwork/shared/store";
import { demoCaller } from "./adapters/demo/demo-client.js";
import { MediaClient } from "./adapters/media-control/media-client.js";
import { Authenticator } from "./adapters/srf/authenticator.js";
import { Calls } from "./adapters/srf/calls.js";
import { Engine } from "./adapters/srf/engine.js";
import { Registrar } from "./adapters/srf/registrar.js";
import { SipLegs } from "./adapters/srf/sip-legs.js";
import type { Handler } from "./adapters/srf/srf-api.js";
import { hashPassword, randomIds, systemClock, verifyPassword } from "./adapters/system/system.js";
import { Agents } from "./app/agents.js";
import { Desk } from "./app/desk.js";
import { Desktops } from "./app/desktops.js";
import { Destinations } from "./app/destinations.js";
import { Interactions } from "./app/interactions.js";
import { Queues } from "./app/queues.js";
import { Sessions } from "./app/sessions.js";
import { WrapUps, type WrapUpPolicy } from "./app/wrap-ups.js";
import type { Config } from "./config.js";
import type { Who } from "./domain/interaction-state.js";
import { timerLengths, type Site } from "./domain/site.js";
import type { Log } from "./ports/log.js";

/** Every part of the process, wired. */
export interface ContactCentre {
  readonly sessions: Sessions;
  readonly desk: Desk;
  readonly desktops: Desktops;
  readonly domain: string;
  healthy(): boolean;
  dump(): Promise<object>;
  close(): Promise<void>;
}

/** Reads the site's data, puts the parts together and connects to the engine and the media-server. */
export async function openContactCentre(config: Config, site: Site, store: Store, log: Log): Promise<ContactCentre> {
  const data = await store.seed(await siteData(site));
  const stale = changedSince(site, data);
  if (stale.length > 0)
    log.warn({ changed: stale }, "the site file has changed, but the database of an earlier start counts");
  const wrapUpPolicy = wrapUpPolicyOf(site);
  const clock = systemClock;
  const ids = randomIds;

  // The parts tell each other of changes; these close the circles.
  const changed = (agents: Iterable<AgentId>): void => desktops.changed(agents);
  const wrapUps = new WrapUps({
    store,
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
    },
  });
  const media = new MediaClient({
    url: config.media.url,
    token: config.media.token,
    clock,
    log,
    news: (news) => {
      if (news.event === "reconnected" && !news.sameInstance) legs.mediaLost(); // a new media-server knows none of our legs
      interactions.mediaNews(news);
    },
  });
  const notice = (
    agent: AgentId,
    kind: Parameters<Desktops["notice"]>[1]["kind"],
    id: InteractionId,
    who: Who | null,
  ) =>
    desktops.notice(agent, {
      kind,
      interaction: id,
      who: who && ("agent" in who ? agents.nameOf(who.agent) : (who.outside.name ?? who.outside.number)),
      at: new Date(clock.now()).toISOString(),
    });
  const interactions: Interactions = new Interactions({
    store,
    media,
    clock,
    ids,
    log,
    policy: {
      consultEnd: site.policy["consult.end"],
      consultReturn: site.policy["consult.return"],
      transferAccept: site.policy["transfer.accept"],
      seatLost: site.policy["seat.lost"],
    },
    country: site.country,
    seatKeptMs: site.policy["seat.lost.seconds"] * 1000,
    timers: timerLengths(site.policy),
    agents,
    wrapUps,
    notice,
    stationOf: (agent) => stationKind(agent),
    changed,
  });
  const queues: Queues = new Queues(data.queues, agents, (id, agent) => interactions.offer(id, agent), changed);
  const sessions: Sessions = new Sessions({
    agents,
    ids,
    log,
    verifyPassword,
    ended: (session, why) => {
      if (why === "taken-over") {
        desktops.notice(session.agent.id, {
          kind: "signed-out-elsewhere",
          interaction: null,
          who: null,
          at: new Date(clock.now()).toISOString(),
        });
      }
      desktops.close(session.agent.id);
      registrar.forget(session.agent.id);
    },
  });
  const stationUser = (agent: AgentId): string => {
    const station = sessions.of(agent)?.station;
    return station?.kind === "extension" ? station.extension : agent;
  };
  const stationKind = (agent: AgentId): "browser" | "extension" => sessions.of(agent)?.station.kind ?? "browser";
  const call = config.demo ? demoCaller(config.demo.url, config.demo.token) : null;
  const firstNumber = data.entryPoints[0]?.number ?? "";
  const desktops: Desktops = new Desktops({
    clock,
    site: data,
    wrapUpPolicy,
    agents,
    queues,
    wrapUps,
    interactions,
    demoCustomer: call !== null,
    epoch: randomBytes(6).toString("hex"),
    stationOf: stationKind,
  });
  const destinations = new Destinations(agents, data.queues, data.entryPoints);
  const desk = new Desk({
    agents,
    destinations,
    queues,
    interactions,
    wrapUps,
    desktops,
    clock,
    idleReasons: data.idleReasons.map((r) => r.id),
    demoCall: call && (() => call(firstNumber)),
  });

  const phonePasswords = new Map(site.agents.flatMap((a) => (a.extension ? [[a.extension, a.phonePassword]] : [])));
  const auth = new Authenticator({
    realm: site.domain,
    clock,
    passwordOf: (user) => sessions.of(brand<AgentId>(user))?.sipPassword ?? phonePasswords.get(user) ?? null,
    refused: (user, address) => log.warn({ user, address }, "SIP credentials refused"),
  });
  const registrar: Registrar = new Registrar({
    auth,
    clock,
    log,
    changed: (user, registered) => {
      const agent = agents.find(user);
      if (!agent || stationUser(agent.id) !== user) return;
      agents.setReachable(agent.id, registered);
      if (registered) queues.route();
    },
  });
  const engine = new Engine(config.engine, log, () => {
    legs.engineLost();
    registrar.forgetAll();
  });
  const legs: SipLegs = new SipLegs({
    srf: engine.srf,
    media,
    ids,
    log,
    domain: site.domain,
    interactions,
    bindingOf: (agent) => registrar.bindingOf(stationUser(agent)),
  });
  const calls = new Calls({
    media,
    legs,
    interactions,
    agents,
    auth,
    ids,
    log,
    domain: site.domain,
    trunks: [
      ...site.trunks,
      ...(config.demo
        ? [{ name: "demo-customer", address: config.demo.trunk.host, port: config.demo.trunk.port }]
        : []),
    ],
    destinations,
  });
  interactions.attach({ signalling: legs, queues });
  sessions.onSignedIn((agent) => agents.setReachable(agent, registrar.bindingOf(stationUser(agent)) !== null));

  await wrapUps.restore();
  engine.srf.invite(calls.handle);
  engine.srf.register(registrar.handle);
  engine.srf.options((_req, res) => res.send(200));
  const notAllowed: Handler = (_req, res) => res.send(405, { headers: { Allow: "INVITE, REGISTER, OPTIONS" } });
  for (const method of ["subscribe", "message", "info", "publish"] as const) engine.srf[method](notAllowed);
  engine.srf.notify((_req, res) => res.send(481));
  engine.connect();
  media.connect();

  return {
    sessions,
    desk,
    desktops,
    domain: site.domain,
    healthy: () => engine.connected && media.connected,
    dump: async () => ({
      interactions: interactions.dump(),
      queues: queues.dump(),
      wrapUps: wrapUps.dump(),
      sip: legs.dump(),
      registrations: registrar.dump(),
      media: await media.dump(),
    }),
    close: async () => {
      engine.close();
      media.close();
      await store.close();
    },
  };
}

/** The parts of the site file that differ from what was seeded: they have no effect, and that must not be a riddle. */
function changedSince(site: Site, data: SiteData): string[] {
  const same = (a: readonly { id: string }[], b: readonly { id: string }[]): boolean =>
    [...a]
      .map((x) => x.id)
      .sort()
      .join() ===
    [...b]
      .map((x) => x.id)
      .sort()
      .join();
  return (["agents", "queues", "entryPoints", "wrapUpReasons", "idleReasons"] as const).filter(
    (p) => !same(site[p], data[p]),
  );
}

const wrapUpPolicyOf = (site: Site): WrapUpPolicy => ({
  autoSeconds: site.policy["wrap-up.auto.seconds"],
  mayCancel: site.policy["wrap-up.auto.cancel"],
  defaultReason: site.policy["wrap-up.default"],
  reasons: site.wrapUpReasons.map((r) => r.id),
});

/** The site file as the store keeps it: passwords only as hashes. */
async function siteData(site: Site): Promise<SiteData> {
  const agents = await Promise.all(
    site.agents.map(async ({ id, name, role, extension, password }) => ({
      id: brand<AgentId>(id),
      name,
      role,
      extension,
      passwordHash: await hashPassword(password),
    })),
  );
  return {
    agents,
    queues: site.queues.map((q) => ({ id: brand(q.id), name: q.name, agents: q.agents.map((a) => brand(a)) })),
    entryPoints: site.entryPoints.map((e) => ({ ...e, id: brand(e.id), queue: brand(e.queue) })),
    wrapUpReasons: site.wrapUpReasons,
    idleReasons: site.idleReasons,
  };
}
