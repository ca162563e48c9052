import type { Report } from "../rtp/rtcp.js";
import type { LocalTransport, RemoteDescription } from "../sdp/description.js";
import type { Agreement, PayloadTypes } from "../sdp/offer-answer.js";

/** What a wire tells its leg. */
export interface WireEvents {
  /** A datagram came; `origin` is where from, "" where the wire authenticates the peer itself. */
  packet(datagram: Uint8Array, origin: string): void;
  /** A believable RTCP compound came; `host` is where from, as an address without a port. */
  report(compound: Uint8Array, host: string): void;
  up(): void;
  lost(cause: "ice" | "dtls"): void;
}

/** The way to one peer: a WebRTC transport or a pair of UDP ports. */
export interface Wire {
  readonly local: LocalTransport;
  /** The payload types it can carry; null for any. */
  readonly carried: PayloadTypes | null;
  /** Before an offer of the peer is answered. */
  prepare(remote: RemoteDescription): Promise<void>;
  /** Carries an agreement out. */
  agree(agreement: Agreement): Promise<void>;
  send(packet: Uint8Array): void;
  /** Sends where the peer's packets come from, from now on (symmetric RTP, RFC 4961). */
  adopt(origin: string): void;
  /** Sends a report, if it is known where to and the wire does not do it itself. */
  report(report: Report): void;
  close(): void;
}

/** What a wire is made for. */
export interface WireStart {
  readonly transport: "webrtc" | "rtp";
  /** What the leg sends. */
  readonly ssrc: number;
  /** The payload types that it must be able to carry. */
  readonly carried: PayloadTypes;
}

/** What all wires of a thread hold together. */
export interface WireCounts {
  readonly workers: number;
  readonly routers: number;
  readonly webRtcTransports: number;
  readonly directTransports: number;
  readonly producers: number;
  readonly consumers: number;
  readonly sockets: number;
}

/** Makes the wires of one thread. */
export interface Wires {
  /** Throws `NoPortLeft` when no port is free for it. */
  make(start: WireStart, events: WireEvents): Promise<Wire>;
  counts(): Promise<WireCounts>;
  close(): void;
}

/** No port of the range is free. */
export class NoPortLeft extends Error {}
