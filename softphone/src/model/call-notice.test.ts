import { describe, expect, it } from "@jest/globals";
import { asksForNotices, showsOutside } from "./call-notice.js";

describe("a call that rings while the agent works in another window", () => {
  it("[AG-1] is shown outside the page where the agent has allowed it, and nowhere else", () => {
    expect(showsOutside(true, "granted", false)).toBe(true);
    expect(showsOutside(true, "granted", true)).toBe(false); // it is on the page, which is looked at
    expect(showsOutside(false, "granted", false)).toBe(false);
    for (const permission of ["default", "denied", "unsupported"] as const) {
      expect(showsOutside(true, permission, false)).toBe(false);
    }
  });

  it("[AG-1] is asked about until the agent has decided", () => {
    expect(asksForNotices("default", false)).toBe(true);
    expect(asksForNotices("default", true)).toBe(false);
    for (const decided of ["granted", "denied", "unsupported"] as const)
      expect(asksForNotices(decided, false)).toBe(false);
  });
});
