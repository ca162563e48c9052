import { describe, expect, it } from "@jest/globals";
import { createHash } from "node:crypto";
import { expectedResponse, parseDigest } from "./digest.js";

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

/** The example of RFC 2617 section 3.5. */
const RFC_2617 =
  'Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="/dir/index.html", ' +
  'qop=auth, nc=00000001, cnonce="0a4f113b", response="6629fae49393a05397450978507c4ef1", opaque="5ccc069c403ebaf9f0171e9517f40e41"';
const HA1 = md5("Mufasa:testrealm@host.com:Circle Of Life");

describe("digest authentication", () => {
  it("[SG-2] computes the response of RFC 2617's example", () => {
    const credentials = parseDigest(RFC_2617)!;
    expect(expectedResponse(credentials, "GET", HA1, md5)).toBe(credentials.response);
  });

  it("computes the response without qop (RFC 2069)", () => {
    const credentials = parseDigest('Digest username="u", realm="r", nonce="n", uri="sip:r", response="x"')!;
    const expected = md5(`${md5("u:r:p")}:n:${md5("REGISTER:sip:r")}`);
    expect(expectedResponse(credentials, "REGISTER", md5("u:r:p"), md5)).toBe(expected);
  });

  it("reads quoted quotes, unquoted values and any spelling of the names", () => {
    const header = 'DIGEST Username="a\\"b",REALM="r", nonce=abc, uri="sip:x", response="AB", algorithm=md5';
    expect(parseDigest(header)).toMatchObject({ username: 'a"b', nonce: "abc", response: "ab", algorithm: "MD5" });
  });

  it.each([
    ["another scheme", "Basic dXNlcjpwYXNz"],
    ["nothing", ""],
    ["no response", 'Digest username="u", realm="r", nonce="n", uri="sip:r"'],
    ["garbage", 'Digest \u0000,,="=",username'],
  ])("is null for %s", (_what, header) => {
    expect(parseDigest(header)).toBeNull();
  });

  it.each([
    ["an algorithm we did not offer", { algorithm: "SHA-256" }],
    ["a qop we did not offer", { qop: "auth-int" }],
    ["qop without nc", { nc: null }],
  ])("has no answer to %s", (_what, change) => {
    expect(expectedResponse({ ...parseDigest(RFC_2617)!, ...change }, "GET", HA1, md5)).toBeNull();
  });
});
