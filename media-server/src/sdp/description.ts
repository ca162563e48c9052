import type { Codec } from "../audio/codec.js";

/** Direction of a medium as one side describes itself (RFC 3264 section 6.1). */
export type Direction = "sendrecv" | "sendonly" | "recvonly" | "inactive";

export type Setup = "actpass" | "active" | "passive";

/** A codec with the payload type one side gave it. */
export interface OfferedCodec {
  readonly codec: Codec;
  readonly payloadType: number;
}

export interface OfferedEvents {
  readonly payloadType: number;
  readonly clockRate: number;
}

/** An m-line as far as it must be answered: one we do not want is refused with port 0 (RFC 3264 section 6). */
export interface MediaLine {
  readonly type: string;
  readonly protocol: string;
  readonly payloads: string;
  readonly mid: string | null;
  readonly rtcpMux: boolean;
}

/** How the peer's audio is carried: through ICE, DTLS and SRTP, or as it is. */
export type RemoteTransport =
  | {
      readonly kind: "webrtc";
      readonly iceUfrag: string;
      readonly setup: Setup;
      readonly fingerprint: { readonly algorithm: string; readonly value: string };
      /** Null when the peer does not signal it: then it must tag its packets with the mid (RFC 8843 section 9.2). */
      readonly ssrc: number | null;
      readonly midExtension: number | null;
    }
  | {
      readonly kind: "rtp";
      /** Null where the old form of hold says 0.0.0.0. */
      readonly address: { readonly ip: string; readonly port: number; readonly rtcpPort: number } | null;
      readonly rtcpMux: boolean;
    };

/** The peer's description, as far as we understand it. */
export interface RemoteDescription {
  readonly lines: readonly MediaLine[];
  /** Which of the lines is the audio that we speak. */
  readonly audio: number;
  readonly bundled: boolean;
  /** The peer's own side; a missing line is sendrecv, the old hold form `c=0.0.0.0` is sendonly. */
  readonly direction: Direction;
  /** In the order of the peer's preference. */
  readonly codecs: readonly OfferedCodec[];
  readonly events: readonly OfferedEvents[];
  readonly transport: RemoteTransport;
}

/** Our end of the wire, as it stands in our description. */
export type LocalTransport =
  | {
      readonly kind: "webrtc";
      readonly ice: { readonly ufrag: string; readonly pwd: string };
      readonly candidates: readonly LocalCandidate[];
      readonly fingerprint: { readonly algorithm: string; readonly value: string };
      readonly ssrc: number;
    }
  | { readonly kind: "rtp"; readonly ip: string; readonly port: number };

export interface LocalCandidate {
  readonly foundation: string;
  readonly priority: number;
  readonly ip: string;
  readonly port: number;
  readonly protocol: "udp" | "tcp";
}

/** Why a description cannot be taken; the codes of the control protocol. */
export interface SdpProblem {
  readonly code: "bad-sdp" | "no-common-codec" | "wrong-state";
  readonly message: string;
}

export type SdpResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: SdpProblem };

export const fine = <T>(value: T): SdpResult<T> => ({ ok: true, value });
export const problem = (code: SdpProblem["code"], message: string): { ok: false; problem: SdpProblem } => ({
  ok: false,
  problem: { code, message },
});

export function reversed(direction: Direction): Direction {
  return direction === "sendonly" ? "recvonly" : direction === "recvonly" ? "sendonly" : direction;
}

export const sends = (direction: Direction): boolean => direction === "sendrecv" || direction === "sendonly";
export const receives = (direction: Direction): boolean => direction === "sendrecv" || direction === "recvonly";
