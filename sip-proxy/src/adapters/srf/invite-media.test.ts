import { describe, expect, it } from "@jest/globals";
import { AUDIO_PROFILES } from "@legwork/shared/media";
import { transportOf } from "./invite-media.js";

const offer = (...lines: string[]) => ({ body: ["v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", ...lines, ""].join("\r\n") });

describe("what an INVITE offers", () => {
  it("[MX-2] [SG-1] is told by the profile of its audio, in every form that the media-server reads", () => {
    for (const kind of ["webrtc", "rtp"] as const)
      for (const profile of AUDIO_PROFILES[kind])
        expect([profile, transportOf(offer(`m=audio 9 ${profile} 111 0`))]).toEqual([profile, kind]);
  });

  it("[MX-2] is told by audio that is on, whatever else is there", () => {
    const video = "m=video 9 UDP/TLS/RTP/SAVPF 96";
    expect(transportOf(offer(video, "m=audio 4000 RTP/AVP 0"))).toBe("rtp");
    expect(transportOf(offer("m=audio 0 RTP/AVP 0", "m=audio 9 RTP/SAVPF 111"))).toBe("webrtc");
    expect(transportOf(offer("m=audio 9 RTP/SAVP 0", "m=audio 9/2 RTP/AVP 0"))).toBe("rtp");
    expect(transportOf({})).toBe("rtp");
  });
});
