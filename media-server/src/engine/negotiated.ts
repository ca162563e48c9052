import type { Codec } from "../audio/codec.js";

/** What the engine needs to know of an agreed description (RFC 3264). */
export interface Negotiated {
  /** What we send, and the payload type it has at the peer. */
  readonly codec: Codec;
  readonly payloadType: number;
  /** Payload types that may arrive. */
  readonly receive: ReadonlyMap<number, Codec>;
  /** Telephone-events (RFC 4733), when both know them: what we send, and all that may arrive with their clock rates. */
  readonly events: { readonly payloadType: number; readonly clockRate: number } | null;
  readonly receiveEvents: ReadonlyMap<number, number>;
  /** The peer's description: does it want our sound, will it send its own. */
  readonly peerReceives: boolean;
  readonly peerSends: boolean;
}
