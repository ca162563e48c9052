import { describe, expect, it } from "@jest/globals";
import { cleanPaste, dialledUser, isDialText, withPaste } from "./dialled.js";

describe("a number in the field", () => {
  it("[DN-1] is cleaned when it is pasted, in its place, with the caret after it", () => {
    expect(withPaste("", 0, 0, " +47 (22) 33-44\u00a055 ext ")).toEqual({ text: "+4722334455", caret: 11 });
    expect(withPaste("+47:1", 3, 3, "22 33 44 55")).toEqual({ text: "+4722334455:1", caret: 11 });
    expect(withPaste("+47 99", 0, 6, "tel:112")).toEqual({ text: ":112", caret: 4 });
  });

  it("[DN-1] may be looked for by name when nothing of the paste can be dialled", () => {
    expect(cleanPaste(" Taxi ")).toBe("Taxi");
    expect(["Taxi", "", "4", "*"].map(isDialText)).toEqual([false, false, true, true]);
  });

  it("[DN-5] [SG-1] is dialled with the keys that follow it, by an INVITE to its cleaned text", () => {
    expect(dialledUser({ kind: "number", number: "+47 22 33 44 55:12#" })).toBe("+4722334455:12#");
    expect(dialledUser({ kind: "expert", expert: "marit" })).toBe("marit");
  });
});
