/** The audio codecs that a leg can speak. */
export type Codec = "opus" | "G722" | "PCMU" | "PCMA";

/** Sampling rates the mixer works at, in Hz. */
export type MixRate = 8000 | 16000 | 48000;

/** What goes out every tick, in ms. */
export const FRAME_MS = 20;

/** RTP clock rates (RFC 3551 section 6, RFC 7587 section 4.1); G.722's is half of its sampling rate (RFC 3551 section 4.5.2). */
export const CLOCK_RATE: Readonly<Record<Codec, number>> = { opus: 48000, G722: 8000, PCMU: 8000, PCMA: 8000 };

/** The rate at which a codec loses nothing. */
export const SAMPLING_RATE: Readonly<Record<Codec, MixRate>> = { opus: 48000, G722: 16000, PCMU: 8000, PCMA: 8000 };

/** How much sound a payload carries, in ms; 0 when it is no payload of this codec. */
export function payloadDurationMs(codec: Codec, payload: Uint8Array): number {
  const ms = codec === "opus" ? opusDurationMs(payload) : payload.length / 8; // 64 kbit/s, all the others
  return ms >= 2.5 && ms <= 120 ? ms : 0;
}

/** RFC 6716 section 3.1: the TOC byte tells the frame size, and with code 3 the next byte how many frames there are. */
function opusDurationMs(payload: Uint8Array): number {
  if (payload.length < 1) return 0;
  const config = payload[0]! >> 3;
  const frameMs =
    config < 12 ? [10, 20, 40, 60][config & 3]! : config < 16 ? [10, 20][config & 1]! : [2.5, 5, 10, 20][config & 3]!;
  const code = payload[0]! & 3;
  const frames = code === 0 ? 1 : code < 3 ? 2 : payload.length > 1 ? payload[1]! & 0x3f : 0;
  return frames * frameMs;
}

/** Turns the payloads of one stream into sound at one rate; keeps the stream's state. */
export interface AudioDecoder {
  /** Null when the payload cannot be decoded. */
  decode(payload: Uint8Array): Int16Array | null;
  /** Sound to cover one lost packet; ever quieter when called again and again. */
  conceal(): Int16Array;
  close(): void;
}

/** Turns frames of 20 ms at one rate into payloads. */
export interface AudioEncoder {
  encode(frame: Int16Array): Uint8Array;
  close(): void;
}

/** Makes decoders and encoders; the engine knows no codec library. */
export interface CodecFactory {
  decoder(codec: Codec, rate: MixRate): AudioDecoder;
  encoder(codec: Codec, rate: MixRate): AudioEncoder;
}
