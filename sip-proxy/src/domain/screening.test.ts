import { describe, expect, it } from "@jest/globals";
import { originOf, unsupportedOptions } from "./screening.js";

describe("requests that cannot be dealt with", () => {
  it("[SG-5] require what we do not know, told apart from what we do", () => {
    expect(unsupportedOptions(undefined)).toEqual([]);
    expect(unsupportedOptions("timer, Replaces,100rel")).toEqual([]);
    expect(unsupportedOptions("timer, Join ,,precondition")).toEqual(["Join", "precondition"]);
  });

  it("[SG-5] are the same request on another way: Call-ID, From tag and CSeq, and no tag of ours", () => {
    const request = { callId: "c1", cseq: "1  INVITE", from: '"a;tag=x" <sip:a@b;tag=y>;tag=z', to: "<sip:c@d>" };
    const origin = originOf(request);
    expect(origin).toBe(originOf({ ...request, cseq: "1 INVITE", from: "<sip:other@b>;TAG=z" }));
    expect(origin).not.toBe(originOf({ ...request, cseq: "2 INVITE" }));
    expect(origin).not.toBe(originOf({ ...request, from: "<sip:a@b>;tag=other" }));
    expect(originOf({ ...request, to: "<sip:c@d>;tag=ours" })).toBeNull();
    expect(originOf({ ...request, from: "<sip:a@b;tag=uri>" })).toBeNull();
    expect(originOf({ ...request, callId: undefined })).toBeNull();
  });
});
