import { describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import { g722Silence, G722Decoder, G722Encoder } from "./g722.js";

const fixture = (name: string): Buffer => readFileSync(new URL(`../../test/fixtures/g722/${name}`, import.meta.url));
const samples = (name: string): Int16Array => new Int16Array(Uint8Array.from(fixture(name)).buffer);
const tone = (hz: number, length: number): Int16Array =>
  Int16Array.from({ length }, (_, n) => Math.round(10000 * Math.sin((2 * Math.PI * hz * n) / 16000)));

/** Runs sound or payloads through in pieces, as packets come. */
function inPieces<T extends Int16Array | Uint8Array>(
  all: T,
  size: number,
  process: (piece: T) => ArrayLike<number>,
): number[] {
  const out: number[] = [];
  for (let at = 0; at < all.length; at += size) out.push(...Array.from(process(all.subarray(at, at + size) as T)));
  return out;
}

/** Level of a frequency in the second half, in dB against the tone of 10000. */
function level(sound: readonly number[], hz: number): number {
  const from = sound.length / 2;
  let [re, im] = [0, 0];
  for (let n = from; n < sound.length; n++) {
    const h = 0.5 - 0.5 * Math.cos((2 * Math.PI * (n - from)) / (from - 1));
    re += (sound[n]! / 10000) * h * Math.cos((2 * Math.PI * hz * n) / 16000);
    im += (sound[n]! / 10000) * h * Math.sin((2 * Math.PI * hz * n) / 16000);
  }
  return 10 * Math.log10(((re * re + im * im) * 16) / from ** 2 + 1e-12);
}

describe("G.722 at 64 kbit/s", () => {
  it.each([160, 320, 960])("[MX-2] encodes bit by bit as another implementation, %i samples at a time", (size) => {
    const encoder = new G722Encoder();
    const coded = inPieces(samples("sound.pcm"), size, (piece) => encoder.encode(piece));
    expect(Buffer.compare(Buffer.from(coded), fixture("sound.g722"))).toBe(0);
  });

  it.each([80, 160, 480])("[MX-2] decodes bit by bit as another implementation, %i bytes at a time", (size) => {
    const decoder = new G722Decoder();
    const sound = inPieces(new Uint8Array(fixture("sound.g722")), size, (piece) => decoder.decode(piece));
    expect(sound).toEqual(Array.from(samples("decoded.pcm")));
  });

  it.each([300, 1000, 3400, 5000, 6800])("carries %i Hz at its level", (hz) => {
    const [encoder, decoder] = [new G722Encoder(), new G722Decoder()];
    const heard = inPieces(tone(hz, 16000), 320, (piece) => decoder.decode(encoder.encode(piece)));
    expect(level(heard, hz)).toBeCloseTo(0, 0);
    for (const other of [440, 2200, 4200, 6100].filter((one) => one !== hz))
      expect(level(heard, other)).toBeLessThan(-35);
  });

  it("limits what is louder than 16 bits, and does not wrap around", () => {
    const [encoder, decoder] = [new G722Encoder(), new G722Decoder()];
    const square = Int16Array.from({ length: 3200 }, (_, n) => (Math.floor(n / 80) % 2 ? 32767 : -32768));
    const heard = inPieces(square, 320, (piece) => decoder.decode(encoder.encode(piece)));
    for (let n = 1640; n < 1670; n++) expect(Math.sign(heard[n]!)).toBe(Math.sign(heard[1655]!));
    expect(Math.max(...heard)).toBe(32767);
  });

  it("comes to rest in silence, whatever the decoder has heard before", () => {
    const decoder = new G722Decoder();
    let seed = 1;
    for (let n = 0; n < 100; n++)
      decoder.decode(Uint8Array.from({ length: 160 }, () => (seed = (Math.imul(seed, 69069) + 1) >>> 0) >>> 24));
    for (let n = 0; n < 10; n++) decoder.decode(g722Silence(160));
    expect(Math.max(...decoder.decode(g722Silence(160)).map(Math.abs))).toBeLessThan(50);
  });
});
