import { describe, expect, it } from "@jest/globals";
import { addSequence, addTimestamp, sequenceDistance, timestampDistance } from "./sequence.js";

describe("serial numbers (RFC 1982)", () => {
  it("counts over the wrap-around, both ways", () => {
    expect(sequenceDistance(65535, 2)).toBe(3);
    expect(sequenceDistance(2, 65535)).toBe(-3);
    expect(timestampDistance(4294967295, 159)).toBe(160);
    expect(timestampDistance(159, 4294967295)).toBe(-160);
    expect(addSequence(65535, 1)).toBe(0);
    expect(addTimestamp(4294967295, 160)).toBe(159);
    expect(addTimestamp(0, -1)).toBe(4294967295);
  });
});
