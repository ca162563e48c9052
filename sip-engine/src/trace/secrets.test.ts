import { expect, it } from "@jest/globals";
import { masked } from "./secrets.js";

const lines = (...all: string[]): string => all.join("\r\n");

it("masks digest proofs, other credentials, URI passwords and SRTP keys, and no length changes", () => {
  const text = lines(
    "REGISTER sip:kari:geheim@example.com SIP/2.0",
    'Authorization: Digest username="kari", response="0123456789abcdef", nonce="n",',
    ' cnonce="c", qop=auth',
    "proxy-authorization : Digest nonce=x,",
    "\tresponse",
    ' = "fedcba98"',
    "Authorization: Bearer abc.def",
    'Authentication-Info: rspauth="6629fae4", nextnonce="47"',
    'WWW-Authenticate: Digest realm="response=1"',
    "Contact: <sip:10.0.0.1:5060;ob>, <sip:kari@10.0.0.1:5060>",
    "",
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20;inline:QUJDRA==|2^20",
    "Authorization of a body",
  );
  const hidden = masked(text);
  expect(hidden).toBe(
    lines(
      "REGISTER sip:kari:******@example.com SIP/2.0",
      'Authorization: Digest username="kari", response="****************", nonce="n",',
      ' cnonce="c", qop=auth',
      "proxy-authorization : Digest nonce=x,",
      "\tresponse",
      ' = "********"',
      "Authorization: Bearer *******",
      'Authentication-Info: rspauth="********", nextnonce="47"',
      'WWW-Authenticate: Digest realm="response=1"',
      "Contact: <sip:10.0.0.1:5060;ob>, <sip:kari@10.0.0.1:5060>",
      "",
      "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:****************************************|2^20;inline:********|2^20",
      "Authorization of a body",
    ),
  );
  expect(hidden).toHaveLength(text.length);
});

it("takes no time over texts made to keep it busy", () => {
  for (const piece of ["sip:", "sip:a:", "sip:a:b", "Authorization: \r\n ", "response ", "a=crypto:inline:", "\r\n "]) {
    const text = piece.repeat(65_536 / piece.length);
    const began = performance.now();
    expect(masked(text)).toHaveLength(text.length);
    expect(performance.now() - began).toBeLessThan(1000);
  }
});
