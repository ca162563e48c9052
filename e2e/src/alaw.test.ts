import { describe, expect, it } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { decodeAlaw, encodeAlaw } from "./alaw.js";
import { sine, toneLevel } from "./tones.js";

const RATE = 8000;

/** What another program makes of A-law, and of samples for it. */
const sox = (from: string[], to: string[], input?: Uint8Array): Uint8Array =>
  execFileSync("sox", ["-D", "-r", String(RATE), "-c", "1", ...from, "-r", String(RATE), "-c", "1", ...to], { input });
const ALAW = ["-t", "raw", "-e", "a-law", "-b", "8", "-"];
const LINEAR = ["-t", "raw", "-e", "signed-integer", "-b", "16", "-L", "-"];

describe("A-law", () => {
  it("is decoded as sox decodes it, every code", () => {
    const codes = Uint8Array.from({ length: 256 }, (_, i) => i);
    const linear = Buffer.from(sox(ALAW, LINEAR, codes));
    const ours = decodeAlaw(codes);
    codes.forEach((_, i) => expect(ours[i]! * 32767).toBeCloseTo(linear.readInt16LE(2 * i), -1));
  });

  it("is encoded so that sox hears the tone at its level", () => {
    const linear = Buffer.from(sox(ALAW, LINEAR, encodeAlaw(sine(440, 1, RATE))));
    const samples = Float32Array.from({ length: RATE }, (_, i) => linear.readInt16LE(2 * i) / 32768);
    expect(toneLevel(samples, RATE, 440)).toBeCloseTo(-12, 0);
    expect(toneLevel(samples, RATE, 880)).toBeLessThan(-50);
  });
});
