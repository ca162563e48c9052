import type { MixRate } from "./codec.js";

/** What is needed of an Opus library (RFC 6716); adapters give it. */
export interface OpusLibrary {
  decoder(rate: MixRate): OpusDecoder;
  encoder(rate: MixRate, use: OpusUse): OpusEncoder;
}

/** `voice`: 32 kbit/s, VOIP; `music`: 48 kbit/s, for what is encoded once and played often. */
export type OpusUse = "voice" | "music";

export interface OpusDecoder {
  /** Mono sound; null when the packet is no Opus. */
  decode(packet: Uint8Array): Int16Array | null;
  /** Sound in place of a lost packet as long as the last one. */
  conceal(): Int16Array;
  close(): void;
}

export interface OpusEncoder {
  /** A frame of 20 ms, mono. */
  encode(frame: Int16Array): Uint8Array;
  close(): void;
}
