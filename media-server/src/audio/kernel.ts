/** A bank of FIR filters: for each position, `step` samples apart, each of `phases` filters of `taps` taps gives one output. */
export interface FilterBank {
  readonly step: number;
  readonly phases: number;
  readonly taps: number;
  /** Filter after filter, each with the tap for the oldest sample first. */
  readonly coefficients: Float32Array;
}

/** The two loops that nearly all of the mixer's own time goes into; WebAssembly does them several samples at a time. */
export interface Kernel {
  /**
   * Adds frames up. The sum is kept in 32 bits and limited once, on the way out: limiting first and subtracting a speaker's own frame
   * afterwards would send their own distortion back to them.
   */
  mix(frames: readonly Int16Array[], out: Int16Array): void;
  /** Filters `input`; `memory` holds the `taps - step` samples before it, and is moved on. */
  filter(bank: FilterBank, memory: Float32Array, input: Int16Array): Int16Array;
}

/** The kernel in plain TypeScript: the reference for every other one. */
export const plainKernel: Kernel = {
  mix(frames, out) {
    const sum = new Int32Array(out.length);
    for (const frame of frames) {
      for (let n = 0; n < sum.length; n++) sum[n] = sum[n]! + frame[n]!;
    }
    for (let n = 0; n < out.length; n++) out[n] = clamp16(sum[n]!);
  },

  filter({ step, phases, taps, coefficients }, memory, input) {
    const line = new Float32Array(memory.length + input.length);
    line.set(memory);
    line.set(input, memory.length);
    memory.set(line.subarray(line.length - memory.length));
    const out = new Int16Array(Math.floor(input.length / step) * phases);
    for (let n = 0; n < out.length; n++) {
      const at = Math.floor(n / phases) * step;
      const filter = (n % phases) * taps;
      let sum = 0;
      for (let k = 0; k < taps; k++) sum += coefficients[filter + k]! * line[at + k]!;
      out[n] = clamp16(Math.round(sum));
    }
    return out;
  },
};

const clamp16 = (v: number): number => (v > 32767 ? 32767 : v < -32768 ? -32768 : v);
