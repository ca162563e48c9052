import { describe, expect, it } from "@jest/globals";
import { admitRequest, refusalFor } from "./envelope.js";
import { headerValue, headerValues, listValues, serialise } from "./message.js";
import type { SipMessage } from "./message.js";
import { parseMessage } from "./parse-message.js";

const INVITE = [
  "INVITE sip:bob@example.com SIP/2.0",
  "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1",
  "From: <sip:alice@example.com>;tag=a",
  "To: <sip:bob@example.com>",
  "Call-ID: call@example.com",
  "CSeq: 1 INVITE",
];

function message(lines: readonly string[], body = "", end = "\r\n"): SipMessage {
  const result = parseMessage(`${lines.join(end)}${end}${end}${body}`);
  if (!result.ok) throw new Error(result.problem);
  return result.message;
}

describe("parseMessage", () => {
  it("reads a request and its body by Content-Length", () => {
    const parsed = message([...INVITE, "Content-Length: 4"], "v=0\nrest");
    expect(parsed).toMatchObject({ kind: "request", method: "INVITE", uri: "sip:bob@example.com", body: "v=0\n" });
  });

  it("reads a response with a reason phrase, an empty one, and none", () => {
    for (const [line, reason] of [
      ["SIP/2.0 486 Busy Here", "Busy Here"],
      ["SIP/2.0 486 ", ""],
      ["SIP/2.0 486", ""],
    ] as const) {
      expect(message([line, ...INVITE.slice(1)])).toMatchObject({ kind: "response", status: 486, reason });
    }
  });

  it("spells out compact names, whatever their case", () => {
    const parsed = message(["OPTIONS sip:x@y SIP/2.0", "v: a", "F: b", "t: c", "i: d", "m: e", "l: 0", "r: f", "s: g"]);
    expect(parsed.headers.map(({ name }) => name)).toEqual(
      "Via From To Call-ID Contact Content-Length Refer-To Subject".split(" "),
    );
  });

  it("unfolds headers over several lines", () => {
    const parsed = message([...INVITE, "Subject: one", "  two", "\tthree", "X-After: yes"]);
    expect(headerValue(parsed, "subject")).toBe("one two three");
    expect(headerValue(parsed, "x-after")).toBe("yes");
  });

  it("accepts bare LF line ends", () => {
    const parsed = message([...INVITE, "Content-Length: 3"], "abc", "\n");
    expect(parsed.body).toBe("abc");
    expect(headerValue(parsed, "call-id")).toBe("call@example.com");
  });

  it("takes white space around the colon and keeps colons in values", () => {
    const parsed = message([...INVITE, "X-Time \t : 10:20:30 "]);
    expect(headerValue(parsed, "x-time")).toBe("10:20:30");
  });

  it("skips a line that is no header and keeps the rest", () => {
    const parsed = message([...INVITE, "this is nothing", "X-Yes: 1"]);
    expect(headerValue(parsed, "x-yes")).toBe("1");
    expect(parsed.headers).toHaveLength(6);
  });

  it("joins and splits list headers only where a comma separates", () => {
    const parsed = message([...INVITE, 'Contact: "a, b" <sip:a@x;p="1,2">, <sip:c@x,y>', "Contact: <sip:d@x>"]);
    expect(headerValues(parsed, "contact")).toHaveLength(2);
    expect(listValues(parsed, "contact")).toEqual(['"a, b" <sip:a@x;p="1,2">', "<sip:c@x,y>", "<sip:d@x>"]);
  });

  it("reports what is broken and keeps what could be read", () => {
    const cases: [string[], string][] = [
      [["INVITE sip:bob@example.com SIP/3.0", ...INVITE.slice(1)], "version"],
      [["INVITE sip:bob @example.com SIP/2.0", ...INVITE.slice(1)], "request-uri"],
      [["INVITE <sip:bob@example.com> SIP/2.0", ...INVITE.slice(1)], "request-uri"],
      [[...INVITE, "Content-Length: 99"], "short-body"],
      [[...INVITE, "Content-Length: -1"], "content-length"],
      [[...INVITE, "Content-Length: 1", "l: 2"], "content-length"],
      [[...INVITE, ...Array.from({ length: 600 }, (_one, i) => `X-${i}: 1`)], "header"],
    ];
    for (const [lines, problem] of cases) {
      const result = parseMessage(`${lines.join("\r\n")}\r\n\r\nx`);
      expect(result).toMatchObject({ ok: false, problem });
      expect(result.message).not.toBeNull();
    }
  });

  it("calls everything else empty or garbage", () => {
    for (const octets of ["", "\r\n\r\n", "\0\0\0\0"]) expect(parseMessage(octets)).toMatchObject({ problem: "empty" });
    for (const octets of ["hello", "GET / HTTP/1.1\r\n\r\n", "\x80\x81\x82", "SIP/2.0 99 no", "INVITE SIP/2.0"]) {
      expect(parseMessage(octets)).toMatchObject({ ok: false, problem: "garbage", message: null });
    }
  });

  it("ignores an app's Content-Length, which counts characters", () => {
    const result = parseMessage(`SIP/2.0 200 OK\r\nContent-Length: 2\r\n\r\n\xc3\xa6\xc3\xb8`, false);
    expect(result.ok && result.message.body).toBe("\xc3\xa6\xc3\xb8");
  });

  it("passes UTF-8 and binary octets through untouched", () => {
    const body = Array.from({ length: 256 }, (_one, i) => String.fromCharCode(i)).join("");
    const parsed = message([...INVITE, "X-Name: \xc3\x98yvind", `Content-Length: ${body.length}`], body);
    const again = parseMessage(serialise(parsed));
    expect(again.ok && again.message.body).toBe(body);
    expect(again.ok && headerValue(again.message, "x-name")).toBe("\xc3\x98yvind");
  });

  it("throws on nothing, however a message is cut or bent", () => {
    const text = `${[...INVITE, "Contact: <sip:a@b>", "Content-Length: 3"].join("\r\n")}\r\n\r\nabc`;
    let seed = 1;
    const random = (n: number): number => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % n;
    for (let i = 0; i < 5000; i++) {
      const at = random(text.length);
      const octet = String.fromCharCode(random(256));
      const bent = text.slice(0, at) + octet.repeat(random(3)) + text.slice(at + random(4));
      const result = parseMessage(bent);
      if (result.message?.kind === "request") admitRequest(result.message);
    }
  });
});

