import { describe, expect, it } from "@jest/globals";
import { hasToken, headerKey, longName, splitList, wireName } from "./headers.js";
import { formatNameAddr, parseNameAddr, paramOf, withTag } from "./name-addr.js";
import { formatVia, parseVia, receivedVia } from "./via.js";

describe("header names", () => {
  it("are found under one key", () => {
    for (const name of ["f", "F", "From", "FROM"]) expect(headerKey(name)).toBe("from");
    expect(longName("x")).toBe("Session-Expires");
    expect(longName("X-Own")).toBe("X-Own");
  });

  it("are spelled canonically on the wire, X- names as given", () => {
    expect(
      ["cseq", "call-id", "www-authenticate", "foo-bar", "x-color", "X-myName", "RAck"].map((name) =>
        wireName(name, new Set()),
      ),
    ).toEqual(["CSeq", "Call-ID", "WWW-Authenticate", "Foo-Bar", "x-color", "X-myName", "RAck"]);
  });

  it("stay as the app writes them where the operator says so", () => {
    const preserved = new Set(["foo-bar", "cseq"]);
    expect(["foo-Bar", "foo-baz", "cseq"].map((name) => wireName(name, preserved))).toEqual([
      "foo-Bar",
      "Foo-Baz",
      "CSeq",
    ]);
  });

  it("split lists outside quotes and brackets only", () => {
    expect(splitList('<sip:a,b@x>, "c, \\"d" <sip:e@x> ,, f')).toEqual(["<sip:a,b@x>", '"c, \\"d" <sip:e@x>', "f"]);
    expect(hasToken(["timer, 100REL"], "100rel")).toBe(true);
    expect(hasToken(["timer"], "100rel")).toBe(false);
  });
});

describe("name-addr", () => {
  it("reads quoted names, bare URIs and parameters", () => {
    const quoted = parseNameAddr('"A \\"<B>\\" ; C" <sip:a@x;p=1>;tag=t;q="x;y"');
    expect(quoted).toMatchObject({ display: '"A \\"<B>\\" ; C"', uri: "sip:a@x;p=1" });
    expect(quoted && [paramOf(quoted, "tag"), paramOf(quoted, "q")]).toEqual(["t", '"x;y"']);
    // RFC 3261 20.10: without brackets the parameters are the header's.
    const bare = parseNameAddr("sip:a@x;tag=t");
    expect(bare).toMatchObject({ uri: "sip:a@x", params: ["tag=t"] });
  });

  it("puts exactly one tag on", () => {
    const address = parseNameAddr("sip:a@x;tag=old;x=1");
    expect(address && formatNameAddr(withTag(address, "new"))).toBe("<sip:a@x>;x=1;tag=new");
    expect(address && formatNameAddr(withTag(address, null))).toBe("<sip:a@x>;x=1");
  });

  it("refuses malformed ones", () => {
    for (const text of ["", "<sip:a@x", "<>", "<sip:a@x>x", "a b", ";tag=1"]) expect(parseNameAddr(text)).toBeNull();
    for (const text of [";<?>", " ;x <sip:a@x>;tag=1", "<;>", '"A" < ;x>']) expect(parseNameAddr(text)).toBeNull();
  });
});

describe("Via", () => {
  it("is read, stamped with where it came from, and written", () => {
    const via = parseVia("SIP/2.0/UDP pc.example.com:5070;branch=z9hG4bK1;rport");
    expect(via && formatVia(receivedVia(via, "192.0.2.9", 4444))).toBe(
      "SIP/2.0/UDP pc.example.com:5070;branch=z9hG4bK1;rport=4444;received=192.0.2.9",
    );
  });

  it("names no received address when the sent-by is the source", () => {
    const via = parseVia("SIP/2.0/TCP [2001:DB8::1];branch=z9hG4bK1");
    expect(via && formatVia(receivedVia(via, "2001:db8::1", 5))).toBe(
      "SIP/2.0/TCP [2001:DB8::1];branch=z9hG4bK1;rport=5",
    );
  });
});
