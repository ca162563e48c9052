import { describe, expect, it } from "@jest/globals";
import { isRtcpCompound, writeSenderReport } from "./rtcp.js";

const report = {
  ssrc: 0x01020304,
  cname: "legwork",
  wallClockMs: 1_700_000_000_500,
  timestamp: 160,
  packets: 5,
  octets: 800,
};

describe("RTCP", () => {
  it("writes a sender report with SDES that it believes itself (RFC 3550 A.2)", () => {
    const bytes = writeSenderReport(report);
    const view = new DataView(bytes.buffer);
    expect(isRtcpCompound(bytes)).toBe(true);
    expect(view.getUint32(8)).toBe(1_700_000_000 + 2_208_988_800);
    expect(view.getUint32(12)).toBe(2 ** 31);
    expect(new TextDecoder().decode(bytes.subarray(38, 45))).toBe("legwork");
  });

  it("does not believe a packet that is cut, has a tail, or begins with another type", () => {
    const bytes = writeSenderReport(report);
    expect(isRtcpCompound(bytes.subarray(0, bytes.length - 1))).toBe(false);
    expect(isRtcpCompound(Uint8Array.from([...bytes, 0]))).toBe(false);
    expect(isRtcpCompound(bytes.subarray(28))).toBe(false);
  });
});
