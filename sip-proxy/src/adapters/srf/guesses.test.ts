import { describe, expect, it } from "@jest/globals";
import { FORGIVEN_AFTER_MS, PAIR, SOURCE } from "../../domain/guessing.js";
import { Guesses } from "./guesses.js";

const guesses = () => {
  let now = 1_795_415_946_275;
  const all = new Guesses({ now: () => now, after: () => () => undefined });
  return { all, wait: (ms: number) => void (now += ms) };
};

describe("an office behind one address", () => {
  it("[SG-6] is not locked out by one telephone of it that goes on with a wrong password", () => {
    const { all, wait } = guesses();
    for (let n = 0; n < 100; n++) {
      all.wrong("2001", "192.0.2.1");
      wait(60_000);
    }
    expect(all.wait("2001", "192.0.2.1")).toBeGreaterThan(0);
    expect(all.wait("2002", "192.0.2.1")).toBe(0);
  });

  it("[SG-6] has to wait when somebody there tries one account after the other", () => {
    const { all, wait } = guesses();
    for (let n = 0; n < SOURCE.free; n++) all.wrong(`account-${n}`, "192.0.2.1");
    expect(all.wait("2002", "192.0.2.1")).toBeGreaterThan(0);
    expect(all.wait("2002", "192.0.2.2")).toBe(0);
    wait(FORGIVEN_AFTER_MS);
    expect(all.wait("2002", "192.0.2.1")).toBe(0);
    for (let n = 0; n < PAIR.free; n++) all.wrong("2002", "192.0.2.1");
    expect(all.wait("2002", "192.0.2.1")).toBe(1_000);
  });
});
