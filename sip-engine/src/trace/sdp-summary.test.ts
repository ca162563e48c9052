import { expect, it } from "@jest/globals";
import { sdpSummary } from "./sdp-summary.js";

const body = (...lines: string[]): string => lines.map((line) => `${line}\r\n`).join("");

it("tells formats, place and direction of each media description", () => {
  expect(sdpSummary(body("v=0", "c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 0", "a=sendonly"))).toEqual([
    "SDP 0 PCMU 192.0.2.1:4000 sendonly",
  ]);
  expect(
    sdpSummary(
      body(
        "v=0",
        "a=inactive",
        "m=audio 4000 RTP/SAVP 96",
        "c=IN IP6 2001:db8::1",
        "a=rtpmap:96 opus/48000/2",
        "m=video 0 RTP/AVP 31",
      ),
    ),
  ).toEqual(["SDP SRTP 96 opus [2001:db8::1]:4000 inactive", "SDP video 31 refused"]);
});

it("finds SDP in a multipart body, and none where there is none", () => {
  const sdp = body("v=0", "c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 8");
  expect(sdpSummary(`--b\r\nContent-Type: application/sdp\r\n\r\n${sdp}\r\n--b\r\nm=no\r\n`)).toEqual([
    "SDP 8 PCMA 192.0.2.1:4000",
  ]);
  expect(sdpSummary("hello")).toEqual([]);
  expect(sdpSummary(body("v=0", ...Array.from({ length: 10 }, () => "m=x 1 y 2"))).at(-1)).toBe("SDP +2 media");
});
