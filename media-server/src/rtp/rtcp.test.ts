import { describe, expect, it } from "@jest/globals";
import { isRtcpCompound, readSenderReport, writeReport } from "./rtcp.js";

const sent = { wallClockMs: 1_700_000_000_500, timestamp: 160, packets: 5, octets: 800 };
const received = { ssrc: 9, fractionLost: 64, lost: -2, highest: 65601, jitter: 80, lastReport: 0xf1000001, sinceLastReport: 65536 }; // prettier-ignore
const report = { ssrc: 0x01020304, cname: "legwork", sent, received: null };

describe("RTCP", () => {
  it("writes a sender report with SDES that it believes and reads itself (RFC 3550 A.2)", () => {
    const bytes = writeReport(report);
    const view = new DataView(bytes.buffer);
    expect(isRtcpCompound(bytes)).toBe(true);
    expect(view.getUint32(8)).toBe(1_700_000_000 + 2_208_988_800);
    expect(view.getUint32(12)).toBe(2 ** 31);
    expect(new TextDecoder().decode(bytes.subarray(38, 45))).toBe("legwork");
    const middle = (((1_700_000_000 + 2_208_988_800) & 0xffff) * 65536 + 0x8000) >>> 0;
    expect(readSenderReport(bytes)).toEqual({ ssrc: 0x01020304, ntp: middle });
  });

  it("writes what it received into a report of either kind, byte for byte as RFC 3550 section 6.4 draws it", () => {
    const block = [0, 0, 0, 9, 64, 0xff, 0xff, 0xfe, 0, 1, 0, 0x41, 0, 0, 0, 80, 0xf1, 0, 0, 1, 0, 1, 0, 0];
    const receiver = writeReport({ ...report, sent: null, received });
    expect(isRtcpCompound(receiver)).toBe(true);
    expect([...receiver.subarray(0, 36)]).toEqual([0x81, 201, 0, 7, 1, 2, 3, 4, ...block, 0x81, 202, 0, 4]);
    expect(readSenderReport(receiver)).toBeNull();
    const both = writeReport({ ...report, received });
    expect(isRtcpCompound(both)).toBe(true);
    expect([...both.subarray(0, 4), ...both.subarray(28, 52)]).toEqual([0x81, 200, 0, 12, ...block]);
    const nothing = writeReport({ ...report, sent: null });
    expect([...nothing.subarray(0, 8)]).toEqual([0x80, 201, 0, 1, 1, 2, 3, 4]);
  });

  it("does not believe a packet that is cut, has a tail, or begins with another type", () => {
    const bytes = writeReport(report);
    expect(isRtcpCompound(bytes.subarray(0, bytes.length - 1))).toBe(false);
    expect(isRtcpCompound(Uint8Array.from([...bytes, 0]))).toBe(false);
    expect(isRtcpCompound(bytes.subarray(28))).toBe(false);
    expect(readSenderReport(bytes.subarray(0, 24))).toBeNull();
  });
});
