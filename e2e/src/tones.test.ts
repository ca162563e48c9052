import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { longestGapMs, loudestDbfs, sine, toneLevel } from "./tones.js";
import { decodeUlaw, encodeUlaw } from "./ulaw.js";
import { readWav, wavFile } from "./wav.js";

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "tones-"));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

// The detectors are measured against sounds that another program made.
function sox(name: string, ...args: string[]): { rate: number; samples: Float32Array } {
  const file = path.join(folder, name);
  execFileSync("sox", ["-n", "-D", "-r", "8000", "-c", "1", "-b", "16", file, ...args]);
  return readWav(fs.readFileSync(file));
}

describe("tone detectors", () => {
  it("measure the level of a tone to a tenth of a decibel, and hear nothing beside it", () => {
    const { samples, rate } = sox("tone.wav", "synth", "1", "sine", "440", "gain", "-12");
    expect(toneLevel(samples, rate, 440)).toBeCloseTo(-12, 0);
    expect(toneLevel(samples, rate, 700)).toBeLessThan(-80);
    expect(toneLevel(samples, rate, 1000)).toBeLessThan(-80);
  });

  it("tell two tones in one sound apart", () => {
    const { samples, rate } = sox(
      "two.wav",
      "synth",
      "1",
      "sine",
      "440",
      "synth",
      "1",
      "sine",
      "mix",
      "1000",
      "gain",
      "-12",
    );
    expect(toneLevel(samples, rate, 440)).toBeGreaterThan(-20);
    expect(toneLevel(samples, rate, 1000)).toBeGreaterThan(-20);
    expect(toneLevel(samples, rate, 700)).toBeLessThan(-60);
  });

  it("measure a gap in a tone at a grain of 10 ms", () => {
    const { samples, rate } = sox(
      "gap.wav",
      "synth",
      "0.5",
      "sine",
      "440",
      "gain",
      "-12",
      "pad",
      "0",
      "0.2",
      "repeat",
      "1",
    );
    const gap = longestGapMs({ fromMs: 0, rate, samples: samples.subarray(0, rate) }, 440);
    expect(gap).toBeGreaterThanOrEqual(180);
    expect(gap).toBeLessThanOrEqual(220);
  });

  it("find a tone that was there for a tenth of a second only", () => {
    const { samples, rate } = sox("short.wav", "synth", "0.1", "sine", "700", "gain", "-12", "pad", "1", "1");
    expect(loudestDbfs({ fromMs: 0, rate, samples }, 700)).toBeGreaterThan(-16);
    expect(loudestDbfs({ fromMs: 0, rate, samples }, 1000)).toBeLessThan(-38);
  });

  it("hear nothing in nothing", () => {
    expect(toneLevel(new Float32Array(0), 8000, 440)).toBeLessThan(-100);
    expect(longestGapMs({ fromMs: 0, rate: 8000, samples: new Float32Array(8000) }, 440)).toBeGreaterThan(950);
  });
});

describe("G.711 u-law", () => {
  it("gives every code back that it decodes", () => {
    const codes = Uint8Array.from({ length: 256 }, (_, code) => code).filter((code) => code !== 0x7f); // minus zero
    expect(encodeUlaw(decodeUlaw(codes))).toEqual(codes);
  });

  it("decodes what sox encodes", () => {
    const file = path.join(folder, "tone.ul");
    execFileSync("sox", [
      "-n",
      "-D",
      "-r",
      "8000",
      "-c",
      "1",
      "-t",
      "ul",
      file,
      "synth",
      "1",
      "sine",
      "440",
      "gain",
      "-12",
    ]);
    expect(toneLevel(decodeUlaw(fs.readFileSync(file)), 8000, 440)).toBeCloseTo(-12, 0);
  });
});

describe("WAV files", () => {
  it("come back as they were written, and other programs read them", () => {
    const file = path.join(folder, "own.wav");
    fs.writeFileSync(file, wavFile(sine(700, 1, 48_000), 48_000));
    const { rate, samples } = readWav(fs.readFileSync(file));
    expect(rate).toBe(48_000);
    expect(toneLevel(samples, rate, 700)).toBeCloseTo(-12, 1);
    expect(execFileSync("sox", ["--i", "-D", file], { encoding: "utf8" })).toMatch(/^1\.0/);
  });
});
