import { describe, expect, it } from "@jest/globals";
import { Downsampler, Upsampler } from "./resampler.js";

const sine = (hz: number, rate: number, length: number): Int16Array =>
  Int16Array.from({ length }, (_, n) => Math.round(10000 * Math.sin((2 * Math.PI * hz * n) / rate)));

/** Runs sound through in frames of 20 ms, as the engine does. */
function inFrames(sound: Int16Array, frame: number, process: (f: Int16Array) => Int16Array): Int16Array {
  const parts: number[] = [];
  for (let at = 0; at < sound.length; at += frame) parts.push(...process(sound.subarray(at, at + frame)));
  return Int16Array.from(parts);
}

/** Level in dB against the 10000 of the input, of one frequency in the second half. */
function level(sound: Int16Array, rate: number, hz: number): number {
  const from = sound.length / 2;
  let [re, im] = [0, 0];
  for (let n = from; n < sound.length; n++) {
    const h = 0.5 - 0.5 * Math.cos((2 * Math.PI * (n - from)) / (from - 1));
    re += (sound[n]! / 10000) * h * Math.cos((2 * Math.PI * hz * n) / rate);
    im += (sound[n]! / 10000) * h * Math.sin((2 * Math.PI * hz * n) / rate);
  }
  return 10 * Math.log10(((re * re + im * im) * 16) / from ** 2 + 1e-12);
}

describe("the resamplers", () => {
  it("bring 1 kHz up to 48 kHz at its level, without an image", () => {
    const up = new Upsampler(6);
    const sound = inFrames(sine(1000, 8000, 8000), 160, (f) => up.process(f));
    expect(sound.length).toBe(48000);
    expect(level(sound, 48000, 1000)).toBeCloseTo(0, 1);
    expect(level(sound, 48000, 7000)).toBeLessThan(-60);
  });

  it.each([
    [2, 8000, 3400, 5000],
    [3, 16000, 6800, 9500],
  ] as const)("keep the band and no image between %i times %i Hz and that", (ratio, rate, inBand, image) => {
    const [up, down] = [new Upsampler(ratio), new Downsampler(ratio)];
    const high = inFrames(sine(inBand, rate, rate), rate / 50, (f) => up.process(f));
    expect(high.length).toBe(ratio * rate);
    expect(level(high, ratio * rate, inBand)).toBeGreaterThan(-1);
    expect(level(high, ratio * rate, rate - inBand)).toBeLessThan(-55);
    expect(
      level(
        inFrames(high, (ratio * rate) / 50, (f) => down.process(f)),
        rate,
        inBand,
      ),
    ).toBeGreaterThan(-1.5);
    const other = new Downsampler(ratio);
    const folded = inFrames(sine(image, ratio * rate, ratio * rate), (ratio * rate) / 50, (f) => other.process(f));
    expect(level(folded, rate, rate - image)).toBeLessThan(-60);
  });

  it("bring 1 kHz down to 8 kHz at its level, and fold nothing back", () => {
    const down = new Downsampler(6);
    expect(
      level(
        inFrames(sine(1000, 48000, 48000), 960, (f) => down.process(f)),
        8000,
        1000,
      ),
    ).toBeCloseTo(0, 1);
    const other = new Downsampler(6);
    expect(
      level(
        inFrames(sine(5000, 48000, 48000), 960, (f) => other.process(f)),
        8000,
        3000,
      ),
    ).toBeLessThan(-60);
  });

  it("lose little at 3.4 kHz", () => {
    const up = new Upsampler(6);
    const down = new Downsampler(6);
    const there = inFrames(sine(3400, 8000, 8000), 160, (f) => down.process(up.process(f)));
    expect(level(there, 8000, 3400)).toBeGreaterThan(-1);
  });
});
