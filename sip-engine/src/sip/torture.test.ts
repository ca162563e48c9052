import { describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { admitRequest, admitResponse, refusalFor, uriRefusal } from "./envelope.js";
import { headerValue, headerValues, listValues, serialise } from "./message.js";
import type { SipMessage } from "./message.js";
import { parseNameAddr, paramOf } from "./name-addr.js";
import { parseMessage } from "./parse-message.js";
import { tortureMessages } from "./torture.test-support.js";
import { parseVia } from "./via.js";

/** Example messages of the RFCs, from the npm package sip-message-examples. */
const example = createRequire(import.meta.url)("sip-message-examples") as (name: string) => string;

const MESSAGES = tortureMessages(readFileSync(new URL("../../test/torture/rfc4475.txt", import.meta.url), "latin1"));
const octetsOf = (name: string): string => MESSAGES.find((one) => one.name === name)!.octets;

function read(name: string): SipMessage {
  const parsed = parseMessage(octetsOf(name));
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.message;
}

/** What parser and admission make of a message: a refusal's status, `request`, `response`, or `dropped`. */
function verdict(octets: string): string {
  const parsed = parseMessage(octets);
  if (!parsed.ok) return String(refusalFor(parsed.problem)?.status ?? "dropped");
  if (parsed.message.kind === "response") return admitResponse(parsed.message) === null ? "dropped" : "response";
  const envelope = admitRequest(parsed.message);
  if ("status" in envelope) return String(envelope.status);
  return String(uriRefusal(parsed.message.uri)?.status ?? "request");
}

describe("messages of RFC 4475", () => {
  for (const { section, name, verdict: told, title, octets } of MESSAGES) {
    it(`${section} ${name}: ${title}`, () => {
      // Who is to answer, and that a response belongs to nothing, is not the parser's to know.
      const requests = ["app", "481", "501"];
      const responses = ["unreason", "noreason", "bcast"];
      const expected = requests.includes(told) ? "request" : responses.includes(name) ? "response" : told;
      expect(verdict(octets)).toBe(expected);
      const { message } = parseMessage(octets);
      if (message === null || !["request", "response"].includes(expected)) return;
      // What is understood is written so that it is understood the same way.
      const again = parseMessage(serialise(message));
      expect(again.ok && serialise(again.message)).toBe(serialise(message));
    });
  }

  it("3.1.1.1: a short tortuous INVITE", () => {
    const message = read("wsinv");
    if (message.kind !== "request") throw new Error("a response");
    expect(admitRequest(message)).toMatchObject({
      callId: "wsinv.ndaksdj@192.0.2.1",
      fromTag: "98asjd8",
      toTag: "1918181833n",
      cseq: 9,
      cseqMethod: "INVITE",
      branch: "390skdjuw",
    });
    expect(listValues(message, "via").map((value) => parseVia(value)?.transport)).toEqual(["UDP", "TCP", "UDP"]);
    const contact = parseNameAddr(headerValue(message, "contact") ?? "");
    expect(contact && [contact.uri, paramOf(contact, "newparam"), paramOf(contact, "q")]).toEqual([
      "sip:jdrosen@example.com",
      "newvalue",
      "0.33",
    ]);
    expect(headerValue(message, "newfangledheader")).toBe("newfangled value continued newfangled value");
    expect(message.body).toHaveLength(150);
  });

  it("3.1.1.2: every character a method, a URI and a header may hold", () => {
    const message = read("intmeth");
    if (message.kind !== "request") throw new Error("a response");
    expect(message.method).toBe("!interesting-Method0123456789_*+`.%indeed'~");
    expect(admitRequest(message)).toMatchObject({ cseq: 139122385, fromTag: "_token~1'+`*%!-." });
    expect(headerValue(message, "extensionheader-!.%*+_`'~")).toBe("\xef\xbb\xbf\xe5\xa4\xa7\xe5\x81\x9c\xe9\x9b\xbb");
  });

  it("3.1.1.3 to 5: nothing that is escaped is unescaped, and nothing taken for an escape that is none", () => {
    const esc01 = read("esc01");
    expect(esc01.kind === "request" && esc01.uri).toBe("sip:sips%3Auser%40example.com@example.net");
    expect(headerValues(read("escnull"), "contact")).toEqual([
      "<sip:%00@host5.example.com>",
      "<sip:%00%00@host5.example.com>",
    ]);
    const esc02 = read("esc02");
    expect(esc02.kind === "request" && esc02.method).toBe("RE%47IST%45R");
    expect(headerValues(esc02, "contact")).toHaveLength(2);
  });

  it("3.1.1.7: long values are kept whole", () => {
    const message = read("longreq");
    expect(headerValues(message, "via")).toHaveLength(34);
    expect(headerValue(message, "call-id")).toBe(`longreq.one${"really".repeat(20)}longcallid`);
    expect(message.body).toHaveLength(150);
  });

  it("3.1.1.8, 11 and 12: what follows the body is not read, binary bodies and reasons in UTF-8 are kept", () => {
    expect(read("dblreq").body).toBe("");
    expect(read("mpart01").body).toContain("\x30\x82\x02\xd6\xa0\x03\x02\x01\x02\x00\r\n\r\n\xff\x00");
    const reason = read("unreason");
    expect(reason.kind === "response" && reason.reason).toMatch(/^= 2\*\*3 \* 5\*\*2 \xd0\xbd\xd0\xbe /);
  });

  it("3.2.1: a branch that is the cookie only is none", () => {
    const message = read("badbranch");
    expect(message.kind === "request" && admitRequest(message)).toMatchObject({ branch: "" });
  });
});

describe("messages of sip-message-examples", () => {
  for (const name of ["invite", "invite-tls", "invite-compact", "200ok", "siprec"]) {
    it(`reads ${name} and writes it back without loss`, () => {
      // Their Content-Length counts other line ends than the package holds.
      const first = parseMessage(example(name), false);
      if (!first.ok) throw new Error(first.problem);
      const second = parseMessage(serialise(first.message));
      if (!second.ok) throw new Error(second.problem);
      expect(headerValues(second.message, "via")).toEqual(headerValues(first.message, "via"));
      expect(headerValue(second.message, "call-id")).toEqual(headerValue(first.message, "call-id"));
      expect(second.message.body).toBe(first.message.body);
    });
  }
});
