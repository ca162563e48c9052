import { createHash, randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { brand } from "@legwork/shared/ids";
import type { Ha1 } from "@legwork/shared/store";
import type { Clock } from "../../ports/clock.js";
import type { Ids } from "../../ports/ids.js";

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

const made = (prefix: string): string => `${prefix}-${randomBytes(9).toString("hex")}`;

export const randomIds: Ids = {
  interaction: () => brand(made("i")),
  seat: () => brand(made("s")),
  leg: () => brand(made("l")),
  request: () => brand(made("q")),
  referral: () => brand(made("r")),
  wrapUp: () => brand(made("w")),
  secret: () => randomBytes(24).toString("base64url"),
};

const scryptAsync = promisify<string, Buffer, number, { N: number; r: number; p: number }, Buffer>(scrypt);
const COST = { N: 16384, r: 8, p: 1 };

/** `scrypt$N$r$p$salt$hash`, salt and hash in base64. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await scryptAsync(password, salt, 32, COST);
  return ["scrypt", COST.N, COST.r, COST.p, salt.toString("base64"), hash.toString("base64")].join("$");
}

export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [scheme, n, r, p, salt, hash] = stored.split("$");
  if (scheme !== "scrypt" || !salt || !hash) return false;
  const expected = Buffer.from(hash, "base64");
  const cost = { N: Number(n), r: Number(r), p: Number(p) };
  const actual = await scryptAsync(password, Buffer.from(salt, "base64"), expected.length, cost);
  return timingSafeEqual(actual, expected);
}

/** What is kept of a telephone's password (RFC 7616 section 3.4.2). */
export function ha1Of(user: string, realm: string, password: string): Ha1 {
  const hex = (algorithm: "md5" | "sha256"): string =>
    createHash(algorithm).update(`${user}:${realm}:${password}`).digest("hex");
  return { realm, md5: hex("md5"), sha256: hex("sha256") };
}
