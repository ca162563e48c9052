import { describe, expect, it } from "@jest/globals";
import { makeNonce, NONCE_LIFE_MS, timeOfNonce, UsedNonces } from "./nonces.js";

const NOW = 1_795_415_946_275;
const mac = (text: string): string => Buffer.from(text).toString("hex");
const same = (a: string, b: string): boolean => a === b;

describe("nonces", () => {
  it("[SG-6] tell when they were made, to those they were made for", () => {
    const nonce = makeNonce(NOW, "5a17", "192.0.2.1 5060", mac);
    expect(timeOfNonce(nonce, "192.0.2.1 5060", mac, same)).toBe(NOW);
    expect(timeOfNonce(nonce, "192.0.2.1 5061", mac, same)).toBeNull();
    expect(timeOfNonce(nonce, "192.0.2.1 5060", (text) => `x${mac(text)}`, same)).toBeNull();
  });

  it.each(["", "-", "--", "a-b", "a-b-c", `${makeNonce(NOW, "s", "x", mac)}-more`, "\u0000"])(
    "[SG-6] that we did not make are none: %j",
    (nonce) => expect(timeOfNonce(nonce, "x", mac, same)).toBeNull(),
  );

  it("[SG-6] take each count once, and only higher ones afterwards", () => {
    const used = new UsedNonces(10);
    expect([1, 1, 2, 5, 4, 6].map((count) => used.use("n", count, NOW, NOW))).toEqual([
      true,
      false,
      true,
      true,
      false,
      true,
    ]);
    expect(used.use("other", 1, NOW, NOW)).toBe(true);
  });

  it("[SG-6] are good for one request without a count", () => {
    const used = new UsedNonces(10);
    expect([null, null, 1].map((count) => used.use("n", count, NOW, NOW))).toEqual([true, false, false]);
    expect([1, null].map((count) => used.use("m", count, NOW, NOW))).toEqual([true, false]);
  });

  it("[SG-6] are remembered in bounded number, and what is no longer remembered is not taken", () => {
    const used = new UsedNonces(3);
    for (const n of [1, 2, 3, 4, 5]) expect(used.use(`n${n}`, 1, NOW + n, NOW + n)).toBe(true);
    expect(used.size).toBe(3);
    expect(used.use("n1", 2, NOW + 1, NOW + 5)).toBe(false);
    expect(used.use("n5", 2, NOW + 5, NOW + 5)).toBe(true);
  });

  it("[SG-6] are forgotten when nobody could use them any more", () => {
    const used = new UsedNonces(3);
    used.use("n1", 1, NOW, NOW);
    used.use("n2", 1, NOW, NOW + NONCE_LIFE_MS + 1);
    expect(used.size).toBe(1);
  });
});
