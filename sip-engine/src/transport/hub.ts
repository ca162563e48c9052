import type { Address, Flow, ReachFailure, Target, Transport, Transports } from "../core/ports.js";
import { bareHost, isAddress } from "../sip/uri.js";
import { SystemDns } from "./dns.js";
import { Guard } from "./guard.js";
import { advertisedFor, isWildcard, localAddresses, onNetOf } from "./listener.js";
import type { ListenSpec, TransportEvents, TransportOptions } from "./listener.js";
import { resolvePlaces } from "./resolver.js";
import type { Dns, Place } from "./resolver.js";
import { TcpListener } from "./tcp.js";
import { UdpListener } from "./udp.js";
import { WsListener } from "./ws.js";

type AnyListener = UdpListener | TcpListener | WsListener;

/** How long a place that failed is tried only after the others of its domain. */
const AVOIDED_MS = 30_000;
const MAX_AVOIDED = 1000;

/** All listeners together: opens them, finds the one for a target, resolves names. */
export class TransportHub implements Transports {
  readonly #listeners: readonly AnyListener[];
  readonly #guard: Guard;
  readonly #dns: Dns;
  readonly #udpMaxBytes: number;
  readonly #localNames: ReadonlySet<string>;
  /** Places that failed, and until when they are avoided. */
  readonly #avoided = new Map<string, number>();

  private constructor(listeners: readonly AnyListener[], guard: Guard, options: TransportOptions) {
    this.#listeners = listeners;
    this.#guard = guard;
    this.#dns = new SystemDns(options.dnsServers);
    this.#udpMaxBytes = options.udpMaxBytes;
    this.#localNames = new Set(options.localNames);
  }

  /** Opens every listener, or none: the first that fails closes the others and rejects. */
  static async open(
    specs: readonly ListenSpec[],
    options: TransportOptions,
    events: TransportEvents,
  ): Promise<TransportHub> {
    const guard = new Guard(options.limits, options.trusted, events);
    const opened: AnyListener[] = [];
    try {
      for (const spec of specs) opened.push(await openListener(besides(spec, specs), options, events, guard));
    } catch (error) {
      await Promise.all(opened.map((listener) => listener.close()));
      guard.close();
      throw error;
    }
    return new TransportHub(opened, guard, options);
  }

  get connections(): readonly Flow[] {
    return this.#listeners.flatMap((listener) => (listener instanceof UdpListener ? [] : listener.connections));
  }

  get preferred(): Transport {
    const udp = this.#listeners.find((listener) => listener.transport === "udp");
    return (
      (udp ?? this.#listeners.find((listener) => listener.transport === "tcp") ?? this.#listeners[0])?.transport ??
      "udp"
    );
  }

  get nowhere(): Flow {
    const [first] = this.#listeners;
    const advertised = first === undefined ? NOWHERE : advertisedFor(first, "");
    const transport = first?.transport ?? "udp";
    return {
      transport,
      advertised,
      local: advertised,
      remote: NOWHERE,
      closed: true,
      send: (_octets, failed) => failed(),
    };
  }

  /** Listening addresses in drachtio's form, `udp/127.0.0.1:5060,…`, as peers or as the machine itself knows them. */
  hostPorts(view: "external" | "local"): string {
    return this.#listeners
      .map((listener) => {
        const known = view === "external" ? listener : { bound: listener.bound, external: null };
        const { host, port } = advertisedFor(known, "");
        return `${listener.transport}/${host}:${port}`;
      })
      .join(",");
  }

  isOurs(host: string, port: number): boolean {
    const name = bareHost(host);
    return this.#listeners.some(({ bound, external }) => {
      if (bound.port !== port) return false;
      if (name === bound.host || name === external || this.#localNames.has(name)) return true;
      if (name === "localhost") return bound.host === "127.0.0.1" || bound.host === "::1" || isWildcard(bound.host);
      return isWildcard(bound.host) && localAddresses().some((one) => one.address === name);
    });
  }

  reach(target: Target, failed: readonly Flow[] = []): Flow | ReachFailure | Promise<Flow | ReachFailure> {
    const fitting = this.#listeners.filter((listener) => listener.transport === target.transport);
    if (fitting.length === 0) return "no-transport";
    if (!isAddress(target.host)) {
      if (target.transport === "ws" || target.transport === "wss") return "no-connection";
      return this.#resolve(target, failed);
    }
    return failed.some((flow) => isAt(flow, target)) ? "no-connection" : connectFrom(fitting, target, target);
  }

