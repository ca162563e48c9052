import { Decoder, Encoder } from "@evan/opus";
import type { MixRate } from "../../audio/codec.js";
import type { OpusDecoder, OpusEncoder, OpusLibrary, OpusUse } from "../../audio/opus-codec.js";

/**
 * libopus 1.5.2 as native code, prebuilt in the package. It keeps one static buffer for all results of a process, so it must not run in
 * two threads of one: that is why each media thread is a process of its own.
 */
export const evanOpus: OpusLibrary = {
  decoder: (rate) => new EvanDecoder(rate),
  encoder: (rate, use) => new EvanEncoder(rate, use),
};

/** Less than half the work of 9 for a difference that telephones do not carry. */
const COMPLEXITY = 5;

class EvanDecoder implements OpusDecoder {
  readonly #decoder: Decoder;
  readonly #frameLength: number;
  /** TOC byte of the last packet: alone it is an empty packet, for which libopus conceals one frame (an empty buffer throws). */
  #toc: Uint8Array | null = null;

  constructor(rate: MixRate) {
    this.#decoder = new Decoder({ channels: 1, sample_rate: rate });
    this.#frameLength = rate / 50;
  }

  decode(packet: Uint8Array): Int16Array | null {
    if (packet.length === 0) return null;
    try {
      const sound = asSamples(this.#decoder.decode(packet));
      this.#toc = packet.slice(0, 1);
      return sound;
    } catch {
      return null; // Not Opus: the caller conceals.
    }
  }

  conceal(): Int16Array {
    if (this.#toc === null) return new Int16Array(this.#frameLength);
    // The frame count bits cleared: code 0, one frame.
    return asSamples(this.#decoder.decode(Uint8Array.of(this.#toc[0]! & 0xfc)));
  }

  close(): void {}
}

class EvanEncoder implements OpusEncoder {
  readonly #encoder: Encoder;

  constructor(rate: MixRate, use: OpusUse) {
    this.#encoder = new Encoder({ channels: 1, sample_rate: rate, application: use === "voice" ? "voip" : "audio" });
    this.#encoder.complexity = COMPLEXITY;
    this.#encoder.bitrate = use === "voice" ? 32000 : 48000;
    if (use === "voice") this.#encoder.signal = "voice";
  }

  encode(frame: Int16Array): Uint8Array {
    return this.#encoder.encode(frame);
  }

  close(): void {}
}

function asSamples(bytes: Uint8Array): Int16Array {
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  return new Int16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 2);
}
