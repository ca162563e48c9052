import { FRAME_MS, SAMPLING_RATE, type AudioDecoder, type AudioEncoder, type Codec, type MixRate } from "./codec.js";
import { decodeG711, encodeG711 } from "./g711.js";
import { G722Decoder, G722Encoder } from "./g722.js";
import { plainKernel, type Kernel } from "./kernel.js";
import { Downsampler, Upsampler, type Ratio } from "./resampler.js";

/** The codecs that code the wave itself, sample by sample, each at a rate of its own. */
export type WaveformCodec = Exclude<Codec, "opus">;

/** Each covered-up frame is this much quieter than the one before. */
const FADE = 0.6;

type Resampling = (sound: Int16Array) => Int16Array;

/** Brings sound from one rate to another, piece by piece. */
function resampling(from: MixRate, to: MixRate, kernel: Kernel): Resampling {
  if (from === to) return (sound) => sound;
  const resampler =
    from < to ? new Upsampler((to / from) as Ratio, kernel) : new Downsampler((from / to) as Ratio, kernel);
  return (sound) => resampler.process(sound);
}

function decodingOf(codec: WaveformCodec): (payload: Uint8Array) => Int16Array {
  if (codec !== "G722") return (payload) => decodeG711(codec, payload);
  const stream = new G722Decoder();
  return (payload) => stream.decode(payload);
}

function encodingOf(codec: WaveformCodec): (sound: Int16Array) => Uint8Array {
  if (codec !== "G722") return (sound) => encodeG711(codec, sound);
  const stream = new G722Encoder();
  return (sound) => stream.encode(sound);
}

/** Turns payloads of G.711 or G.722 into sound at the rate of a mix. */
export class WaveformDecoder implements AudioDecoder {
  readonly #decode: (payload: Uint8Array) => Int16Array;
  readonly #atRate: Resampling;
  #last: Int16Array;

  constructor(codec: WaveformCodec, rate: MixRate, kernel: Kernel = plainKernel) {
    const own = SAMPLING_RATE[codec];
    this.#decode = decodingOf(codec);
    this.#atRate = resampling(own, rate, kernel);
    this.#last = new Int16Array((own / 1000) * FRAME_MS);
  }

  decode(payload: Uint8Array): Int16Array {
    this.#last = this.#decode(payload);
    return this.#atRate(this.#last);
  }

  conceal(): Int16Array {
    this.#last = this.#last.map((v) => Math.round(v * FADE));
    return this.#atRate(this.#last);
  }

  close(): void {}
}

/** Turns frames at the rate of a mix into payloads of G.711 or G.722. */
export class WaveformEncoder implements AudioEncoder {
  readonly #encode: (sound: Int16Array) => Uint8Array;
  readonly #atRate: Resampling;

  constructor(codec: WaveformCodec, rate: MixRate, kernel: Kernel = plainKernel) {
    this.#encode = encodingOf(codec);
    this.#atRate = resampling(rate, SAMPLING_RATE[codec], kernel);
  }

  encode(frame: Int16Array): Uint8Array {
    return this.#encode(this.#atRate(frame));
  }

  close(): void {}
}
