/** SIP digest authentication, server side (RFC 3261 section 22, RFC 2617 with qop=auth). Hashes come in through `md5`: this file is pure. */

export type Hash = (text: string) => string; // lower-case hex

export interface DigestCredentials {
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  readonly response: string;
  readonly qop: string | null;
  readonly nc: string | null;
  readonly cnonce: string | null;
  readonly algorithm: string;
}

/** Reads an Authorization value; null when it is not a complete Digest one. */
export function parseDigest(header: string): DigestCredentials | null {
  const scheme = /^\s*digest\s+/i.exec(header);
  if (!scheme) return null;
  const params = new Map<string, string>();
  for (const [, name, quoted, token] of header
    .slice(scheme[0].length)
    .matchAll(/([a-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]*))/gi)) {
    if (name) params.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, "$1") ?? token ?? "");
  }
  const [username, realm, nonce, uri, response] = ["username", "realm", "nonce", "uri", "response"].map((p) =>
    params.get(p),
  );
  if (username === undefined || realm === undefined || !nonce || !uri || !response) return null;
  return {
    username,
    realm,
    nonce,
    uri,
    response: response.toLowerCase(),
    qop: params.get("qop") ?? null,
    nc: params.get("nc") ?? null,
    cnonce: params.get("cnonce") ?? null,
    algorithm: (params.get("algorithm") ?? "MD5").toUpperCase(),
  };
}

/**
 * What the response must be for the one who knows the password, of which `ha1` is MD5(user:realm:password). Null when the credentials ask
 * for something we did not offer.
 */
export function expectedResponse(c: DigestCredentials, method: string, ha1: string, md5: Hash): string | null {
  if (c.algorithm !== "MD5") return null;
  const ha2 = md5(`${method}:${c.uri}`);
  if (c.qop === null) return md5(`${ha1}:${c.nonce}:${ha2}`);
  if (c.qop !== "auth" || !c.nc || !c.cnonce) return null;
  return md5(`${ha1}:${c.nonce}:${c.nc}:${c.cnonce}:${c.qop}:${ha2}`);
}
