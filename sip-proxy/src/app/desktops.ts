import type { Desktop, InteractionView, Notice, SessionEnd } from "@legwork/shared/api";
import type { AgentId, InteractionId } from "@legwork/shared/ids";
import { desktopAgentState } from "../domain/desktop-agent.js";
import type { SiteData } from "@legwork/shared/store";
import type { Clock } from "../ports/clock.js";
import type { Agents } from "./agents.js";
import type { Queues } from "./queues.js";
import type { WrapUpPolicy, WrapUps } from "./wrap-ups.js";

/** One open event stream of an agent. */
export interface Stream {
  desktop(id: string, desktop: Desktop): void;
  notice(id: string, notice: Notice): void;
  end(why: SessionEnd): void;
}

interface Channel {
  readonly streams: Set<Stream>;
  seq: number;
  notices: { readonly seq: number; readonly notice: Notice }[];
  lastSent: string | null;
}

export interface DesktopsDeps {
  readonly clock: Clock;
  readonly site: SiteData;
  readonly wrapUpPolicy: WrapUpPolicy;
  readonly agents: Agents;
  readonly queues: Queues;
  readonly wrapUps: WrapUps;
  /** The call an agent is in, if any. */
  viewFor(agent: AgentId): InteractionView | null;
  readonly demoCustomer: boolean;
  historyRevision(agent: AgentId): number;
  /** Changes from one start of the server to the next, so that an old Last-Event-ID is known to be old. */
  readonly epoch: string;
  stationOf(agent: AgentId): "browser" | "extension";
}

/** Notices kept for a stream that comes back. */
const KEPT_NOTICES = 32;

/** Each agent's desktop, pushed whole whenever it changed. */
export class Desktops {
  readonly #channels = new Map<AgentId, Channel>();
  readonly #dirty = new Set<AgentId>();

  constructor(private readonly deps: DesktopsDeps) {}

  /** Changes of one turn of the event loop are sent as one. */
  changed(agents: Iterable<AgentId>): void {
    if (this.#dirty.size === 0) queueMicrotask(() => this.#flush());
    for (const agent of agents) this.#dirty.add(agent);
  }

  notice(agent: AgentId, kind: Notice["kind"], interaction: InteractionId | null, who: string | null): void {
    const channel = this.#channel(agent);
    const notice: Notice = { kind, interaction, who, at: new Date(this.deps.clock.now()).toISOString() };
    channel.notices = [...channel.notices.slice(1 - KEPT_NOTICES), { seq: ++channel.seq, notice }];
    for (const stream of channel.streams) stream.notice(this.#id(channel.seq), notice);
  }

  /** Sends the missed notices and the present desktop, then everything new; returns the way to stop. */
  open(agent: AgentId, stream: Stream, lastEventId: string | null): () => void {
    const channel = this.#channel(agent);
    const [epoch, seq] = lastEventId?.split(":") ?? [];
    if (epoch === this.deps.epoch) {
      for (const missed of channel.notices.filter((n) => n.seq > Number(seq))) {
        stream.notice(this.#id(missed.seq), missed.notice);
      }
    }
    stream.desktop(this.#id(++channel.seq), this.of(agent));
    channel.lastSent = null; // it may be older than what this stream was told: nobody saw the changes in between
    channel.streams.add(stream);
    return () => channel.streams.delete(stream);
  }

  /** Signed out: the streams end. */
  close(agent: AgentId, why: SessionEnd): void {
    for (const stream of this.#channel(agent).streams) stream.end(why);
    this.#channels.delete(agent);
  }

  of(agent: AgentId): Desktop {
    const { agents, clock, queues, site, wrapUps, wrapUpPolicy } = this.deps;
    const entry = agents.get(agent);
    if (!entry) throw new Error(`no agent ${agent}`);
    const iso = (ms: number) => new Date(ms).toISOString();
    return {
      now: iso(clock.now()),
      agent: {
        id: agent,
        name: entry.record.name,
        role: entry.record.role,
        state: desktopAgentState(entry.state),
        since: iso(entry.since),
      },
      station: { kind: this.deps.stationOf(agent), registered: entry.reachable },
      interaction: this.deps.viewFor(agent),
      wrapUps: wrapUps.openOf(agent).map((w) => ({
        id: w.id,
        interaction: w.interaction,
        customer: { name: w.customerName, number: w.customerNumber },
        openedAt: iso(w.openedAt),
        autoAt: w.autoAt === null ? null : iso(w.autoAt),
        mayCancelAuto: wrapUpPolicy.mayCancel,
        defaultReason: wrapUpPolicy.defaultReason,
        draft: w.draft,
      })),
      wrapUpReasons: [...site.wrapUpReasons],
      idleReasons: [...site.idleReasons],
      historyRevision: this.deps.historyRevision(agent),
      waiting: queues.waitingFor(agent),
      demoCustomer: this.deps.demoCustomer,
    };
  }

  #flush(): void {
    const dirty = [...this.#dirty];
    this.#dirty.clear();
    for (const agent of dirty) {
      const channel = this.#channels.get(agent);
      if (!channel || channel.streams.size === 0) continue;
      const desktop = this.of(agent);
      const shown = JSON.stringify({ ...desktop, now: "" });
      if (shown === channel.lastSent) continue;
      channel.lastSent = shown;
      const id = this.#id(++channel.seq);
      for (const stream of channel.streams) stream.desktop(id, desktop);
    }
  }

  #channel(agent: AgentId): Channel {
    const known = this.#channels.get(agent);
    if (known) return known;
    const channel: Channel = { streams: new Set(), seq: 0, notices: [], lastSent: null };
    this.#channels.set(agent, channel);
    return channel;
  }

  #id(seq: number): string {
    return `${this.deps.epoch}:${seq}`;
  }
}
