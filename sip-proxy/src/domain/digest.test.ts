import { describe, expect, it } from "@jest/globals";
import { createHash } from "node:crypto";
import { expectedResponse, nonceCount, parseDigest } from "./digest.js";

const hash =
  (algorithm: string) =>
  (text: string): string =>
    createHash(algorithm).update(text).digest("hex");
const [md5, sha256] = [hash("md5"), hash("sha256")];

/** The example of RFC 2617 section 3.5. */
const RFC_2617 =
  'Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="/dir/index.html", ' +
  'qop=auth, nc=00000001, cnonce="0a4f113b", response="6629fae49393a05397450978507c4ef1", opaque="5ccc069c403ebaf9f0171e9517f40e41"';
const SECRET = { algorithm: "MD5", ha1: md5("Mufasa:testrealm@host.com:Circle Of Life") } as const;

/** The example of RFC 7616 section 3.9.1. */
const RFC_7616 =
  'Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", algorithm=SHA-256, ' +
  'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", ' +
  'qop=auth, response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"';

describe("digest authentication", () => {
  it("[SG-2] computes the response of RFC 2617's example", () => {
    const credentials = parseDigest(RFC_2617)!;
    expect(expectedResponse(credentials, "GET", SECRET, md5)).toBe(credentials.response);
  });

  it("[SG-6] computes the response of RFC 7616's example with SHA-256", () => {
    const credentials = parseDigest(RFC_7616)!;
    const secret = { algorithm: "SHA-256", ha1: sha256("Mufasa:http-auth@example.org:Circle of Life") } as const;
    expect(expectedResponse(credentials, "GET", secret, sha256)).toBe(credentials.response);
    expect(expectedResponse({ ...credentials, algorithm: "MD5" }, "GET", secret, sha256)).toBeNull();
  });

  it("computes the response without qop (RFC 2069)", () => {
    const credentials = parseDigest('Digest username="u", realm="r", nonce="n", uri="sip:r", response="x"')!;
    const expected = md5(`${md5("u:r:p")}:n:${md5("REGISTER:sip:r")}`);
    expect(expectedResponse(credentials, "REGISTER", { algorithm: "MD5", ha1: md5("u:r:p") }, md5)).toBe(expected);
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
    ["a count that is none", { nc: "1" }],
  ])("has no answer to %s", (_what, change) => {
    expect(expectedResponse({ ...parseDigest(RFC_2617)!, ...change }, "GET", SECRET, md5)).toBeNull();
  });

  it("[SG-6] reads the nonce count as the hexadecimal number it is", () => {
    const credentials = parseDigest(RFC_2617)!;
    expect(["00000001", "0000000a", "FFFFFFFF"].map((nc) => nonceCount({ ...credentials, nc }))).toEqual([
      1, 10, 4294967295,
    ]);
    expect([null, "", "1", "0000000g", "000000001"].map((nc) => nonceCount({ ...credentials, nc }))).toEqual(
      Array(5).fill(null),
    );
    expect(nonceCount({ ...credentials, qop: null })).toBeNull();
  });
});
