import { describe, expect, it } from "@jest/globals";
import { FrameMeter } from "./frame-meter.js";

const MASK = [1, 2, 3, 4];

/** A masked frame with a payload of `length` bytes. */
function frame(first: number, length: number): number[] {
  const size =
    length < 126
      ? [length]
      : length < 65_536
        ? [126, length >> 8, length & 255]
        : [127, 0, 0, 0, 0, 0, length >> 16, (length >> 8) & 255, length & 255];
  return [first, size[0]! | 0x80, ...size.slice(1), ...MASK, ...new Array<number>(length).fill(7)];
}

const [TEXT, FIRST_PART, MIDDLE, LAST, PONG] = [0x81, 0x01, 0x00, 0x80, 0x8a];

/** What is pending after the bytes, given in pieces of a size. */
function after(bytes: readonly number[], size: number): number {
  const meter = new FrameMeter();
  for (let at = 0; at < bytes.length; at += size) meter.take(Uint8Array.from(bytes.slice(at, at + size)));
  return meter.pending;
}

describe.each([1, 3, 1000, 1_000_000])("unfinished WebSocket messages, in pieces of %i bytes", (size) => {
  it("are none after whole messages, whatever their length, and after control frames", () => {
    for (const length of [0, 5, 125, 126, 65_535, 65_536]) {
      expect(after([...frame(TEXT, length), ...frame(PONG, 4)], size)).toBe(0);
    }
  });

  it("count with header and payload, over fragments, without the control frames between", () => {
    const part = frame(FIRST_PART, 200);
    expect(after(frame(TEXT, 300).slice(0, 100), size)).toBe(100);
    const rest = frame(MIDDLE, 10);
    expect(after([...frame(TEXT, 9), ...part, ...frame(PONG, 9), ...rest], size)).toBe(part.length + rest.length);
    expect(after([...part, ...frame(PONG, 9), ...rest, ...frame(LAST, 1)], size)).toBe(0);
  });
});
