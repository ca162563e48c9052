import { describe, expect, it } from "@jest/globals";
import { audioTargetOf, muLaw, offerOf, payloadsOf, rtpPacket } from "./phone-audio.js";

function wavOf(samples: readonly number[], rate = 8000): Uint8Array {
  const wav = Buffer.alloc(44 + samples.length * 2);
  wav.write("RIFF");
  wav.writeUInt32LE(36 + samples.length * 2, 4);
  wav.write("WAVEfmt ", 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(rate, 24);
  wav.writeUInt32LE(rate * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write("data", 36);
  wav.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((s, i) => wav.writeInt16LE(s, 44 + i * 2));
  return wav;
}

describe("the demo customer's audio", () => {
  it("codes samples as G.711 does: silence, full scale, both signs", () => {
    expect([0, -1, 32767, -32768, 1000, -1000].map(muLaw)).toEqual([0xff, 0x7f, 0x80, 0x00, 0xce, 0x4e]);
  });

  it("cuts a file into packets of 20 ms", () => {
    const payloads = payloadsOf(wavOf(new Array<number>(400).fill(0)));
    expect(payloads.map((p) => p.length)).toEqual([160, 160]);
  });

  it.each([
    ["another rate", wavOf([0, 0], 16000)],
    ["no WAV file", new Uint8Array(100)],
    ["no samples", wavOf([])],
  ])("refuses a file with %s", (_what, file) => {
    expect(() => payloadsOf(file)).toThrow("speech file");
  });

  it("numbers packets so that the counters wrap", () => {
    const packet = rtpPacket(65536 + 7, 2 ** 32 + 160, 1, new Uint8Array([1, 2]));
    expect([...packet]).toEqual([0x80, 0, 0, 7, 0, 0, 0, 160, 0, 0, 0, 1, 1, 2]);
  });

  it("reads where the answer wants its audio", () => {
    expect(audioTargetOf(offerOf("127.0.0.1", 4000))).toEqual({ address: "127.0.0.1", port: 4000 });
    expect(audioTargetOf("v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 0 RTP/AVP 0\r\n")).toBeNull();
  });
});
