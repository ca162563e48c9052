/** Sound of a WAV file, mixed to mono, 1 = full scale. */
export interface WavSound {
  readonly rate: number;
  readonly samples: Float32Array;
}

const PCM = 1;
const EXTENSIBLE = 0xfffe;

/** Reads 16-bit PCM WAV, any rate and number of channels; says null for anything else. */
export function parseWav(file: Uint8Array): WavSound | null {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const tag = (at: number): string => String.fromCharCode(...file.subarray(at, at + 4));
  if (file.length < 12 || tag(0) !== "RIFF" || tag(8) !== "WAVE") return null;
  let format: { channels: number; rate: number } | null = null;
  for (let at = 12; at + 8 <= file.length;) {
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    if (tag(at) === "fmt " && body + 16 <= file.length) {
      const code = view.getUint16(body, true);
      if ((code !== PCM && code !== EXTENSIBLE) || view.getUint16(body + 14, true) !== 16) return null;
      format = { channels: view.getUint16(body + 2, true), rate: view.getUint32(body + 4, true) };
    }
    if (tag(at) === "data") {
      if (format === null || format.channels < 1 || format.rate < 4000 || format.rate > 192_000) return null;
      return {
        rate: format.rate,
        samples: monoSamples(view, body, Math.min(size, file.length - body), format.channels),
      };
    }
    at = body + size + (size & 1);
  }
  return null;
}

function monoSamples(view: DataView, at: number, bytes: number, channels: number): Float32Array {
  return Float32Array.from({ length: Math.floor(bytes / 2 / channels) }, (_, n) => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += view.getInt16(at + 2 * (n * channels + c), true);
    return sum / channels / 32768;
  });
}

/** Lobes of the interpolating sinc to each side. */
const LOBES = 16;

/** Any rate to 48 kHz by windowed sinc interpolation. Slow and good: for files, once, at the start. */
export function to48k(sound: WavSound): Int16Array {
  const step = sound.rate / 48000;
  const cutOff = Math.min(1, 1 / step);
  const reach = Math.ceil(LOBES / cutOff);
  const { samples } = sound;
  return Int16Array.from({ length: Math.floor(samples.length / step) }, (_, n) => {
    const centre = n * step;
    let sum = 0;
    for (let k = Math.max(0, Math.ceil(centre - reach)); k <= Math.min(samples.length - 1, centre + reach); k++) {
      const t = (k - centre) * cutOff;
      const window = 0.5 + 0.5 * Math.cos((Math.PI * t) / LOBES);
      sum += samples[k]! * window * cutOff * (t === 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t));
    }
    return Math.max(-32768, Math.min(32767, Math.round(sum * 32768)));
  });
}
