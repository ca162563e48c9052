import { plainKernel, type FilterBank, type Kernel } from "./kernel.js";

/** What lies between two rates: 6 between 8 and 48 kHz, 3 between 16 and 48, 2 between 8 and 16. */
export type Ratio = 2 | 3 | 6;

/** A polyphase FIR, Kaiser window: -0.5 dB at 0.85 of the lower rate's band, images and aliases below -60 dB. */
const TAPS_PER_PHASE = 24;
const KAISER_BETA = 6;
/** The cut-off, as a part of half of the lower rate. */
const CUT_OFF = 0.96;

const BANKS: Readonly<Record<Ratio, { readonly up: FilterBank; readonly down: FilterBank }>> = {
  2: banksOf(2),
  3: banksOf(3),
  6: banksOf(6),
};

function banksOf(ratio: Ratio): { up: FilterBank; down: FilterBank } {
  const prototype = lowPass(ratio);
  // Phase `p` takes every sixth tap where the ratio is 6; the gain makes up for the zeros between the samples.
  const up = Float32Array.from({ length: prototype.length }, (_, i) => {
    const [phase, k] = [Math.floor(i / TAPS_PER_PHASE), i % TAPS_PER_PHASE];
    return ratio * prototype[(TAPS_PER_PHASE - 1 - k) * ratio + phase]!;
  });
  return {
    up: { step: 1, phases: ratio, taps: TAPS_PER_PHASE, coefficients: up },
    down: { step: ratio, phases: 1, taps: prototype.length, coefficients: prototype },
  };
}

/** Brings sound to a rate higher or lower by a ratio; keeps the filter's memory, so feed it one stream. */
class Resampler {
  readonly #bank: FilterBank;
  readonly #kernel: Kernel;
  readonly #memory: Float32Array;

  constructor(bank: FilterBank, kernel: Kernel) {
    this.#bank = bank;
    this.#kernel = kernel;
    this.#memory = new Float32Array(bank.taps - bank.step);
  }

  process(input: Int16Array): Int16Array {
    return this.#kernel.filter(this.#bank, this.#memory, input);
  }
}

/** Makes sound of a rate higher by the ratio. */
export class Upsampler extends Resampler {
  constructor(ratio: Ratio, kernel: Kernel = plainKernel) {
    super(BANKS[ratio].up, kernel);
  }
}

/** Makes sound of a rate lower by the ratio. Input lengths are multiples of it. */
export class Downsampler extends Resampler {
  constructor(ratio: Ratio, kernel: Kernel = plainKernel) {
    super(BANKS[ratio].down, kernel);
  }
}

/** A symmetric low-pass of unit gain at the higher rate. */
function lowPass(ratio: Ratio): Float32Array {
  const taps = ratio * TAPS_PER_PHASE;
  const cutOff = CUT_OFF / (2 * ratio);
  const middle = (taps - 1) / 2;
  const raw = Float64Array.from({ length: taps }, (_, n) => {
    const t = n - middle;
    const sinc = Math.sin(2 * Math.PI * cutOff * t) / (Math.PI * t);
    return sinc * (besselI0(KAISER_BETA * Math.sqrt(1 - (t / (middle + 0.5)) ** 2)) / besselI0(KAISER_BETA));
  });
  const gain = raw.reduce((a, b) => a + b, 0);
  return Float32Array.from(raw, (v) => v / gain);
}

function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > 1e-12 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