describe("admitRequest", () => {
  const request = (lines: readonly string[]): ReturnType<typeof admitRequest> => {
    const parsed = message(lines);
    if (parsed.kind !== "request") throw new Error("not a request");
    return admitRequest(parsed);
  };

  it("reads the identity of a request", () => {
    expect(request(INVITE)).toMatchObject({
      branch: "z9hG4bK1",
      callId: "call@example.com",
      fromTag: "a",
      toTag: "",
      cseq: 1,
      cseqMethod: "INVITE",
    });
  });

  for (const name of ["Via", "From", "To", "Call-ID", "CSeq"]) {
    it(`refuses a request without ${name}`, () => {
      const lines = INVITE.filter((line) => !line.startsWith(`${name}:`));
      expect(request(lines)).toEqual({ status: 400, reason: `Bad ${name} Header` });
    });
  }

  it("refuses malformed identity headers", () => {
    const bent: [string, string, string][] = [
      ["From", "<sip:a@b", "Bad From Header"],
      ["From", ";<?>", "Bad From Header"],
      ["From", "<;>;tag=1", "Bad From Header"],
      ["To", '"open <sip:a@b>', "Bad To Header"],
      ["To", ";tag=1", "Bad To Header"],
      ["CSeq", "x INVITE", "Bad CSeq Header"],
      ["CSeq", "99999999999 INVITE", "Bad CSeq Header"],
      ["CSeq", "1 BYE", "Bad CSeq Header"],
      ["Via", "SIP/2.0/UDP", "Bad Via Header"],
      ["Call-ID", "a b", "Bad Call-ID Header"],
    ];
    for (const [name, value, reason] of bent) {
      const lines = INVITE.map((line) => (line.startsWith(`${name}:`) ? `${name}: ${value}` : line));
      expect(request(lines)).toEqual({ status: 400, reason });
    }
  });

  it("answers broken messages with 400 or 505, garbage with nothing", () => {
    expect(refusalFor("version")?.status).toBe(505);
    expect(refusalFor("short-body")?.status).toBe(400);
    expect(refusalFor("garbage")).toBeNull();
    expect(refusalFor("empty")).toBeNull();
  });
});
