import { describe, expect, it } from "@jest/globals";
import { WaveformDecoder } from "./waveform-codec.js";
import { encodeG711 } from "./g711.js";
import { Ingress } from "./ingress.js";
import { JitterBuffer } from "./jitter-buffer.js";

const tone = (n: number): number => Math.round(8000 * Math.sin((2 * Math.PI * 400 * n) / 8000));

/** Sends `seconds` of a tone in packets of `ptime` ms and pulls 20 ms frames; the sound that came out. */
function through(ptime: number, seconds: number, lost: (packet: number) => boolean = () => false): Int16Array[] {
  const buffer = new JitterBuffer();
  const ingress = new Ingress(8000, new WaveformDecoder("PCMU", 8000), buffer);
  const frames: Int16Array[] = [];
  let packets = 0;
  for (let now = 0; now < 1000 * seconds; now += 10) {
    if (now >= packets * ptime) {
      const samples = Int16Array.from({ length: 8 * ptime }, (_, i) => tone(packets * 8 * ptime + i));
      if (!lost(packets)) buffer.insert(packets, encodeG711("PCMU", samples), ptime);
      packets += 1;
    }
    if (now % 20 === 10) frames.push(ingress.pull() ?? new Int16Array(0));
  }
  return frames;
}

describe("a party's way into the mix", () => {
  it.each([10, 20, 30, 40, 60])("[MX-5] makes frames of 20 ms of packets of %i ms, without a hole", (ptime) => {
    const frames = through(ptime, 3).slice(15);
    expect(frames.every((f) => f.length === 160)).toBe(true);
    expect(Math.min(...frames.map((f) => Math.max(...f)))).toBeGreaterThan(4000);
  });

  it("[MX-5] covers lost packets, ever quieter, and is silent when nothing comes any more", () => {
    const frames = through(20, 3, (n) => n >= 50 && n < 80).slice(40);
    const peaks = frames.map((f) => (f.length === 0 ? 0 : Math.max(...f)));
    const covered = peaks.slice(11, 16);
    expect(covered.every((p, i) => p > 0 && (i === 0 || p < covered[i - 1]!))).toBe(true);
    expect(peaks.slice(20, 35)).toEqual(Array.from({ length: 15 }, () => 0));
    expect(peaks.at(-1)).toBeGreaterThan(7000);
  });
});
