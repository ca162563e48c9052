import type { AppAddress, RouteDecision, RouteRule } from "../protocol/routing.js";

/** The clock the core runs by; tests hand in one they turn by hand. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once after `ms` milliseconds. */
  schedule(ms: number, fire: () => void): Alarm;
}

/** A scheduled call that can be taken back. */
export interface Alarm {
  cancel(): void;
}

/** Source of identifiers nobody can guess. */
export interface Ids {
  uuid(): string;
  /** A token for tags and branches, 72 bits or more (RFC 3261 19.3 asks for 32). */
  token(): string;
}

export type Transport = "udp" | "tcp" | "tls" | "ws" | "wss";

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A path to one peer: a connection, or over UDP a pair of addresses. */
export interface Flow {
  readonly transport: Transport;
  /** The address we are known by on this path: goes into Via and Contact. */
  readonly advertised: Address;
  /** The local socket's address. */
  readonly local: Address;
  readonly remote: Address;
  readonly closed: boolean;
  /** Sends one message; `failed` is called at most once when the network refuses it. */
  send(octets: string, failed: () => void): void;
}

/** Where a request is to go. `host` may be a name. */
export interface Target {
  readonly transport: Transport;
  readonly host: string;
  readonly port: number;
  /** True when the URI named no port: the host's SRV records may then say another host and port (RFC 3263 4.2). */
  readonly portOpen: boolean;
  /** True when the URI named no transport either: NAPTR records may choose it (4.1), or the size of a request. */
  readonly transportOpen?: boolean;
  /** Our address in the dialog, as the peer knows it: of several listeners the one that goes by it sends. */
  readonly from?: Address;
}

export type ReachFailure = "dns" | "no-transport" | "no-connection";

/** Opens paths to peers; connections that exist are used again. */
export interface Transports {
  /**
   * Answers at once when the target is an address, later when a name must be resolved first.
   * @param failed paths to this target that did not work: another is looked for (RFC 3263 4.3), and these come last for
   *   other requests too, for a while
   */
  reach(target: Target, failed?: readonly Flow[]): Flow | ReachFailure | Promise<Flow | ReachFailure>;
  /** The connection for a request of this size when it is too large for a datagram (RFC 3261 18.1.1); null: none needed, or none to be had. */
  connectionFor(flow: Flow, bytes: number): Flow | null;
  /** True when one of our listeners is bound to, or advertised as, this address. */
  isOurs(host: string, port: number): boolean;
  /** A flow to nowhere, for writing the request that could not be sent. */
  readonly nowhere: Flow;
  /** The transport to use when a URI names none (RFC 3263 4.1). */
  readonly preferred: Transport;
}

/** An app as the core sees it: one connection from drachtio-srf. */
export interface App {
  readonly id: string;
  readonly connected: boolean;
  /** Sends one frame's payload. */
  send(payload: string): void;
  /** Ends the connection. */
  close(): void;
}

/** The world outside that decides about new requests. */
export interface RoutingPort {
  /** Asks a web server; its answer, or why there is none. */
  ask(
    rule: Extract<RouteRule, { type: "ask" }>,
    query: readonly (readonly [string, string])[],
    sip: string,
  ): Promise<RouteDecision | "unreachable" | "invalid">;
  /** Connects to an app that listens; it has authenticated when this is done. Null when it cannot be had. */
  connect(address: AppAddress): Promise<App | null>;
}

/** True where the transport itself delivers reliably, so nothing is retransmitted. */
export function isReliable(transport: Transport): boolean {
  return transport !== "udp";
}

/** True for connections only the peer can open. */
export function isWebSocket(flow: Flow): boolean {
  return flow.transport === "ws" || flow.transport === "wss";
}
