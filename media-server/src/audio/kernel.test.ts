import { describe, expect, it } from "@jest/globals";
import { plainKernel } from "./kernel.js";

const frame = (...samples: number[]): Int16Array => Int16Array.from(samples);

describe("the mix", () => {
  it("[CF-1] adds up in 32 bits and limits once, at the end", () => {
    const out = new Int16Array(3);
    plainKernel.mix([frame(30000, -30000, 100), frame(30000, -30000, 100), frame(-40, 40, 1)], out);
    expect([...out]).toEqual([32767, -32768, 201]);
    plainKernel.mix([frame(30000, 0, 0), frame(30000, 0, 0), frame(-30000, 0, 0)], out);
    expect(out[0]).toBe(30000);
  });

  it("is silence when nobody speaks", () => {
    const out = frame(1, 2, 3);
    plainKernel.mix([], out);
    expect([...out]).toEqual([0, 0, 0]);
  });
});
