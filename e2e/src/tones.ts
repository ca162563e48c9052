/** Power of one frequency over all samples, Hann-windowed; 1 is a full-scale sine. Frequencies need not fit the window. */
export function tonePower(samples: Float32Array, rate: number, frequency: number): number {
  const step = (2 * Math.PI * frequency) / rate;
  const last = samples.length - 1;
  let re = 0;
  let im = 0;
  for (let i = 0; i <= last; i++) {
    const value = samples[i]! * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / last));
    re += value * Math.cos(step * i);
    im += value * Math.sin(step * i);
  }
  return ((re * re + im * im) * 16) / (samples.length * samples.length);
}

/** Level of a power in dBFS: 0 is a full-scale sine, -120 the floor. */
export const decibels = (power: number): number => 10 * Math.log10(power + 1e-12);

/** Level of one frequency in dBFS. */
export const toneLevel = (samples: Float32Array, rate: number, frequency: number): number =>
  samples.length === 0 ? decibels(0) : decibels(tonePower(samples, rate, frequency));

/** A steady sine of `dbfs` below full scale. */
export function sine(frequency: number, seconds: number, rate: number, dbfs = TONE_DBFS): Float32Array {
  const amplitude = 10 ** (dbfs / 20);
  const step = (2 * Math.PI * frequency) / rate;
  return Float32Array.from({ length: Math.round(seconds * rate) }, (_, i) => amplitude * Math.sin(step * i));
}

/** Takes tones out of stretches of `length` samples, at whatever level and phase each of them has there. */
export function toneRemover(
  rate: number,
  length: number,
  frequencies: readonly number[],
): (samples: Float32Array) => Float32Array {
  const axes: Float32Array[] = [];
  for (const frequency of frequencies) {
    const step = (2 * Math.PI * frequency) / rate;
    for (const wave of [Math.cos, Math.sin]) {
      const axis = new Float32Array(length);
      for (let i = 0; i < length; i++) axis[i] = wave(step * i);
      for (const other of axes) subtract(axis, other); // Gram-Schmidt: the stretch is no whole number of periods
      const size = Math.sqrt(dot(axis, axis));
      axes.push(axis.map((v) => v / size));
    }
  }
  return (samples) => {
    const left = Float32Array.from(samples);
    for (const axis of axes) subtract(left, axis);
    return left;
  };
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Takes out of a sound what it has of an axis of length 1. */
function subtract(from: Float32Array, axis: Float32Array): void {
  const share = dot(from, axis);
  for (let i = 0; i < from.length; i++) from[i]! -= share * axis[i]!;
}

/** How loud everybody's own tone is: three of them together do not clip. */
export const TONE_DBFS = -12;

/** A tone at or above this is heard: 14 dB of room for codecs and for a window that catches only part of it. */
export const HEARD_DBFS = -26;

/** A tone at or below this is not heard: G.711's products of two other tones stay below. */
export const UNHEARD_DBFS = -48;

/** A tone above this in a window of 60 ms has leaked: the click of a test tone's start or end stays below. That of music may not: see `leakDbfs`. */
export const LEAKED_DBFS = -38;

/** Samples with the time of the first: what one ear received. */
export interface Sound {
  readonly fromMs: number;
  readonly rate: number;
  readonly samples: Float32Array;
}

/** The longest time in ms without the tone, at a grain of 10 ms; the whole length when it never comes. */
export function longestGapMs(sound: Sound, frequency: number, heardDbfs = HEARD_DBFS): number {
  const hop = sound.rate / 100;
  let longest = 0;
  let current = 0;
  for (let at = 0; at + 2 * hop <= sound.samples.length; at += hop) {
    const isThere = toneLevel(sound.samples.subarray(at, at + 2 * hop), sound.rate, frequency) >= heardDbfs;
    current = isThere ? 0 : current + 10;
    longest = Math.max(longest, current);
  }
  return longest;
}

/** The loudest that a tone gets in any window of `windowMs`, in dBFS: for tones that must never be heard. */
export function loudestDbfs(sound: Sound, frequency: number, windowMs = 60): number {
  const size = Math.round((sound.rate * windowMs) / 1000);
  let loudest = decibels(0);
  for (let at = 0; at + size <= sound.samples.length; at += Math.round(size / 2)) {
    loudest = Math.max(loudest, toneLevel(sound.samples.subarray(at, at + size), sound.rate, frequency));
  }
  return loudest;
}
