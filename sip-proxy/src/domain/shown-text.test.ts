import { describe, expect, it } from "@jest/globals";
import { shownText } from "./shown-text.js";

describe("a name that a stranger gives", () => {
  it("stays as it is in every script", () => {
    for (const name of ["Åse Strøm", "עדה כהן", "محمد", "王小明", "<b>O'Neill & Co</b>"])
      expect(shownText(name)).toBe(name);
  });

  it("loses what would turn the words after it round, and what cannot be seen", () => {
    expect(shownText("\u202eannA\u202c \u2067x\u2069\u200f")).toBe("annA x");
    expect(shownText("Eve\r\n\u0000\u0085Mallory")).toBe("EveMallory");
  });

  it("is cut after 128 characters, between two of them", () => {
    expect(shownText("W".repeat(128))).toBe("W".repeat(128));
    expect(shownText("😀".repeat(200))).toBe(`${"😀".repeat(127)}…`);
  });
});
