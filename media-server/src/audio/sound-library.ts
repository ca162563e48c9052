import { FRAME_MS, type AudioEncoder, type Codec } from "./codec.js";
import { g711Silence } from "./g711.js";
import { g722Silence } from "./g722.js";
import { composeMusic } from "./music.js";
import type { OpusLibrary } from "./opus-codec.js";
import { cadenceKey, composeRingback, ringbackCountries } from "./ringback.js";
import { WaveformEncoder } from "./waveform-codec.js";

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
  readonly #silence: Readonly<Record<Codec, Uint8Array>>;

  /** `files`: sound at 48 kHz by queue; `default` replaces the built-in music. */
  constructor(opus: OpusLibrary, files: ReadonlyMap<string, Int16Array>) {
    this.#opus = opus;
    this.#music = new Map([...files].map(([queue, samples]) => [queue, this.#record(samples)]));
    this.#builtInMusic = this.#music.get("default") ?? this.#record(composeMusic());
    for (const country of ["NO", ...ringbackCountries]) {
      const key = cadenceKey(country);
      if (!this.#ringback.has(key)) this.#ringback.set(key, this.#record(composeRingback(country)));
    }
    const bytes = 8 * FRAME_MS; // 64 kbit/s
    this.#silence = {
      opus: encodeLoop([new Int16Array(48 * FRAME_MS)], opus.encoder(48000, "music"))[0]!,
      G722: g722Silence(bytes),
      PCMU: g711Silence("PCMU", bytes),
      PCMA: g711Silence("PCMA", bytes),
    };
  }

  music(queue: string, codec: Codec): readonly Uint8Array[] {
    return (this.#music.get(queue) ?? this.#builtInMusic)[codec];
  }

  ringback(country: string, codec: Codec): readonly Uint8Array[] {
    return this.#ringback.get(cadenceKey(country))![codec];
  }

  silence(codec: Codec): Uint8Array {
    return this.#silence[codec];
  }

  #record(samples: Int16Array): Recording {
    const frames = loopFrames(samples, 48 * FRAME_MS);
    return {
      opus: encodeLoop(frames, this.#opus.encoder(48000, "music")),
      G722: encodeLoop(frames, new WaveformEncoder("G722", 48000)),
      PCMU: encodeLoop(frames, new WaveformEncoder("PCMU", 48000)),
      PCMA: encodeLoop(frames, new WaveformEncoder("PCMA", 48000)),
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
