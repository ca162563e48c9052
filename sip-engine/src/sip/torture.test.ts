import { describe, expect, it } from "@jest/globals";
import { createRequire } from "node:module";
import { admitRequest, uriRefusal } from "./envelope.js";
import { headerValue, headerValues, listValues, serialise } from "./message.js";
import { parseNameAddr, paramOf } from "./name-addr.js";
import { parseMessage } from "./parse-message.js";
import { parseVia } from "./via.js";

/** Example messages of the RFCs, from the npm package sip-message-examples. */
const example = createRequire(import.meta.url)("sip-message-examples") as (name: string) => string;

const lines = (...text: string[]): string => `${text.join("\r\n")}\r\n\r\n`;

describe("messages of RFC 4475", () => {
  it("3.1.1.1: a short tortuous INVITE", () => {
    const octets =
      lines(
        "INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0",
        "TO :",
        " sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n",
        'from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>',
        "  ;",
        "  tag = 98asjd8",
        "MaX-fOrWaRdS: 0068",
        "Call-ID: wsinv.ndaksdj@192.0.2.1",
        "Content-Length   : 150",
        "cseq: 0009",
        "  INVITE",
        "Via  : SIP  /   2.0",
        " /UDP",
        "    192.0.2.2;branch=390skdjuw",
        "s :",
        "NewFangledHeader:   newfangled value",
        " continued newfangled value",
        "UnknownHeaderWithUnusualValue: ;;,,;;,;",
        "Content-Type: application/sdp",
        "Route:",
        " <sip:services.example.com;lr;unknownwith=value;unknown-no-value>",
        "v:  SIP  / 2.0  / TCP     spindle.example.com   ;",
        "  branch  =   z9hG4bK9ikj8  ,",
        " SIP  /    2.0   / UDP  192.168.255.111   ; branch=",
        " z9hG4bK30239",
        'm:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =',
        "      newvalue ;",
        "  secondparam ; q = 0.33",
      ) + "v".repeat(150);
    const parsed = parseMessage(octets);
    if (!parsed.ok || parsed.message.kind !== "request") throw new Error("refused");
    expect(admitRequest(parsed.message)).toMatchObject({
      callId: "wsinv.ndaksdj@192.0.2.1",
      fromTag: "98asjd8",
      toTag: "1918181833n",
      cseq: 9,
      cseqMethod: "INVITE",
      branch: "390skdjuw",
    });
    expect(listValues(parsed.message, "via").map((value) => parseVia(value)?.transport)).toEqual(["UDP", "TCP", "UDP"]);
    const contact = parseNameAddr(headerValue(parsed.message, "contact") ?? "");
    expect(contact && [contact.uri, paramOf(contact, "newparam"), paramOf(contact, "q")]).toEqual([
      "sip:jdrosen@example.com",
      "newvalue",
      "0.33",
    ]);
    expect(headerValue(parsed.message, "newfangledheader")).toBe("newfangled value continued newfangled value");
  });

  it("3.1.1.2: every character a method, a URI and a header may hold", () => {
    const parsed = parseMessage(
      lines(
        "!interesting-Method0123456789_*+`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com SIP/2.0",
        "Via: SIP/2.0/TCP host1.example.com;branch=z9hG4bK-.!%66*_+`'~",
        'To: "BEL:\\\x07 NUL:\\\x00 DEL:\\\x7f" <sip:1_unusual.URI~(to-be!sure)&isn\'t+it$/crazy?,/;;*@example.com>',
        "From: token1~` token2'+_ token3*%!.- <sip:mundane@example.com>;fromParam''~+*_!.-%=\"\xd1\x80\";tag=_token~1'+`*%!-.",
        "Call-ID: intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{",
        "CSeq: 139122385 !interesting-Method0123456789_*+`.%indeed'~",
        "Max-Forwards: 255",
        "extensionHeader-!.%*+_`'~:\xef\xbb\xbf\xe5\xa4\xa7",
        "Content-Length: 0",
      ),
    );
    if (!parsed.ok || parsed.message.kind !== "request") throw new Error("refused");
    const envelope = admitRequest(parsed.message);
    expect(envelope).toMatchObject({ cseq: 139122385, fromTag: "_token~1'+`*%!-." });
    expect(uriRefusal(parsed.message.uri)).toBeNull();
  });

  it("3.1.1.6: a message that does not end with its datagram", () => {
    const head = lines("OPTIONS sip:a@x SIP/2.0", "Via: SIP/2.0/UDP h;branch=z9hG4bK1", "Content-Length: 4");
    const parsed = parseMessage(`${head}bodyINVITE sip:trash@more SIP/2.0\r\n\r\n`);
    expect(parsed.ok && parsed.message.body).toBe("body");
  });

  it("3.1.2: what has to be refused is refused, with the headers needed for it", () => {
    const base = (start: string, ...more: string[]): string =>
      lines(
        start,
        "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1",
        "From: <sip:a@x>;tag=1",
        "To: <sip:b@x>",
        "Call-ID: c",
        ...more,
      );
    const verdict = (octets: string): number => {
      const parsed = parseMessage(octets);
      if (!parsed.ok) return { version: 505, garbage: 0, empty: 0 }[parsed.problem as string] ?? 400;
      if (parsed.message.kind === "response") return -1;
      const envelope = admitRequest(parsed.message);
      if ("status" in envelope) return envelope.status;
      return uriRefusal(parsed.message.uri)?.status ?? 200;
    };
    expect(verdict(base("OPTIONS sip:a@x SIP/7.0", "CSeq: 1 OPTIONS"))).toBe(505);
    expect(verdict(base("OPTIONS sip:a@x SIP/2.0", "CSeq: 1 INVITE"))).toBe(400);
    expect(verdict(base("OPTIONS sip:a@x; lr SIP/2.0", "CSeq: 1 OPTIONS"))).toBe(400);
    expect(verdict(base("OPTIONS  sip:a@x  SIP/2.0", "CSeq: 1 OPTIONS"))).toBe(400);
    expect(verdict(base("OPTIONS <sip:a@x> SIP/2.0", "CSeq: 1 OPTIONS"))).toBe(400);
    expect(verdict(base("OPTIONS sip:a@x SIP/2.0", "CSeq: 36893488147419103232 OPTIONS"))).toBe(400);
    expect(verdict(base("OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0", "CSeq: 1 OPTIONS"))).toBe(416);
    expect(verdict(base("OPTIONS sip:a@x SIP/2.0", "CSeq: 1 OPTIONS", "Content-Length: 9999"))).toBe(400);
    expect(verdict(base("OPTIONS sip:a@x SIP/2.0", "CSeq: 1 OPTIONS", "Content-Length: -999"))).toBe(400);
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
