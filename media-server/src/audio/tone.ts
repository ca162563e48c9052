/** What everything that is not speech is made at. */
const RATE = 48000;

/** The envelope is worked out once per block of this many samples and is a straight line in between. */
const BLOCK = 48;

/** Adds a sine of `amplitude` (1 = full scale) under `envelope` (0..1 by time in s) to `out`, round the end of it to the start. */
export function addPartial(
  out: Float32Array,
  note: { atS: number; lengthS: number; hz: number; amplitude: number },
  envelope: (s: number) => number,
): void {
  // A rotating phasor: one complex multiplication per sample instead of a sine.
  const step = (2 * Math.PI * note.hz) / RATE;
  const c = Math.cos(step);
  const s = Math.sin(step);
  let re = 1;
  let im = 0;
  const start = Math.round(note.atS * RATE);
  const length = Math.round(note.lengthS * RATE);
  for (let block = 0; block < length; block += BLOCK) {
    let level = note.amplitude * envelope(block / RATE);
    const slope = (note.amplitude * envelope((block + BLOCK) / RATE) - level) / BLOCK;
    for (let n = start + block; n < start + block + BLOCK; n++) {
      const at = n % out.length;
      out[at] = out[at]! + level * im;
      level += slope;
      const next = re * c - im * s;
      im = re * s + im * c;
      re = next;
    }
  }
}

/** 16-bit samples, each multiplied by `gain` first. */
export function toSamples(sound: Float32Array, gain: number): Int16Array {
  const out = new Int16Array(sound.length);
  for (let n = 0; n < out.length; n++) out[n] = Math.max(-32768, Math.min(32767, Math.round(sound[n]! * gain * 32767)));
  return out;
}

export function rms(sound: Float32Array): number {
  let sum = 0;
  for (const v of sound) sum += v * v;
  return Math.sqrt(sum / Math.max(1, sound.length));
}
