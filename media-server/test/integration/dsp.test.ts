import { describe, expect, it } from "@jest/globals";
import { fileURLToPath } from "node:url";
import { plainKernel, type Kernel } from "../../src/audio/kernel.js";
import { Downsampler, Upsampler, type Ratio } from "../../src/audio/resampler.js";

// The built module: it is compiled from dsp/dsp.ts and lies beside the built code.
const built = fileURLToPath(new URL("../../dist/adapters/dsp/wasm-kernel.js", import.meta.url));
const { loadWasmKernel } = (await import(built)) as { loadWasmKernel(): Kernel | null };
const noise = (length: number, level = 20000): Int16Array =>
  Int16Array.from({ length }, (_, n) => Math.round(level * Math.sin(n * n * 0.01)));
const furthest = (a: Int16Array, b: Int16Array): number =>
  a.reduce((worst, v, n) => Math.max(worst, Math.abs(v - b[n]!)), 0);

describe("the kernel in WebAssembly", () => {
  const wasm = loadWasmKernel()!;

  it("is built", () => {
    expect(wasm).not.toBeNull();
  });

  it.each([160, 320, 960])("[CF-1] mixes %i samples bit by bit as the plain one", (length) => {
    const frames = [noise(length), noise(length, 30000), noise(length, -15000)];
    const [a, b] = [new Int16Array(length), new Int16Array(length)];
    for (const some of [frames, frames.slice(1), []]) {
      wasm.mix(some, a);
      plainKernel.mix(some, b);
      expect(furthest(a, b)).toBe(0);
    }
  });

  const pieces = [80, 160, 240, 320, 333, 960, 1920].flatMap((length) =>
    [2, 3, 6].map((ratio) => [ratio, length] as const),
  );

  it.each(pieces as readonly (readonly [Ratio, number])[])(
    "resamples by %i pieces of %i samples within one step of the plain one",
    (ratio, length) => {
      const [up, plainUp] = [new Upsampler(ratio, wasm), new Upsampler(ratio)];
      for (let i = 0; i < 3; i++) {
        const [a, b] = [up.process(noise(length)), plainUp.process(noise(length))];
        expect(a.length).toBe(ratio * length);
        expect(furthest(a, b)).toBeLessThanOrEqual(1);
      }
      const [down, plainDown] = [new Downsampler(ratio, wasm), new Downsampler(ratio)];
      const whole = ratio * Math.floor(length / ratio);
      for (let i = 0; i < 3; i++) {
        const [a, b] = [down.process(noise(whole)), plainDown.process(noise(whole))];
        expect(a.length).toBe(whole / ratio);
        expect(furthest(a, b)).toBeLessThanOrEqual(1);
      }
    },
  );
});
