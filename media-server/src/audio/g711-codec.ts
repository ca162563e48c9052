import { FRAME_MS, type AudioDecoder, type AudioEncoder, type MixRate } from "./codec.js";
import { decodeG711, encodeG711, type G711 } from "./g711.js";
import { plainKernel, type Kernel } from "./kernel.js";
import { Downsampler, Upsampler } from "./resampler.js";

/** Each covered-up frame is this much quieter than the one before. */
const FADE = 0.6;

export class G711Decoder implements AudioDecoder {
  readonly #law: G711;
  readonly #up: Upsampler | null;
  #last: Int16Array = new Int16Array(8 * FRAME_MS);

  constructor(law: G711, rate: MixRate, kernel: Kernel = plainKernel) {
    this.#law = law;
    this.#up = rate === 48000 ? new Upsampler(kernel) : null;
  }

  decode(payload: Uint8Array): Int16Array {
    this.#last = decodeG711(this.#law, payload);
    return this.#atRate(this.#last);
  }

  conceal(): Int16Array {
    this.#last = this.#last.map((v) => Math.round(v * FADE));
    return this.#atRate(this.#last);
  }

  close(): void {}

  #atRate(sound: Int16Array): Int16Array {
    return this.#up ? this.#up.process(sound) : sound;
  }
}

export class G711Encoder implements AudioEncoder {
  readonly #law: G711;
  readonly #down: Downsampler | null;

  constructor(law: G711, rate: MixRate, kernel: Kernel = plainKernel) {
    this.#law = law;
    this.#down = rate === 48000 ? new Downsampler(kernel) : null;
  }

  encode(frame: Int16Array): Uint8Array {
    return encodeG711(this.#law, this.#down ? this.#down.process(frame) : frame);
  }

  close(): void {}
}
