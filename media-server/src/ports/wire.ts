import type { LocalTransport, RemoteDescription } from "../sdp/description.js";
import type { Agreement, PayloadTypes } from "../sdp/offer-answer.js";
import type { SenderReport } from "../rtp/rtcp.js";

/** What a wire tells its leg. */
export interface WireEvents {
  /** A datagram came; `origin` is where from, "" where the wire authenticates the peer itself. */
  packet(datagram: Uint8Array, origin: string): void;
  /** A believable RTCP report came; `host` is where from, as an address without a port. */
  alive(host: string): void;
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
  report(report: SenderReport): void;
  close(): void;
}
