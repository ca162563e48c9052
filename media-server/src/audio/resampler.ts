import { plainKernel, type FilterBank, type Kernel } from "./kernel.js";

/** Between 8 and 48 kHz: a polyphase FIR, Kaiser window, -0.5 dB at 3.4 kHz, images and aliases below -60 dB. */
const RATIO = 6;
const TAPS_PER_PHASE = 24;
const KAISER_BETA = 6;
/** The cut-off, as a part of 4 kHz. */
const CUT_OFF = 0.96;

const PROTOTYPE = lowPass(RATIO * TAPS_PER_PHASE);

const DOWN: FilterBank = { step: RATIO, phases: 1, taps: PROTOTYPE.length, coefficients: PROTOTYPE };

/** Phase `p` takes every sixth tap; a gain of 6 makes up for the zeros between the samples. */
const UP: FilterBank = {
  step: 1,
  phases: RATIO,
  taps: TAPS_PER_PHASE,
  coefficients: Float32Array.from({ length: PROTOTYPE.length }, (_, i) => {
    const [phase, k] = [Math.floor(i / TAPS_PER_PHASE), i % TAPS_PER_PHASE];
    return RATIO * PROTOTYPE[(TAPS_PER_PHASE - 1 - k) * RATIO + phase]!;
  }),
};

/** Makes 8 kHz sound 48 kHz sound; keeps the filter's memory, so feed it one stream. */
export class Upsampler {
  readonly #kernel: Kernel;
  readonly #memory = new Float32Array(TAPS_PER_PHASE - 1);

  constructor(kernel: Kernel = plainKernel) {
    this.#kernel = kernel;
  }

  process(input: Int16Array): Int16Array {
    return this.#kernel.filter(UP, this.#memory, input);
  }
}

/** Makes 48 kHz sound 8 kHz sound; keeps the filter's memory, so feed it one stream. Input lengths are multiples of 6. */
export class Downsampler {
  readonly #kernel: Kernel;
  readonly #memory = new Float32Array(PROTOTYPE.length - RATIO);

  constructor(kernel: Kernel = plainKernel) {
    this.#kernel = kernel;
  }

  process(input: Int16Array): Int16Array {
    return this.#kernel.filter(DOWN, this.#memory, input);
  }
}

/** A symmetric low-pass of unit gain at 48 kHz. */
function lowPass(taps: number): Float32Array {
  const cutOff = CUT_OFF / (2 * RATIO);
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
