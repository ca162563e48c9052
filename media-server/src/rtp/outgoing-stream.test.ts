import { describe, expect, it } from "@jest/globals";
import { OutgoingStream } from "./outgoing-stream.js";
import { parseRtp, type RtpPacket } from "./packet.js";

const payload = new Uint8Array(160);
const stream = (): OutgoingStream => new OutgoingStream({ ssrc: 42, sequence: 65533, timestamp: 4294967000 });
const source = (sequence: number, timestamp: number): RtpPacket => ({
  payloadType: 8,
  marker: false,
  sequence,
  timestamp,
  ssrc: 7,
  payload,
});
const numbers = (bytes: Uint8Array | null): [number, number] => {
  const { sequence, timestamp, ssrc } = parseRtp(bytes!)!;
  expect(ssrc).toBe(42);
  return [sequence, timestamp];
};
const after = (start: [number, number], packets: number, samples: number): [number, number] => [
  (start[0] + packets) & 0xffff,
  (start[1] + samples) >>> 0,
];

describe("the outgoing stream", () => {
  it("goes on without a seam from made sound to relayed packets, another source, and back", () => {
    const out = stream();
    const first = numbers(out.write(payload, 0, 8000, 20, 0));
    expect(numbers(out.write(payload, 0, 8000, 20, 20))).toEqual(after(first, 1, 160));
    expect(numbers(out.relay(source(900, 5000), "a 1", 0, 8000, 20, 35))).toEqual(after(first, 2, 320));
    expect(numbers(out.relay(source(901, 5160), "a 1", 0, 8000, 20, 55))).toEqual(after(first, 3, 480));
    expect(numbers(out.relay(source(3, 77), "b 1", 0, 8000, 20, 70))).toEqual(after(first, 4, 640));
    expect(numbers(out.write(payload, 0, 8000, 20, 80))).toEqual(after(first, 5, 800));
  });

  it("leaves loss and reordering of a relayed source to be seen, and drops what is older than the switch", () => {
    const out = stream();
    const first = numbers(out.relay(source(10, 1600), "a 1", 0, 8000, 20, 0));
    expect(numbers(out.relay(source(13, 2080), "a 1", 0, 8000, 20, 60))).toEqual(after(first, 3, 480));
    expect(numbers(out.relay(source(12, 1920), "a 1", 0, 8000, 20, 61))).toEqual(after(first, 2, 320));
    expect(out.relay(source(9, 1440), "a 1", 0, 8000, 20, 62)).toBeNull();
  });

  it("moves the timestamp on with the clock after a pause, and marks the start of the talk spurt", () => {
    const out = stream();
    const first = numbers(out.write(payload, 0, 8000, 20, 0));
    const late = out.write(payload, 0, 8000, 20, 1000);
    expect(numbers(late)).toEqual(after(first, 1, 8000));
    expect(parseRtp(late)!.marker).toBe(true);
    expect(parseRtp(out.write(payload, 0, 8000, 20, 1055))!.marker).toBe(false);
  });

  it("numbers events into a relayed stream, all of one event at one timestamp", () => {
    const out = stream();
    const first = numbers(out.relay(source(10, 1600), "a 1", 0, 8000, 20, 0));
    const at = out.timestampAt(20);
    expect(numbers(out.insert(Uint8Array.of(1, 0, 0, 160), 101, true, at))).toEqual([(first[0] + 1) & 0xffff, at]);
    expect(numbers(out.insert(Uint8Array.of(1, 0x80, 1, 64), 101, false, at))).toEqual([(first[0] + 2) & 0xffff, at]);
    expect(numbers(out.relay(source(11, 1760), "a 1", 0, 8000, 20, 20))).toEqual(after(first, 3, 160));
    expect(out.relay(source(10, 1600), "a 1", 0, 8000, 20, 21)).toBeNull();
  });

  it("[MX-4] leaves no hole where a short key press lay between the sound, passed on or not, and keeps the loss beside it", () => {
    for (const passed of [true, false]) {
      const out = stream();
      const first = numbers(out.relay(source(102, 1600), "a 1", 0, 8000, 20, 0));
      for (const sequence of [103, 104, 105]) {
        if (passed) out.insert(Uint8Array.of(1, 0, 0, 160), 101, false, 1);
        out.skip(source(sequence, 1760), "a 1");
      }
      const events = passed ? 3 : 0;
      expect(numbers(out.relay(source(106, 1760), "a 1", 0, 8000, 20, 80))).toEqual(after(first, events + 1, 160));
      out.skip(source(108, 1920), "a 1"); // 107 was lost
      out.skip(source(1, 1), "b 1");
      expect(numbers(out.relay(source(109, 2080), "a 1", 0, 8000, 20, 120))).toEqual(after(first, events + 3, 480));
    }
  });

  it("treats a jump of the source as a restart", () => {
    const out = stream();
    const first = numbers(out.relay(source(10, 1600), "a 1", 0, 8000, 20, 0));
    expect(numbers(out.relay(source(20000, 900000), "a 1", 0, 8000, 20, 20))).toEqual(after(first, 1, 160));
  });
});
