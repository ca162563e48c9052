import { describe, expect, it } from "@jest/globals";
import { parseWav, to48k } from "./wav.js";

function wav(rate: number, channels: number, samples: number[], bits = 16): Uint8Array {
  const bytes = new Uint8Array(44 + 2 * samples.length);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode("RIFF____WAVEfmt "));
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint16(34, bits, true);
  bytes.set(new TextEncoder().encode("data"), 36);
  view.setUint32(40, 2 * samples.length, true);
  samples.forEach((v, i) => view.setInt16(44 + 2 * i, v, true));
  return bytes;
}

describe("WAV files", () => {
  it("are read as mono", () => {
    const sound = parseWav(wav(8000, 2, [16384, 0, -32768, -32768]))!;
    expect(sound.rate).toBe(8000);
    expect([...sound.samples]).toEqual([0.25, -1]);
  });

  it.each([8000, 16000, 44100, 48000])("of %i Hz become 48 kHz at their level", (rate) => {
    const samples = Array.from({ length: rate / 10 }, (_, n) =>
      Math.round(20000 * Math.sin((2 * Math.PI * 500 * n) / rate)),
    );
    const sound = to48k(parseWav(wav(rate, 1, samples))!);
    expect(Math.abs(sound.length - 4800)).toBeLessThanOrEqual(1);
    const expected = sound.map((_, n) => Math.round(20000 * Math.sin((2 * Math.PI * 500 * n) / 48000)));
    const middle = sound.subarray(1000, 3800).map((v, i) => Math.abs(v - expected[i + 1000]!));
    expect(Math.max(...middle)).toBeLessThan(100);
  });

  it("of other kinds, cut or of garbage are refused", () => {
    expect(parseWav(wav(8000, 1, [1, 2], 8))).toBeNull();
    expect(parseWav(new Uint8Array(100))).toBeNull();
    expect(parseWav(wav(8000, 1, [1, 2]).subarray(0, 38))).toBeNull();
    expect(parseWav(new Uint8Array())).toBeNull();
  });
});
