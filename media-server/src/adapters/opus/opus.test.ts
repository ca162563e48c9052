import { describe, expect, it } from "@jest/globals";
import { payloadDurationMs } from "../../audio/codec.js";
import { evanOpus } from "./evan-opus.js";
import { scriptOpus } from "./script-opus.js";

const tone = (rate: number, from: number): Int16Array =>
  Int16Array.from({ length: rate / 50 }, (_, n) =>
    Math.round(8000 * Math.sin((2 * Math.PI * 440 * (from + n)) / rate)),
  );
const peak = (sound: Int16Array): number => sound.reduce((a, v) => Math.max(a, Math.abs(v)), 0);

describe.each([
  ["@evan/opus", evanOpus],
  ["opusscript", scriptOpus],
])("the Opus port on %s", (_, library) => {
  it.each([8000, 16000, 48000] as const)("encodes and decodes at %i Hz", (rate) => {
    const encoder = library.encoder(rate, "voice");
    const decoder = library.decoder(rate);
    const packets = Array.from({ length: 20 }, (_, i) => encoder.encode(tone(rate, (i * rate) / 50)));
    expect(packets.every((p) => payloadDurationMs("opus", p) === 20 && p.length < 200)).toBe(true);
    expect(new Set(packets.map((p) => p.buffer)).size).toBe(20);
    const sound = packets.map((p) => decoder.decode(p)!);
    expect(sound.every((s) => s.length === rate / 50)).toBe(true);
    expect(Math.abs(peak(sound.at(-1)!) - 8000)).toBeLessThan(2000);
    encoder.close();
    decoder.close();
  });

  it("conceals one frame a time, fading, and goes on after it", () => {
    const encoder = library.encoder(48000, "voice");
    const decoder = library.decoder(48000);
    expect(peak(decoder.conceal())).toBe(0);
    for (let i = 0; i < 20; i++) decoder.decode(encoder.encode(tone(48000, i * 960)));
    const covered = Array.from({ length: 6 }, () => decoder.conceal());
    expect(covered.every((s) => s.length === 960)).toBe(true);
    expect(peak(covered[0]!)).toBeGreaterThan(1000);
    expect(peak(covered[5]!)).toBeLessThan(peak(covered[0]!));
    expect(decoder.decode(encoder.encode(tone(48000, 26 * 960)))!.length).toBe(960);
  });

  it("says null to what is no Opus, and lives", () => {
    const decoder = library.decoder(48000);
    expect(decoder.decode(new Uint8Array())).toBeNull();
    expect(decoder.decode(Uint8Array.of(255, 255, 3, 4))).toBeNull();
    const packet = library.encoder(48000, "voice").encode(tone(48000, 0));
    expect(decoder.decode(packet)!.length).toBe(960);
  });
});

describe("the duration of a payload", () => {
  it("is told by the TOC byte of Opus (RFC 6716 section 3.1) and the length of what has 64 kbit/s", () => {
    expect(payloadDurationMs("opus", Uint8Array.of(0x78, 1))).toBe(20);
    expect(payloadDurationMs("opus", Uint8Array.of(0x18))).toBe(60);
    expect(payloadDurationMs("opus", Uint8Array.of(0x79, 1, 2))).toBe(40);
    expect(payloadDurationMs("opus", Uint8Array.of(0x7b, 3))).toBe(60);
    expect(payloadDurationMs("opus", Uint8Array.of(0x7b, 63))).toBe(0);
    expect(payloadDurationMs("opus", new Uint8Array())).toBe(0);
    expect(payloadDurationMs("PCMU", new Uint8Array(240))).toBe(30);
    expect(payloadDurationMs("PCMA", new Uint8Array(3))).toBe(0);
    expect(payloadDurationMs("G722", new Uint8Array(160))).toBe(20);
  });
});
