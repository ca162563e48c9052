/** Between 8 and 48 kHz: a polyphase FIR, Kaiser window, -0.5 dB at 3.4 kHz, images and aliases below -60 dB. */
const RATIO = 6;
const TAPS_PER_PHASE = 24;
const KAISER_BETA = 6;
/** The cut-off, as a part of 4 kHz. */
const CUT_OFF = 0.96;

/** Makes 8 kHz sound 48 kHz sound; keeps the filter's memory, so feed it one stream. */
export class Upsampler {
  readonly #memory = new Float32Array(TAPS_PER_PHASE - 1);

  process(input: Int16Array): Int16Array {
    const line = joined(this.#memory, input);
    const out = new Int16Array(input.length * RATIO);
    for (let n = 0; n < input.length; n++) {
      for (let phase = 0; phase < RATIO; phase++) {
        let sum = 0;
        const taps = UP_PHASES[phase]!;
        for (let k = 0; k < TAPS_PER_PHASE; k++) sum += taps[k]! * line[n + k]!;
        out[n * RATIO + phase] = clamp16(Math.round(sum));
      }
    }
    return out;
  }
}

/** Makes 48 kHz sound 8 kHz sound; keeps the filter's memory, so feed it one stream. Input lengths are multiples of 6. */
export class Downsampler {
  readonly #memory = new Float32Array(PROTOTYPE.length - RATIO);

  process(input: Int16Array): Int16Array {
    const line = joined(this.#memory, input);
    const out = new Int16Array(input.length / RATIO);
    for (let n = 0; n < out.length; n++) {
      let sum = 0;
      const at = n * RATIO;
      for (let k = 0; k < PROTOTYPE.length; k++) sum += PROTOTYPE[k]! * line[at + k]!;
      out[n] = clamp16(Math.round(sum));
    }
    return out;
  }
}

/** The filter's memory before the input; the memory is moved on to the input's end. */
function joined(memory: Float32Array, input: Int16Array): Float32Array {
  const line = new Float32Array(memory.length + input.length);
  line.set(memory);
  line.set(input, memory.length);
  memory.set(line.subarray(line.length - memory.length));
  return line;
}

/** The low-pass at 48 kHz, symmetric, of unit gain. */
const PROTOTYPE = lowPass(RATIO * TAPS_PER_PHASE);

/** `UP_PHASES[p][k]`: the tap for output phase `p` on the k-th oldest input sample; gain 6 makes up for the inserted zeros. */
const UP_PHASES = Array.from({ length: RATIO }, (_, phase) =>
  Float32Array.from({ length: TAPS_PER_PHASE }, (_, k) => RATIO * PROTOTYPE[(TAPS_PER_PHASE - 1 - k) * RATIO + phase]!),
);

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

const clamp16 = (v: number): number => (v > 32767 ? 32767 : v < -32768 ? -32768 : v);
