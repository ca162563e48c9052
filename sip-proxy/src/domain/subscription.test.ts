import { describe, expect, it } from "@jest/globals";
import { accepts, durationOf, MAX_SUBSCRIPTION_S, packageOf } from "./subscription.js";

describe("event subscriptions (RFC 6665)", () => {
  it("[SG-7] are to four packages, whatever their parameters", () => {
    expect(["dialog", "Presence;id=7", "message-summary ;x", "conference"].map(packageOf)).toEqual([
      "dialog",
      "presence",
      "message-summary",
      "conference",
    ]);
    expect(["", ";", "refer", "dialog.winfo", "toString"].map(packageOf)).toEqual(Array(5).fill(null));
  });

  it("[SG-7] last as long as asked, an hour at most, half a minute at least", () => {
    expect(["60", " 30 ", "0", "99999", undefined, "soon", "-1"].map(durationOf)).toEqual([
      60,
      30,
      0,
      ...Array(4).fill(MAX_SUBSCRIPTION_S),
    ]);
    expect(["1", "29"].map(durationOf)).toEqual([null, null]);
  });

  it("[SG-7] are for who understands what is told", () => {
    const type = "application/pidf+xml";
    for (const accept of [undefined, type, "text/plain, application/PIDF+xml;q=0.5", "*/*", "application/*"])
      expect(accepts(accept, type)).toBe(true);
    for (const accept of ["", "text/plain", "application/pidf"]) expect(accepts(accept, type)).toBe(false);
  });
});
