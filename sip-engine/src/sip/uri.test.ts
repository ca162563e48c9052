import { describe, expect, it } from "@jest/globals";
import { contactKey, bareHost, hostPort, parseUri, uriHeaders, withoutHeaders, withoutPassword } from "./uri.js";

describe("parseUri", () => {
  it("reads every part of a SIP URI", () => {
    const uri = parseUri("sip:alice:pw@Example.com:5070;transport=TCP;lr?Replaces=a%3Bto-tag%3Db&X-H=1");
    expect(uri).toMatchObject({ scheme: "sip", user: "alice:pw", host: "Example.com", port: 5070 });
    expect(uri?.params.get("transport")).toBe("TCP");
    expect(uri?.params.has("lr")).toBe(true);
    expect(uri && uriHeaders(uri)).toEqual([
      { name: "Replaces", value: "a;to-tag=b" },
      { name: "X-H", value: "1" },
    ]);
    expect(uri && contactKey(uri)).toBe("alice:pw@example.com:5070");
    expect(uri && contactKey(withoutPassword(uri))).toBe("alice@example.com:5070");
  });

  it("reads hosts of every kind", () => {
    for (const [text, host, port] of [
      ["sip:192.0.2.1", "192.0.2.1", null],
      ["sips:[2001:db8::1]:5061", "[2001:db8::1]", 5061],
      ["sip:u@xyz123.invalid;transport=ws", "xyz123.invalid", null],
      ["sip:u@a_b.example.", "a_b.example.", null],
    ] as const) {
      expect(parseUri(text)).toMatchObject({ host, port });
    }
  });

  it("keeps parameters of the user part with the user", () => {
    expect(parseUri("sip:+47;phone-context=x?y@host;user=phone")).toMatchObject({
      user: "+47;phone-context=x?y",
      host: "host",
    });
  });

  it("reads tel URIs", () => {
    expect(parseUri("tel:+4712345678;phone-context=example.com")).toMatchObject({ scheme: "tel", user: "+4712345678" });
  });

  it("refuses what is no such URI", () => {
    for (const text of [
      "",
      "sip:",
      "sip:@host",
      "sip:a@",
      "sip:a@h:99999",
      "sip:a@h:port",
      "http://x",
      "sip:a b@h",
      "<sip:a@h>",
      "tel:",
    ]) {
      expect(parseUri(text)).toBeNull();
    }
  });

  it("takes no identity or body headers from a URI", () => {
    const uri = parseUri("sip:a@h?From=x&Body=y&Call-ID=z&Subject=ok&Evil=%0d%0aVia:%20x");
    expect(uri && uriHeaders(uri)).toEqual([{ name: "Subject", value: "ok" }]);
    expect(withoutHeaders("sip:a@h;p?X=1")).toBe("sip:a@h;p");
  });

  it("writes IPv6 hosts in brackets and strips them for sockets", () => {
    expect(hostPort("2001:db8::1", 5060)).toBe("[2001:db8::1]:5060");
    expect(hostPort("192.0.2.1", null)).toBe("192.0.2.1");
    expect(bareHost("[2001:DB8::1]")).toBe("2001:db8::1");
  });
});
