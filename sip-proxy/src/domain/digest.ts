/** SIP digest authentication, server side (RFC 3261 section 22, RFC 7616 and RFC 8760 with qop=auth). Hashes come in: this file is pure. */

export type Hash = (text: string) => string; // lower-case hex

/** What an account is challenged with. One of them: drachtio-srf sends no second WWW-Authenticate, and old phones take the first. */
export type DigestAlgorithm = "MD5" | "SHA-256";

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

/** How somebody proves who they are: `ha1` is H(user:realm:password) in lower-case hex, H the hash of the algorithm. */
export interface DigestSecret {
  readonly algorithm: DigestAlgorithm;
  readonly ha1: string;
}

/** What the response must be for the one who knows the password. Null when the credentials are made of something we did not offer. */
export function expectedResponse(
  c: DigestCredentials,
  method: string,
  { algorithm, ha1 }: DigestSecret,
  hash: Hash,
): string | null {
  if (c.algorithm !== algorithm) return null;
  const ha2 = hash(`${method}:${c.uri}`);
  if (c.qop === null) return hash(`${ha1}:${c.nonce}:${ha2}`);
  if (c.qop !== "auth" || !c.cnonce || nonceCount(c) === null) return null;
  return hash(`${ha1}:${c.nonce}:${c.nc}:${c.cnonce}:${c.qop}:${ha2}`);
}

/** How often this nonce was used, as the sender counts; null without qop, or when it is no count (RFC 7616 section 3.4). */
export const nonceCount = ({ qop, nc }: DigestCredentials): number | null =>
  qop !== null && nc !== null && /^[0-9a-f]{8}$/i.test(nc) ? parseInt(nc, 16) : null;
