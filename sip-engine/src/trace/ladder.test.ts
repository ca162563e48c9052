import { describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import { ladder } from "./ladder.js";
import { AGENT_LEG, BOTH_LEGS, CALLER_LEG, traced } from "./sample-call.test-support.js";

const expected = (name: string): string => readFileSync(new URL(`expected/${name}.txt`, import.meta.url), "utf8");

describe("ladder", () => {
  it("draws a leg: repeats dotted, silences told, SDP in short", () => {
    expect(ladder(CALLER_LEG)).toBe(expected("caller-leg"));
  });

  it("draws both legs of a call with the engine between caller and callee", () => {
    expect(ladder(BOTH_LEGS)).toBe(expected("both-legs"));
  });

  it("draws both legs on 80 characters, with the messages below", () => {
    expect(ladder(BOTH_LEGS, { width: 80 })).toBe(expected("both-legs-narrow"));
    expect(ladder(AGENT_LEG.slice(0, 2), { full: true })).toBe(expected("full"));
  });

  it("is printable ASCII and never wider than asked, whatever peers send", () => {
    const long = "x".repeat(300);
    const rude = [
      traced(0, "in", "udp 192.0.2.10:5062", [
        `INVITE sip:${long};a=b SIP/2.0`,
        `Call-ID: \x1b[2J${long}`,
        "CSeq: 1 INVITE\x07",
      ]),
      traced(1, "in", "tcp 2001:db8:1111:2222:3333:4444:5555:6666:5062", [
        `SIP/2.0 200 ${long}`,
        `Reason: ${long} ${long}`,
      ]),
      traced(2, "out", "udp 192.0.2.11:5062", ["\xff\xfe\x00 no SIP at all \r\n\r\n"]),
      traced(2_000_000_000, "out", "udp 192.0.2.12:5062", [""], ["v=0", "m=", "m=audio", "c=", `m=${long}`]),
    ];
    for (const width of [80, 100, 133, 250]) {
      const text = ladder(rude, { width });
      expect(text).toMatch(/^[\n -~]*$/);
      expect(Math.max(...text.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(width);
    }
    expect(ladder(rude, { full: true })).not.toMatch(/(?!\n)\p{Cc}/u);
  });

  it("gathers peers that find no room in one column and names them beside it", () => {
    const many = Array.from({ length: 9 }, (_, i) =>
      traced(i, "in", `udp 192.0.2.${i}:5060`, ["OPTIONS sip:x SIP/2.0", "Call-ID: a", `CSeq: ${i} OPTIONS`]),
    );
    const text = ladder(many);
    expect(text).toContain("7 peers");
    expect(text).toContain("udp 192.0.2.8:5060");
  });

  it("tells what is missing, and that nothing is there", () => {
    expect(ladder(CALLER_LEG, { dropped: 23 })).toContain("23 older ones no longer in memory");
    expect(ladder(CALLER_LEG.slice(6))).toContain("began before the trace");
    expect(ladder([])).toBe("No messages.\n");
  });
});
