import { describe, expect, it } from "@jest/globals";
import { accepts, durationOf, endsSubscription, MAX_SUBSCRIPTION_S, packageOf, retryAfterOf } from "./subscription.js";

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

  it("[SG-7] end with what says that there is none, and not with what is about one NOTIFY (RFC 5057 section 5.1)", () => {
    expect([481, 489, 408, 404, 405, 604].every(endsSubscription)).toBe(true);
    expect([200, 400, 401, 403, 486, 491, 500, 503, 603].some(endsSubscription)).toBe(false);
    expect([undefined, "", "soon", "5", "0", "30;duration=3", "18000 (later)"].map(retryAfterOf)).toEqual([
      null,
      null,
      null,
      5,
      1,
      30,
      300,
    ]);
  });
});
