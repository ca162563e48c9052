import { describe, expect, it } from "@jest/globals";
import {
  ACCOUNT,
  afterChallenge,
  afterFailure,
  afterSuccess,
  BURST,
  FORGIVEN_AFTER_MS,
  PAIR,
  REFILL_PER_S,
  SOURCE,
  waitFor,
  waitOf,
  type Allowance,
  type Failures,
} from "./guessing.js";

const NOW = 1_795_415_946_275;
const failed = (count: number, last = NOW): Failures => ({ count, last });
const nothing = { pair: undefined, source: undefined, account: undefined, trusted: false };

describe("limits against guessing", () => {
  it("[SG-6] lets people mistype, then doubles the wait with each mistake, up to a quarter of an hour", () => {
    const waits = [0, 1, 4, 5, 6, 7, 8, 14, 15, 1000].map((n) => waitOf(n ? failed(n) : undefined, PAIR, NOW));
    expect(waits).toEqual([0, 0, 0, 1_000, 2_000, 4_000, 8_000, 512_000, 900_000, 900_000]);
    expect(waitOf(failed(6), PAIR, NOW + 1_500)).toBe(500);
    expect(waitOf(failed(6), PAIR, NOW + 2_000)).toBe(0);
  });

  it("[SG-6] counts on while mistakes follow each other, and forgets after half an hour without one", () => {
    expect(afterFailure(undefined, NOW)).toEqual(failed(1));
    expect(afterFailure(failed(7, NOW - FORGIVEN_AFTER_MS + 1), NOW)).toEqual(failed(8));
    expect(afterFailure(failed(7, NOW - FORGIVEN_AFTER_MS), NOW)).toEqual(failed(1));
    expect(waitOf(failed(50, NOW - FORGIVEN_AFTER_MS), PAIR, NOW)).toBe(0);
  });

  it("[SG-6] measures the account from this address, this address, and the account from anywhere", () => {
    expect(waitFor(nothing, NOW)).toBe(0);
    expect(waitFor({ ...nothing, pair: failed(PAIR.free) }, NOW)).toBe(1_000);
    expect(waitFor({ ...nothing, source: failed(SOURCE.free + 1), pair: failed(PAIR.free) }, NOW)).toBe(2_000);
    expect(waitFor({ ...nothing, account: failed(ACCOUNT.free + 2) }, NOW)).toBe(4_000);
  });

  it("[SG-6] lets no stranger lock out whoever was here with the right password", () => {
    const strangers = { ...nothing, source: failed(1000), account: failed(1000), trusted: true };
    expect(waitFor(strangers, NOW)).toBe(0);
    expect(waitFor({ ...strangers, pair: failed(PAIR.free) }, NOW)).toBe(1_000);
  });

  it("[SG-6] runs out of challenges for who never answers one, and gives some back with time", () => {
    let allowance: Allowance | undefined;
    for (let n = 0; n < BURST; n++) allowance = afterChallenge(allowance, NOW)!;
    expect(afterChallenge(allowance, NOW)).toBeNull();
    expect(afterChallenge(allowance, NOW + 1000 / REFILL_PER_S)).toMatchObject({ left: 0 });
    expect(afterChallenge(allowance, NOW + 3_600_000)).toMatchObject({ left: BURST - 1 });
  });

  it("[SG-6] costs nothing to answer challenges rightly, however many", () => {
    let allowance: Allowance | undefined;
    for (let n = 0; n < 3 * BURST; n++) allowance = afterSuccess(afterChallenge(allowance, NOW)!, NOW);
    expect(allowance?.left).toBe(BURST);
  });
});
