import { FRAME_MS, type AudioEncoder, type Codec } from "./codec.js";
import { G711Encoder } from "./g711-codec.js";
import { composeMusic } from "./music.js";
import type { OpusLibrary } from "./opus-codec.js";
import { Downsampler } from "./resampler.js";
import { cadenceKey, composeRingback, ringbackCountries } from "./ringback.js";

/** A sound encoded once for each codec: payloads of 20 ms each, to be looped. */
export type Recording = Readonly<Record<Codec, readonly Uint8Array[]>>;

/** Frames encoded before the first one that is kept: the encoder is then in the state it will be in at the end of the loop. */
const PRE_ROLL_FRAMES = 10;

/** Music, ringback and silence, ready to be sent: playing them costs no encoding. */
export class SoundLibrary {
  readonly #opus: OpusLibrary;
  readonly #music: ReadonlyMap<string, Recording>;
  readonly #builtInMusic: Recording;
  readonly #ringback = new Map<string, Recording>();
  readonly #silence: Recording;

  /** `files`: sound at 48 kHz by queue; `default` replaces the built-in music. */
  constructor(opus: OpusLibrary, files: ReadonlyMap<string, Int16Array>) {
    this.#opus = opus;
    this.#music = new Map([...files].map(([queue, samples]) => [queue, this.#record(samples)]));
    this.#builtInMusic = this.#music.get("default") ?? this.#record(composeMusic());
    for (const country of ["NO", ...ringbackCountries]) {
      const key = cadenceKey(country);
      if (!this.#ringback.has(key)) this.#ringback.set(key, this.#record(composeRingback(country)));
    }
    this.#silence = this.#record(new Int16Array(48 * FRAME_MS));
  }

  music(queue: string, codec: Codec): readonly Uint8Array[] {
    return (this.#music.get(queue) ?? this.#builtInMusic)[codec];
  }

  ringback(country: string, codec: Codec): readonly Uint8Array[] {
    return this.#ringback.get(cadenceKey(country))![codec];
  }

  silence(codec: Codec): Uint8Array {
    return this.#silence[codec][0]!;
  }

  #record(samples: Int16Array): Recording {
    const wide = loopFrames(samples, 48 * FRAME_MS);
    const narrow = loopFrames(
      new Downsampler().process(samples.subarray(0, 6 * Math.floor(samples.length / 6))),
      8 * FRAME_MS,
    );
    return {
      opus: encodeLoop(wide, this.#opus.encoder(48000, "music")),
      PCMU: encodeLoop(narrow, new G711Encoder("PCMU", 8000)),
      PCMA: encodeLoop(narrow, new G711Encoder("PCMA", 8000)),
    };
  }
}

/** Whole frames of 20 ms; a rest shorter than that is left out. */
function loopFrames(samples: Int16Array, length: number): Int16Array[] {
  const count = Math.max(1, Math.floor(samples.length / length));
  return Array.from({ length: count }, (_, i) => {
    const frame = new Int16Array(length);
    frame.set(samples.subarray(i * length, (i + 1) * length));
    return frame;
  });
}

function encodeLoop(frames: readonly Int16Array[], encoder: AudioEncoder): Uint8Array[] {
  for (let i = 0; i < PRE_ROLL_FRAMES; i++)
    encoder.encode(frames.at(-1 - ((PRE_ROLL_FRAMES - 1 - i) % frames.length))!);
  const payloads = frames.map((frame) => encoder.encode(frame));
  encoder.close();
  return payloads;
}
