import { createHash, randomBytes } from "node:crypto";

export interface Account {
  readonly user: string;
  readonly password: string;
  readonly domain: string;
}

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

/** The Authorization value for a challenge (RFC 3261 section 22.4, qop=auth). */
export function authorize(challenge: string, account: Account, method: string, uri: string): string {
  const param = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? "";
  const [realm, nonce, cnonce] = [param("realm"), param("nonce"), randomBytes(8).toString("hex")];
  const ha1 = md5(`${account.user}:${realm}:${account.password}`);
  const response = md5(`${ha1}:${nonce}:00000001:${cnonce}:auth:${md5(`${method}:${uri}`)}`);
  return (
    `Digest username="${account.user}", realm="${realm}", nonce="${nonce}", uri="${uri}", ` +
    `response="${response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="${cnonce}"`
  );
}

/** The response of whoever sent this Authorization is the one the password makes. */
export function isAuthorized(authorization: string, password: string, method: string): boolean {
  const param = (name: string): string => new RegExp(`${name}="?([^",]*)"?`).exec(authorization)?.[1] ?? "";
  const ha1 = md5(`${param("username")}:${param("realm")}:${password}`);
  const ha2 = md5(`${method}:${param("uri")}`);
  const response = param("qop")
    ? md5(`${ha1}:${param("nonce")}:${param("nc")}:${param("cnonce")}:${param("qop")}:${ha2}`)
    : md5(`${ha1}:${param("nonce")}:${ha2}`);
  return response === param("response");
}
