import { describe, expect, it } from "@jest/globals";
import { factsOf } from "./number-facts.js";

describe("what the numbering plan says", () => {
  it.each([
    ["+4722334455", "NO", false, "+47 22 33 44 55"],
    ["+12015532447", "US", false, "+1 201 553 2447"],
    ["+4782000000", "NO", true, "+47 820 00 000"],
    ["+46771234567", "SE", true, "+46 77 123 45 67"], // shared cost
    ["112", null, false, "112"],
    ["*21#", null, false, "*21#"],
  ])("[TK-1] of %s: country %s, premium %s, written %s", (number, country, premium, display) => {
    expect(factsOf(number)).toEqual({ country, premium, display });
  });
});