  async #resolve(target: Target, failed: readonly Flow[]): Promise<Flow | ReachFailure> {
    for (const { transport, remote } of failed) this.#avoid({ transport, ...remote });
    const supported = new Map<Transport, Set<4 | 6>>();
    for (const { transport, families } of this.#listeners) {
      supported.set(transport, new Set([...(supported.get(transport) ?? []), ...families]));
    }
    const places = await resolvePlaces(target, supported, this.#dns, Math.random);
    const left = places.filter((place) => !failed.some((flow) => isAt(flow, place)));
    const place = left.find((one) => !this.#isAvoided(one)) ?? left[0];
    if (place === undefined) return failed.length > 0 ? "no-connection" : "dns";
    const fitting = this.#listeners.filter(({ transport }) => transport === place.transport);
    return connectFrom(fitting, place, target);
  }

  connectionFor(flow: Flow, bytes: number): Flow | null {
    if (this.#udpMaxBytes === 0 || bytes <= this.#udpMaxBytes || flow.transport !== "udp") return null;
    const fitting = this.#listeners.filter(({ transport }) => transport === "tcp");
    if (this.#isAvoided({ transport: "tcp", ...flow.remote })) return null;
    const found = connectFrom(fitting, flow.remote, { host: flow.remote.host, from: flow.advertised });
    return typeof found === "string" ? null : found;
  }

  /** From now on other places come first, for a while. */
  #avoid(place: Place): void {
    if (this.#avoided.size >= MAX_AVOIDED) this.#avoided.clear();
    this.#avoided.set(placeKey(place), performance.now() + AVOIDED_MS);
  }

  #isAvoided(place: Place): boolean {
    const until = this.#avoided.get(placeKey(place));
    if (until === undefined || until > performance.now()) return until !== undefined;
    this.#avoided.delete(placeKey(place));
    return false;
  }

  async close(): Promise<void> {
    this.#guard.close();
    await Promise.all(this.#listeners.map((listener) => listener.close()));
  }
}

function placeKey({ transport, host, port }: Place): string {
  return `${transport} ${host} ${port}`;
}

function isAt(flow: Flow, place: Place): boolean {
  return placeKey({ transport: flow.transport, ...flow.remote }) === placeKey(place);
}

const NOWHERE: Address = { host: "0.0.0.0", port: 0 };

/** @param asked the name the peer's certificate has to say, and the address the peer knows us by, if it does */
function connectFrom(
  listeners: readonly AnyListener[],
  remote: Address,
  asked: Pick<Target, "host" | "from">,
): Flow | ReachFailure {
  const connected = listeners.find((one) => one instanceof TcpListener && one.isConnected(remote));
  const listener = connected ?? nearestListener(listeners, remote.host, asked.from);
  if (listener === undefined || remote.port < 1 || remote.port > 65_535) return "no-transport";
  return listener.flowTo({ host: remote.host, port: remote.port }, asked.host) ?? "no-connection";
}

/** Of several listeners the one the peer knows us by, else the one in its address family and nearest to it. */
function nearestListener(
  listeners: readonly AnyListener[],
  host: string,
  from: Address | undefined,
): AnyListener | undefined {
  const family = listeners.filter(({ families }) => families.has(host.includes(":") ? 6 : 4));
  if (family.length < 2) return family[0];
  const known = family.find((listener) => {
    const { host: ours, port } = advertisedFor(listener, host);
    return from !== undefined && port === from.port && (ours === from.host || listener.bound.host === from.host);
  });
  const loopback = isLoopback(host);
  const beside = family.find(({ bound }) => onNetOf(bound.host, host));
  const near = family.find(({ bound }) => isLoopback(bound.host) === loopback);
  return known ?? beside ?? near ?? family.find(({ bound }) => isWildcard(bound.host)) ?? family[0];
}

function isLoopback(host: string): boolean {
  return host.startsWith("127.") || host === "::1";
}

/** A `::` listener serves IPv4 as well, unless another has the same port for it. */
function besides(spec: ListenSpec, all: readonly ListenSpec[]): ListenSpec {
  const stream = spec.transport !== "udp";
  const beside = all.some((other) => {
    const same = other.port === spec.port && (other.transport !== "udp") === stream;
    return same && spec.port !== 0 && !other.host.includes(":");
  });
  return spec.host === "::" && beside ? { ...spec, ipv6Only: true } : spec;
}

function openListener(
  spec: ListenSpec,
  { tls, icmp }: TransportOptions,
  events: TransportEvents,
  guard: Guard,
): Promise<AnyListener> {
  switch (spec.transport) {
    case "udp":
      return UdpListener.open(spec, events, guard, icmp);
    case "tcp":
    case "tls":
      return TcpListener.open(spec, spec.transport === "tls" ? tls : null, events, guard);
    case "ws":
    case "wss":
      return WsListener.open(spec, spec.transport === "wss" ? tls : null, events, guard);
  }
}
