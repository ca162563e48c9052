import { describe, expect, it } from "@jest/globals";
import { parseReferTo } from "./refer-to.js";

describe("Refer-To", () => {
  it.each([
    ["a plain URI", "sip:focus-1@host", "focus-1"],
    ["angle brackets", "<sip:focus-1@host;transport=ws>", "focus-1"],
    ["a quoted name with brackets in it", '"Ola <x> \\"H\\"" <sip:ola@host>', "ola"],
    ["an unquoted name", "Ola Hansen <sip:ola@host>", "ola"],
    ["an escaped user", "<sip:%2B4722334455@host>", "+4722334455"],
    ["no user", "<sip:host>", ""],
  ])("[SG-3] reads %s", (_what, value, user) => {
    expect(parseReferTo(value)).toMatchObject({ user, replaces: null });
  });

  it("[SG-3] finds the dialog to be replaced, escaped, whatever stands around it", () => {
    const value = "<sip:ola@host;transport=ws?X=1&Replaces=a%40b%3Bto-tag%3Dt%3Bfrom-tag%3Df>";
    expect(parseReferTo(value)?.replaces).toEqual({ callId: "a@b", toTag: "t", fromTag: "f", earlyOnly: false });
  });

  it.each([
    ["nothing", ""],
    ["two", "<sip:2002@dom>, <sip:2001@dom>"],
    ["two without brackets", "sip:2002@dom,sip:2001@dom"],
    ["a mail address", "<mailto:kari@example.com>"],
    ["a Replaces without tags", "<sip:a@b?Replaces=x>"],
    ["lone percent signs", "<sip:a%@b?Replaces=%%%>"],
  ])("[SG-5] is null for %s", (_what, value) => {
    expect(parseReferTo(value)).toBeNull();
  });

  it("[BT-1] reads a telephone number, with a tel URI or as the user of a SIP URI", () => {
    expect(parseReferTo("<tel:+47-22-33-44-55;phone-context=x>")).toMatchObject({
      user: "+47-22-33-44-55",
      replaces: null,
    });
    expect(parseReferTo("<sip:+4722334455@legwork.local;user=phone>")).toMatchObject({ user: "+4722334455" });
    expect(parseReferTo("<sip:*21%23@legwork.local>")).toMatchObject({ user: "*21#" });
  });
});
