import { describe, expect, it } from "@jest/globals";
import OpusScript from "opusscript";
import type { Datagram, NetworkTap } from "./network-tap.js";
import { OpusEar } from "./phone-families-opus-ear.js";
import { formatRtp } from "./rtp.js";
import { HEARD_DBFS, sine, toneLevel, UNHEARD_DBFS } from "./tones.js";

const RATE = 48_000;
const FRAME = 960; // samples: 20 ms
const PORT = 21_000;

/** Half a second of a tone as Opus, sent to a port from a time on. */
function* speech(tone: number, fromMs: number, to: number): Iterable<Datagram> {
  const encoder = new OpusScript(RATE, 1, OpusScript.Application.VOIP);
  const pcm = Int16Array.from(sine(tone, 0.5, RATE), (sample) => sample * 32_767);
  for (let n = 0; (n + 1) * FRAME <= pcm.length; n++) {
    const payload = encoder.encode(Buffer.from(pcm.slice(n * FRAME, (n + 1) * FRAME).buffer), FRAME);
    const packet = { payloadType: 107, marker: n === 0, sequence: n, timestamp: n * FRAME, ssrc: 1, payload };
    yield { atMs: fromMs + n * 20, from: 1, to, data: formatRtp(packet) };
  }
  encoder.delete();
}

describe("an ear for Opus", () => {
  it("hears what was sent to the telephone's ports, when it came, and nothing else", async () => {
    let hear: (datagram: Datagram) => void = () => undefined;
    const tap = { listen: (listener: typeof hear) => ((hear = listener), () => undefined) };
    const ear = new OpusEar("the ear", { sip: 5300, rtp: [PORT, PORT + 9] }, tap as unknown as NetworkTap);
    for (const datagram of speech(700, 1_000, PORT)) hear(datagram);
    for (const datagram of speech(1_000, 1_000, PORT + 10)) hear(datagram);
    const level = async (tone: number, fromMs: number, toMs: number): Promise<number> =>
      toneLevel((await ear.sound(fromMs, toMs)).samples, RATE, tone);
    expect(await level(700, 1_050, 1_450)).toBeGreaterThan(HEARD_DBFS);
    expect(await level(1_000, 1_050, 1_450)).toBeLessThan(UNHEARD_DBFS);
    expect(await level(700, 500, 990)).toBeLessThan(UNHEARD_DBFS);
    ear.close();
  });

  it("takes telephone events for what they are", async () => {
    let hear: (datagram: Datagram) => void = () => undefined;
    const tap = { listen: (listener: typeof hear) => ((hear = listener), () => undefined) };
    const ear = new OpusEar("the ear", { sip: 5300, rtp: [PORT, PORT] }, tap as unknown as NetworkTap);
    const event = { payloadType: 101, marker: true, sequence: 1, timestamp: 0, ssrc: 1, payload: Buffer.alloc(4) };
    hear({ atMs: 10, from: 1, to: PORT, data: formatRtp(event) });
    const { samples } = await ear.sound(0, 100);
    expect(samples.every((sample) => sample === 0)).toBe(true);
    ear.close();
  });
});
