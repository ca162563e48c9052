import { describe, expect, it } from "@jest/globals";
import type { RtpPacket } from "./packet.js";
import { ReceivedStream } from "./received-stream.js";

const packet = (sequence: number, ssrc = 7): RtpPacket => ({
  payloadType: 0,
  marker: false,
  sequence: sequence & 0xffff,
  timestamp: (4294960000 + 160 * sequence) >>> 0,
  ssrc,
  payload: new Uint8Array(160),
});

describe("what our reports say of the peer's stream (RFC 3550 A.3, A.8)", () => {
  it("[MX-5] counts loss in the interval and in all, over the wrap-around, however packets overtake each other", () => {
    const stream = new ReceivedStream();
    expect(stream.report(0)).toBeNull();
    for (let n = 65500; n < 65600; n += 4) for (const k of [0, 3, 2]) stream.packet(packet(n + k), 8000, 20 * n);
    expect(stream.report(1)).toMatchObject({ ssrc: 7, fractionLost: 64, lost: 25, highest: 65599 });
    for (let n = 65600; n < 65650; n++) stream.packet(packet(n), 8000, 20 * n);
    expect(stream.report(2)).toMatchObject({ fractionLost: 0, lost: 25, highest: 65649 });
    for (let n = 65640; n < 65650; n++) stream.packet(packet(n), 8000, 20 * n); // each of them twice
    expect(stream.report(3)).toMatchObject({ fractionLost: 0, lost: 15 });
  });

  it("[MX-5] starts anew with another SSRC, and after a jump of the numbers", () => {
    const stream = new ReceivedStream();
    for (const [sequence, ssrc] of [[10, 7], [20, 7], [5000, 8], [5001, 8], [9000, 8]] as const) stream.packet(packet(sequence, ssrc), 8000, 0); // prettier-ignore
    expect(stream.report(0)).toMatchObject({ ssrc: 8, lost: 0, highest: 9000 });
  });

  it("measures jitter by the clock of the sound, and leaves events out", () => {
    const steady = new ReceivedStream();
    const shaken = new ReceivedStream();
    for (let n = 0; n < 500; n++) {
      steady.packet(packet(n), 8000, 20 * n);
      shaken.packet(packet(n), 8000, 20 * n + (n % 2) * 10);
      if (n % 5 === 0) steady.packet({ ...packet(n), timestamp: 1 }, null, 20 * n);
    }
    expect(steady.report(0)!.jitter).toBe(0);
    expect(shaken.report(0)!.jitter).toBeGreaterThan(70); // 10 ms are 80 units
    expect(shaken.report(0)!.jitter).toBeLessThanOrEqual(80);
  });

  it("says which sender report came last, and how long ago", () => {
    const stream = new ReceivedStream();
    stream.packet(packet(1), 8000, 0);
    stream.senderReport(99, 1, 0);
    expect(stream.report(10)).toMatchObject({ lastReport: 0, sinceLastReport: 0 });
    stream.senderReport(7, 0x12345678, 1000);
    expect(stream.report(3500)).toMatchObject({ lastReport: 0x12345678, sinceLastReport: 2.5 * 65536 });
  });
});
