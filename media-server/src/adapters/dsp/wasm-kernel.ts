import { readFileSync } from "node:fs";
import { plainKernel, type FilterBank, type Kernel } from "../../audio/kernel.js";

/** The part of the global that is used here; TypeScript has it only together with all of a browser's. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
};

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  add(sum: number, frame: number, count: number): void;
  limit(sum: number, out: number, count: number): void;
  widen(samples: number, line: number, count: number): void;
  filter(line: number, count: number, step: number, filters: number, phases: number, taps: number, out: number): void;
}

const WASM = new URL("../../dsp.wasm", import.meta.url);
/** The longest input of one call, 120 ms at 16 kHz or 20 ms at 48, and output, 120 ms at 48 kHz; in samples. */
const MAX_INPUT = 1920;
const MAX_OUTPUT = 5760;
/** Where things lie in the module's memory; the module itself uses none of it. */
const SUM = 1024;
const SAMPLES = SUM + 4 * MAX_INPUT;
const LINE = SAMPLES + 2 * MAX_INPUT;
const OUT = LINE + 4 * (MAX_INPUT + 256);
const FILTERS = OUT + 2 * MAX_OUTPUT;

/** The kernel in WebAssembly (dsp/dsp.ts), or null where it was not built or SIMD is missing. */
export function loadWasmKernel(): Kernel | null {
  try {
    const module = new WebAssembly.Module(readFileSync(WASM));
    return new WasmKernel(new WebAssembly.Instance(module, {}).exports as Exports);
  } catch {
    return null; // The kernel in TypeScript does the same, slower.
  }
}

class WasmKernel implements Kernel {
  readonly #wasm: Exports;
  readonly #int16: Int16Array;
  readonly #float32: Float32Array;
  readonly #banks = new Map<FilterBank, number>();
  #nextBank = FILTERS;

  constructor(wasm: Exports) {
    this.#wasm = wasm;
    this.#int16 = new Int16Array(wasm.memory.buffer);
    this.#float32 = new Float32Array(wasm.memory.buffer);
  }

  mix(frames: readonly Int16Array[], out: Int16Array): void {
    if (out.length % 8 !== 0 || out.length > MAX_INPUT) return plainKernel.mix(frames, out);
    new Int32Array(this.#wasm.memory.buffer, SUM, out.length).fill(0);
    for (const frame of frames) {
      this.#int16.set(frame, SAMPLES / 2);
      this.#wasm.add(SUM, SAMPLES, out.length);
    }
    this.#wasm.limit(SUM, SAMPLES, out.length);
    out.set(this.#int16.subarray(SAMPLES / 2, SAMPLES / 2 + out.length));
  }

  filter(bank: FilterBank, memory: Float32Array, input: Int16Array): Int16Array {
    const { step, phases, taps } = bank;
    const positions = Math.floor(input.length / step);
    if (input.length > MAX_INPUT || positions * phases > MAX_OUTPUT || memory.length > 240)
      return plainKernel.filter(bank, memory, input);
    this.#int16.set(input, SAMPLES / 2);
    this.#float32.set(memory, LINE / 4);
    // Whole groups of eight: what is widened beyond the input is not looked at.
    this.#wasm.widen(SAMPLES, LINE + 4 * memory.length, Math.ceil(input.length / 8) * 8);
    this.#wasm.filter(LINE, positions, step, this.#addressOf(bank), phases, taps, OUT);
    memory.set(this.#float32.subarray(LINE / 4 + input.length, LINE / 4 + input.length + memory.length));
    return this.#int16.slice(OUT / 2, OUT / 2 + positions * phases);
  }

  #addressOf(bank: FilterBank): number {
    let at = this.#banks.get(bank);
    if (at === undefined) {
      at = this.#nextBank;
      this.#nextBank += 4 * bank.coefficients.length;
      this.#float32.set(bank.coefficients, at / 4);
      this.#banks.set(bank, at);
    }
    return at;
  }
}
