import { describe, expect, it } from "@jest/globals";
import { looksLikeRtcp, parseRtp, writeRtp } from "./packet.js";

const packet = {
  payloadType: 111,
  marker: true,
  sequence: 65535,
  timestamp: 4294967295,
  ssrc: 3735928559,
  payload: Uint8Array.of(1, 2, 3),
};

describe("RTP packets", () => {
  it("reads what it writes", () => {
    expect(parseRtp(writeRtp(packet))).toEqual(packet);
  });

  it("skips CSRCs, the header extension and padding (RFC 3550 section 5.1)", () => {
    const bytes = [0xb1, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 9, 9, 9, 9, 0xbe, 0xde, 0, 1, 7, 7, 7, 7, 42, 43, 0, 2];
    expect(parseRtp(Uint8Array.from(bytes))).toMatchObject({
      payloadType: 0,
      sequence: 1,
      payload: Uint8Array.of(42, 43),
    });
  });

  it.each([
    ["nothing", []],
    ["a short header", [0x80, 0, 0, 1]],
    ["version 1", [0x40, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 1]],
    ["more CSRCs than bytes", [0x8f, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 1]],
    ["an extension longer than the packet", [0x90, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 9]],
    ["padding longer than the packet", [0xa0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 200]],
    ["padding of nothing", [0xa0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0]],
  ])("says null to %s", (_, bytes) => {
    expect(parseRtp(Uint8Array.from(bytes))).toBeNull();
  });

  it("never throws on garbage", () => {
    let seed = 1;
    const random = (): number => (seed = (seed * 48271) % 2147483647) & 0xff;
    for (let i = 0; i < 5000; i++) {
      const bytes = Uint8Array.from({ length: random() % 64 }, random);
      expect(() => parseRtp(bytes)).not.toThrow();
      expect(() => looksLikeRtcp(bytes)).not.toThrow();
    }
  });
});
