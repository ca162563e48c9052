import { describe, expect, it } from "@jest/globals";
import { userOf } from "./sip-uri.js";

describe("the user of a URI", () => {
  it.each([
    ["sip:2001@legwork.test", "2001"],
    ["SIPS:2001@legwork.test;transport=tcp", "2001"],
    ["sip:+4722334455@legwork.test;user=phone", "+4722334455"],
    ["sip:%2B4722334455@legwork.test", "+4722334455"],
    ["sip:22334455;phone-context=+47@legwork.test;user=phone", "22334455"],
    ["sip:+4722334455;isub=1;phone-context=legwork.test@legwork.test", "+4722334455"],
    ["sip:+4722334455:12%23@legwork.test", "+4722334455:12#"],
    ["tel:+47-22-33-44-55;phone-context=legwork.test", "+47-22-33-44-55"],
    ["tel:112", "112"],
    ["sip:legwork.test", ""],
    ["sip:legwork.test;maddr=a", ""],
    ["mailto:a@b.test", ""],
    ["sip:a%@b", "a%"],
  ])("[OB-1] [SG-5] %s is %j", (uri, user) => {
    expect(userOf(uri)).toBe(user);
  });
});
