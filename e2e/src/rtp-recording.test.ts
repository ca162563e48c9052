import { describe, expect, it } from "@jest/globals";
import { RtpRecording } from "./rtp-recording.js";
import { eventPayload, formatRtp, parseRtp } from "./rtp.js";
import { sine, toneLevel } from "./tones.js";
import { encodeUlaw } from "./ulaw.js";

const tone = encodeUlaw(sine(440, 1, 8000));

interface Change {
  readonly drop?: readonly number[];
  readonly ssrcFrom?: number;
  readonly timestampJumpFrom?: number;
}

/** A second of tone in packets of 20 ms, with things done to it. */
function recording({ drop = [], ssrcFrom = 99, timestampJumpFrom = 99 }: Change = {}): RtpRecording {
  const made = new RtpRecording();
  for (let i = 0; i < 50; i++) {
    if (drop.includes(i)) continue;
    const timestamp = i * 160 + (i >= timestampJumpFrom ? 4000 : 0);
    const ssrc = i >= ssrcFrom ? 2 : 1;
    const payload = tone.subarray(i * 160, i * 160 + 160);
    made.add(
      { payloadType: 0, marker: i === 0, sequence: (65_530 + i) & 0xffff, timestamp, ssrc, payload },
      1000 + i * 20,
    );
  }
  return made;
}

describe("RtpRecording", () => {
  it("lays out what arrived as sound, and silence beyond it", () => {
    const { samples, rate } = recording().sound(1000, 3000);
    expect(toneLevel(samples.subarray(0, 8000), rate, 440)).toBeCloseTo(-12, 0);
    expect(toneLevel(samples.subarray(8160), rate, 440)).toBeLessThan(-100);
  });

  it("finds one whole stream whole, also where the sequence number wraps", () => {
    const whole = { packets: 50, ssrcs: 1, lost: 0, disordered: 0, timestampJumps: 0, longestPauseMs: 20 };
    expect(recording().continuity()).toEqual(whole);
  });

  it("counts lost packets and the pause that they leave", () => {
    expect(recording({ drop: [10, 11] }).continuity()).toMatchObject({
      lost: 2,
      longestPauseMs: 60,
      timestampJumps: 0,
    });
  });

  it("counts a changed SSRC and a jump of the timestamps", () => {
    expect(recording({ ssrcFrom: 25 }).continuity()).toMatchObject({ ssrcs: 2, lost: 0 });
    expect(recording({ timestampJumpFrom: 25 }).continuity()).toMatchObject({ timestampJumps: 1 });
  });

  it("reads each digit once, however often its packets are repeated", () => {
    const made = new RtpRecording();
    [..."19#"].forEach((digit, i) => {
      for (let k = 1; k <= 5; k++) {
        const payload = eventPayload(digit, k * 160, k === 5);
        made.add(
          { payloadType: 101, marker: k === 1, sequence: i * 5 + k, timestamp: i * 1600, ssrc: 1, payload },
          i * 200 + k,
        );
      }
    });
    expect(made.digits()).toBe("19#");
  });
});

describe("RTP packets", () => {
  const packet = { payloadType: 0, marker: true, sequence: 7, timestamp: 160, ssrc: 5, payload: tone.subarray(0, 160) };

  it("come back as they were written", () => {
    const back = parseRtp(formatRtp(packet))!;
    expect({ ...back, payload: Uint8Array.from(back.payload) }).toEqual(packet);
  });

  it("are told from RTCP and from anything else", () => {
    expect(parseRtp(Buffer.from([0x80, 200, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]))).toBeUndefined();
    expect(parseRtp(Buffer.from("OPTIONS sip:x SIP/2.0"))).toBeUndefined();
    expect(parseRtp(Buffer.alloc(0))).toBeUndefined();
  });
});
