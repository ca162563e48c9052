import type { Address, Flow, ReachFailure, Target, Transport, Transports } from "../core/ports.js";
import { bareHost, isAddress } from "../sip/uri.js";
import { advertisedFor, isWildcard, localAddresses } from "./listener.js";
import type { ListenSpec, Listener, TlsFiles, TransportEvents } from "./listener.js";
import { resolvePlace } from "./resolver.js";
import { TcpListener } from "./tcp.js";
import { UdpListener } from "./udp.js";
import { WsListener } from "./ws.js";

type AnyListener = UdpListener | TcpListener | WsListener;

/** All listeners together: opens them, finds the one for a target, resolves names. */
export class TransportHub implements Transports {
  readonly #listeners: readonly AnyListener[];

  private constructor(listeners: readonly AnyListener[]) {
    this.#listeners = listeners;
  }

  /** Opens every listener, or none: the first that fails closes the others and rejects. */
  static async open(
    specs: readonly ListenSpec[],
    tls: TlsFiles | null,
    events: TransportEvents,
  ): Promise<TransportHub> {
    const opened: AnyListener[] = [];
    try {
      for (const spec of specs) opened.push(await openListener(spec, tls, events));
    } catch (error) {
      await Promise.all(opened.map((listener) => listener.close()));
      throw error;
    }
    return new TransportHub(opened);
  }

  get listeners(): readonly Listener[] {
    return this.#listeners;
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
      if (name === bound.host || name === external) return true;
      if (name === "localhost") return bound.host === "127.0.0.1" || bound.host === "::1" || isWildcard(bound.host);
      return isWildcard(bound.host) && localAddresses().some((one) => one.address === name);
    });
  }

  reach(target: Target): Flow | ReachFailure | Promise<Flow | ReachFailure> {
    const fitting = this.#listeners.filter((listener) => listener.transport === target.transport);
    if (fitting.length === 0) return "no-transport";
    if (isAddress(target.host)) return connectFrom(fitting, target, target.host);
    if (target.transport === "ws" || target.transport === "wss") return "no-connection";
    return this.#resolve(fitting, target);
  }

  async #resolve(fitting: readonly AnyListener[], target: Target): Promise<Flow | ReachFailure> {
    const families = new Set(fitting.map(({ bound }) => (bound.host.includes(":") ? 6 : 4)));
    const place = await resolvePlace(target, families);
    return place === null ? "dns" : connectFrom(fitting, place, target.host);
  }

  async close(): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => listener.close()));
  }
}

const NOWHERE: Address = { host: "0.0.0.0", port: 0 };

function connectFrom(listeners: readonly AnyListener[], remote: Address, name: string): Flow | ReachFailure {
  const listener = nearestListener(listeners, remote.host);
  if (listener === undefined || remote.port < 1 || remote.port > 65_535) return "no-transport";
  return listener.flowTo({ host: remote.host, port: remote.port }, name) ?? "no-connection";
}

/** Of several listeners the one in the peer's address family, loopback with loopback. */
function nearestListener(listeners: readonly AnyListener[], host: string): AnyListener | undefined {
  const family = listeners.filter(({ bound }) => bound.host.includes(":") === host.includes(":"));
  const loopback = host.startsWith("127.") || host === "::1";
  const near = family.find(({ bound }) => (bound.host.startsWith("127.") || bound.host === "::1") === loopback);
  return near ?? family.find(({ bound }) => isWildcard(bound.host)) ?? family[0];
}

function openListener(spec: ListenSpec, tls: TlsFiles | null, events: TransportEvents): Promise<AnyListener> {
  switch (spec.transport) {
    case "udp":
      return UdpListener.open(spec, events);
    case "tcp":
    case "tls":
      return TcpListener.open(spec, spec.transport === "tls" ? tls : null, events);
    case "ws":
    case "wss":
      return WsListener.open(spec, spec.transport === "wss" ? tls : null, events);
  }
}
