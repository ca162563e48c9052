import { describe, expect, it } from "@jest/globals";
import { FrameReader, frame } from "./framing.js";

const LIMIT = 1_000_000;

describe("FrameReader", () => {
  it("finds the same frames wherever the stream is cut", () => {
    const payloads = ["id|ping", "a#b|12#c\r\n\r\n5#x", "\xc3\xa6\xc3\xb8", "x".repeat(5000)];
    const stream = payloads.map(frame).join("");
    for (const size of [1, 2, 3, 7, 64, 4096, stream.length]) {
      const reader = new FrameReader(LIMIT);
      const found: string[] = [];
      for (let at = 0; at < stream.length; at += size) {
        const result = reader.push(stream.slice(at, at + size));
        if (result.ok) found.push(...result.payloads);
      }
      expect(found).toEqual(payloads);
    }
  });

  it("counts bytes, not characters", () => {
    const octets = Buffer.from("id|ping|æøå 😀", "utf8").toString("latin1");
    expect(frame(octets)).toMatch(/^19#/);
    const result = new FrameReader(LIMIT).push(frame(octets));
    expect(result.ok && Buffer.from(result.payloads[0]!, "latin1").toString("utf8")).toBe("id|ping|æøå 😀");
  });

  it("takes frames of more than 100 kB", () => {
    const payload = "y".repeat(300_000);
    const result = new FrameReader(LIMIT).push(frame(payload));
    expect(result.ok && result.payloads).toEqual([payload]);
  });

  it("refuses what cannot be a frame", () => {
    for (const octets of ["x", "12a#", "#", "0#", "123456789", "-1#a", "GET / HTTP/1.1\r\n"]) {
      expect(new FrameReader(LIMIT).push(octets)).toEqual({ ok: false, problem: "bad-length" });
    }
    expect(new FrameReader(10).push("11#")).toEqual({ ok: false, problem: "too-long" });
  });
});
