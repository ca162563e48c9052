import { describe, expect, it } from "@jest/globals";
import { StreamReader } from "./stream-reader.js";

const head = (length: string): string => `OPTIONS sip:a@b SIP/2.0\r\nCall-ID: x\r\n${length}\r\n\r\n`;

describe("StreamReader (RFC 3261 18.3)", () => {
  it("finds the same messages wherever the stream is cut", () => {
    const stream = `${head("Content-Length: 3")}abc\r\n\r\n${head("l : 0")}${head("CONTENT-LENGTH:2")}de${head("X: none")}`;
    const whole = new StreamReader().push(stream);
    expect(whole.map(({ type }) => type)).toEqual(["message", "ping", "message", "message", "message"]);
    for (let size = 1; size < 40; size++) {
      const reader = new StreamReader();
      const events = [];
      for (let at = 0; at < stream.length; at += size) events.push(...reader.push(stream.slice(at, at + size)));
      expect(events.filter(({ type }) => type === "message")).toEqual(whole.filter(({ type }) => type === "message"));
    }
  });

  it("reports a keep-alive and forgives single line ends", () => {
    expect(new StreamReader().push("\r\n\r\n")).toEqual([{ type: "ping" }]);
    const reader = new StreamReader();
    expect(reader.push("\r\n")).toEqual([]);
    expect(reader.push("\r\n")).toEqual([{ type: "ping" }]);
    expect(reader.push(`\r\n${head("l: 0")}`).map(({ type }) => type)).toEqual(["message"]);
    expect([..."\r\n\r\n"].flatMap((octet) => reader.push(octet))).toEqual([{ type: "ping" }]);
    expect(reader.push("\r\n".repeat(9999)).length).toBe(1);
  });

  it("says how much it keeps of an unfinished message", () => {
    const reader = new StreamReader();
    reader.push(`\r\n${head("l: 5")}ab`);
    expect(reader.pending).toBe(head("l: 5").length + 2);
    reader.push("cde");
    expect(reader.pending).toBe(0);
  });

  it("works in proportion to what arrives, even byte by byte", () => {
    // CPU time of this process, the least of several runs: other processes do not count.
    const cost = (size: number): number => {
      const octets = [...head(`X: ${"y".repeat(size)}\r\nContent-Length: ${size}`), ..."z".repeat(size)];
      const runs = Array.from({ length: 5 }, () => {
        const reader = new StreamReader(1e6, 1e6);
        const before = process.cpuUsage();
        const events = octets.flatMap((octet) => reader.push(octet));
        expect(events).toHaveLength(1);
        const { user, system } = process.cpuUsage(before);
        return user + system;
      });
      return Math.min(...runs);
    };
    cost(2000);
    // Sixteen times the bytes: 16 when linear, 256 when each byte has the whole head searched again.
    expect(cost(128_000) / cost(8000)).toBeLessThan(64);
  });

  it("reads a Content-Length full of blanks in one go", () => {
    const before = process.cpuUsage().user;
    const stream = head(`l: 0${" ".repeat(60_000)}x`);
    expect(new StreamReader().push(stream)).toMatchObject([{ problem: "content-length" }]);
    expect(process.cpuUsage().user - before).toBeLessThan(200_000);
  });

  it("gives up on a stream whose boundaries are lost", () => {
    expect(new StreamReader().push(head("Content-Length: many"))).toMatchObject([{ problem: "content-length" }]);
    expect(new StreamReader(100).push("x".repeat(200))).toMatchObject([{ problem: "oversize" }]);
    expect(new StreamReader(1000, 2000).push(head("Content-Length: 5000"))).toMatchObject([{ problem: "oversize" }]);
  });

  it("takes nothing more from a stream it has given up", () => {
    const reader = new StreamReader();
    reader.push(head("Content-Length: 99999999"));
    expect(reader.push(head("Content-Length: 0"))).toEqual([]);
  });

  it("measures a head the same however it arrives", () => {
    const long = head(`X: ${"y".repeat(100)}`);
    const reader = new StreamReader(100);
    expect(new StreamReader(100).push(long)).toMatchObject([{ problem: "oversize" }]);
    expect([...long].flatMap((octet) => reader.push(octet))).toMatchObject([{ problem: "oversize" }]);
  });
});
