import { describe, expect, it } from "@jest/globals";
import { cleanDialText, parseDialNumber } from "./dial-number.js";

const rules = (homeCountry: string) => ({ homeCountry, isExtension: (digits: string) => digits === "2001" });
const dialled = (text: string, home = "NO") => {
  const outcome = parseDialNumber(text, rules(home));
  return outcome.ok ? outcome.dial.number : outcome.error;
};

describe("dial numbers", () => {
  it.each([
    ["+47 22 33 44 55", "+4722334455"],
    ["(201) 553-2447 ext", "2015532447"],
    ["tel:+47#12*:9", ":+47#12*:9"],
    ["\uff0b\uff14\uff17", "+47"],
    ["\u0664\u0667", "47"],
    ["<script>1</script>", "1"],
  ])("[DN-1] keeps what can be dialled of %j", (text, kept) => {
    expect(cleanDialText(text)).toBe(kept);
  });

  it.each([
    ["12", "too-short"],
    ["+1", "too-short"],
    ["1234567890123456789", "too-long"],
    ["", "empty"],
    ["call me", "empty"],
    [":123", "empty"],
    ["47+22334455", "misplaced-plus"],
  ])("[DN-2] says what is wrong with %j", (text, error) => {
    expect(dialled(text)).toBe(error);
  });

  it.each(["NO", "US"])("[DN-3] accepts the three examples at home in %s", (home) => {
    expect(dialled("+12015532447", home)).toBe("+12015532447");
    expect(dialled("+11234567890", home)).toBe("+11234567890");
    expect(dialled("01161123456789", home)).toBe("+61123456789");
  });

  it.each([
    ["NO", "22 33 44 55", "+4722334455"],
    ["NO", "0047 22334455", "+4722334455"],
    ["US", "(201) 553-2447", "+12015532447"],
    ["US", "0047 22334455", "+4722334455"],
    ["AU", "0011 47 22334455", "+4722334455"],
    ["AU", "0047 22334455", "+4722334455"],
    ["IT", "011 5613111", "+390115613111"],
  ])("[DN-3] at home in %s, %s is %s", (home, text, number) => {
    expect(dialled(text, home)).toBe(number);
  });

  it("[DN-4] refuses an impossible number with the reason", () => {
    expect(dialled("+4712")).toBe("impossible");
    expect(dialled("1234567")).toBe("impossible");
    expect(dialled("+999123456")).toBe("unknown-country");
  });

  it.each(["112", "116117", "110", "*21#", "#31#", "1881"])("[DN-4] never refuses %s by its form", (text) => {
    expect(dialled(text)).toBe(text);
  });

  it.each([
    ["22 33 44 55#", "+4722334455"],
    ["+46939123456#", "+46939123456"],
    ["112#", "112"],
    ["2001#", "2001"],
    ["22*33#", "22*33#"],
  ])("[DN-4] takes the # at the end of %s for the key that sends it", (text, number) => {
    expect(dialled(text)).toBe(number);
  });

  it("[DN-4] lets an extension win only if it exists", () => {
    expect(parseDialNumber("2001", rules("NO"))).toMatchObject({ dial: { kind: "extension", number: "2001" } });
    expect(parseDialNumber("2002", rules("NO"))).toMatchObject({ dial: { kind: "short", number: "2002" } });
  });

  it("[DN-4] calls for help, whatever extensions there are", () => {
    expect(parseDialNumber("112", { homeCountry: "NO", isExtension: () => true })).toMatchObject({
      dial: { kind: "short", number: "112" },
    });
  });

  it("[DN-5] refuses digits for one of our own telephones, and drops none silently", () => {
    expect(dialled("2001:5")).toBe("digits-inside");
    expect(dialled("2002:5")).toBe("2002");
  });

  it("[DN-5] keeps what follows the first colon for after the answer", () => {
    expect(parseDialNumber("+47 22 33 44 55:12::3#", rules("NO"))).toEqual({
      ok: true,
      dial: { kind: "e164", number: "+4722334455", postDial: "12::3#" },
    });
  });

  it("never throws, whatever it is given", () => {
    for (const text of ["+".repeat(50), "\u0000", "0".repeat(1000), "\ud800", "+00", "00011", "::::"]) {
      expect(() => parseDialNumber(text, rules("NO"))).not.toThrow();
      expect(() => parseDialNumber(text, rules("XX"))).not.toThrow();
    }
  });
});
