import { describe, expect, it } from "@jest/globals";
import { decodeG711, encodeG711, g711Silence, type G711 } from "./g711.js";

const allCodes = Uint8Array.from({ length: 256 }, (_, i) => i);

describe.each<G711>(["PCMU", "PCMA"])("%s (G.711)", (law) => {
  it("encodes each decoded code as itself", () => {
    const again = encodeG711(law, decodeG711(law, allCodes));
    // Mu-law has two zeros; the negative one comes back as the positive.
    expect([...again]).toEqual([...allCodes].map((c) => (law === "PCMU" && c === 0x7f ? 0xff : c)));
  });

  it("keeps a sine 37 dB above the noise", () => {
    const sine = Int16Array.from({ length: 8000 }, (_, n) =>
      Math.round(10000 * Math.sin((2 * Math.PI * 1010 * n) / 8000)),
    );
    const decoded = decodeG711(law, encodeG711(law, sine));
    let [signal, noise] = [0, 0];
    sine.forEach((v, n) => ((signal += v * v), (noise += (v - decoded[n]!) ** 2)));
    expect(10 * Math.log10(signal / noise)).toBeGreaterThan(36.5);
  });

  it("goes to the ends of the scale and is silent in the middle", () => {
    const [low, high] = decodeG711(law, encodeG711(law, Int16Array.of(-32768, 32767)));
    expect(low).toBeLessThan(-31000);
    expect(high).toBeGreaterThan(31000);
    for (const v of decodeG711(law, g711Silence(law, 4))) expect(Math.abs(v)).toBeLessThanOrEqual(8);
  });
});

describe("the laws against ITU-T G.711 tables", () => {
  it.each([
    ["PCMU", 0x80, 32124],
    ["PCMU", 0x00, -32124],
    ["PCMU", 0xef, 132],
    ["PCMU", 0xff, 0],
    ["PCMA", 0xaa, 32256],
    ["PCMA", 0x2a, -32256],
    ["PCMA", 0xd5, 8],
    ["PCMA", 0x55, -8],
  ] as const)("%s code %i is %i", (law, code, value) => {
    expect(decodeG711(law, Uint8Array.of(code))[0]).toBe(value);
  });
});
