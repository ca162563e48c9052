import OpusScript from "opusscript";
import type { MixRate } from "../../audio/codec.js";
import type { OpusDecoder, OpusEncoder, OpusLibrary, OpusUse } from "../../audio/opus-codec.js";

const SET_COMPLEXITY = 4010;
const COMPLEXITY = 5;

/** libopus 1.4 as WebAssembly: twice the work, but it runs wherever Node does. */
export const scriptOpus: OpusLibrary = {
  decoder: (rate) => new ScriptDecoder(rate),
  encoder: (rate, use) => new ScriptEncoder(rate, use),
};

class ScriptDecoder implements OpusDecoder {
  readonly #codec: OpusScript;
  readonly #frameLength: number;
  #toc: number | null = null;

  constructor(rate: MixRate) {
    this.#codec = new OpusScript(rate, 1, OpusScript.Application.VOIP);
    this.#frameLength = rate / 50;
  }

  decode(packet: Uint8Array): Int16Array | null {
    if (packet.length === 0) return null;
    try {
      const sound = this.#run(packet);
      this.#toc = packet[0]!;
      return sound;
    } catch {
      return null; // Not Opus: the caller conceals.
    }
  }

  conceal(): Int16Array {
    return this.#toc === null ? new Int16Array(this.#frameLength) : this.#run(Uint8Array.of(this.#toc & 0xfc));
  }

  close(): void {
    this.#codec.delete();
  }

  #run(packet: Uint8Array): Int16Array {
    const bytes = this.#codec.decode(Buffer.from(packet.buffer, packet.byteOffset, packet.length));
    const copy = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    return new Int16Array(copy);
  }
}

class ScriptEncoder implements OpusEncoder {
  readonly #codec: OpusScript;

  constructor(rate: MixRate, use: OpusUse) {
    const application = use === "voice" ? OpusScript.Application.VOIP : OpusScript.Application.AUDIO;
    this.#codec = new OpusScript(rate, 1, application);
    this.#codec.setBitrate(use === "voice" ? 32000 : 48000);
    this.#codec.encoderCTL(SET_COMPLEXITY, COMPLEXITY);
  }

  encode(frame: Int16Array): Uint8Array {
    const bytes = this.#codec.encode(Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength), frame.length);
    return new Uint8Array(bytes);
  }

  close(): void {
    this.#codec.delete();
  }
}
