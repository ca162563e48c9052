import { describe, expect, it } from "@jest/globals";
import { composeMusic } from "./music.js";
import { composeRingback } from "./ringback.js";

const WINDOW = Float64Array.from({ length: 24000 }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / 23999));

/** Highest level of one frequency over windows of half a second, dB below a full-scale sine (Goertzel). */
function loudest(sound: Int16Array, hz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / 48000);
  let highest = -Infinity;
  for (let at = 0; at + WINDOW.length <= sound.length; at += WINDOW.length) {
    let [one, two] = [0, 0];
    for (let n = 0; n < WINDOW.length; n++) {
      const next = (sound[at + n]! / 32768) * WINDOW[n]! + coefficient * one - two;
      two = one;
      one = next;
    }
    const power = one * one + two * two - coefficient * one * two;
    highest = Math.max(highest, 10 * Math.log10((power * 16) / WINDOW.length ** 2 + 1e-12));
  }
  return highest;
}

const rmsDb = (sound: Int16Array): number =>
  10 * Math.log10(sound.reduce((a, v) => a + (v / 32768) ** 2, 0) / sound.length);

describe("the built-in music", () => {
  const music = composeMusic();

  it("[MX-6] is 16 s at -18 dBFS, never clips, and is the same each time", () => {
    expect(music.length).toBe(16 * 48000);
    expect(rmsDb(music)).toBeCloseTo(-18, 1);
    expect(music.reduce((a, v) => Math.max(a, Math.abs(v)), 0)).toBeLessThan(26000);
    expect(Buffer.compare(Buffer.from(composeMusic().buffer), Buffer.from(music.buffer))).toBe(0);
  });

  it.each([430, 440, 450, 690, 700, 710, 990, 1000, 1010])("leaves %i Hz to the test tones", (hz) => {
    expect(loudest(music, hz)).toBeLessThan(-60);
  });

  it("loops without a click", () => {
    expect(Math.abs(music[0]! - music.at(-1)!)).toBeLessThan(1500);
  });
});

describe("ringback tones (ITU-T E.180)", () => {
  it.each([
    ["NO", 425, 5],
    ["US", 440, 6],
    ["US", 480, 6],
    ["GB", 400, 3],
    ["GB", 450, 3],
  ])("[MX-6] %s has %i Hz in a period of %i s", (country, hz, seconds) => {
    const tone = composeRingback(country);
    expect(tone.length).toBe(seconds * 48000);
    expect(loudest(tone, hz)).toBeGreaterThan(-24);
    expect(tone.subarray(-24000).every((v) => v === 0)).toBe(true);
  });
});
