import { describe, expect, it } from "@jest/globals";
import { explainsSilence } from "./explains-silence.js";

const session = ["v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0"];
const sdp = (...media: string[]): string => [...session, ...media, ""].join("\r\n");

describe("[CO-4] an explained silence", () => {
  it.each([
    ["recvonly", sdp("m=audio 4000 RTP/AVP 0", "a=recvonly")],
    ["inactive", sdp("m=audio 4000 RTP/AVP 0", "a=inactive")],
    ["a direction of the session", sdp("a=inactive", "m=audio 4000 RTP/AVP 0")],
    ["silence suppression", sdp("m=audio 4000 RTP/AVP 0", "a=silenceSupp:on - - - -", "a=sendrecv")],
    ["silence suppression as RFC 3108 writes it", sdp("m=audio 4000 RTP/AVP 0", "a=silenceSupp: on 20 - - -")],
    ["comfort noise of payload type 13", sdp("m=audio 4000 RTP/AVP 0 13", "a=sendrecv")],
    ["comfort noise by name", sdp("m=audio 4000 RTP/AVP 9 104", "a=rtpmap:104 CN/16000")],
    ["the audio behind a refused line", sdp("m=audio 0 RTP/AVP 0", "m=audio 4000 RTP/AVP 0 13")],
  ])("is told by %s", (_, description) => {
    expect(explainsSilence(description)).toBe(true);
  });

  it.each([
    ["sendrecv", sdp("m=audio 4000 RTP/AVP 0 101", "a=rtpmap:101 telephone-event/8000", "a=sendrecv")],
    ["no direction", sdp("m=audio 4000 RTP/AVP 0")],
    ["sendonly", sdp("m=audio 4000 RTP/AVP 0", "a=sendonly")],
    ["a direction of its own beside the session's", sdp("a=inactive", "m=audio 4000 RTP/AVP 0", "a=sendrecv")],
    ["silence suppression that is off", sdp("m=audio 4000 RTP/AVP 0", "a=silenceSupp:off - - - -")],
    ["a mapping of comfort noise that is not offered", sdp("m=audio 4000 RTP/AVP 0", "a=rtpmap:13 CN/8000")],
    ["the directions of another line", sdp("m=audio 4000 RTP/AVP 0", "m=video 4002 RTP/AVP 96", "a=inactive")],
    ["a video line alone", sdp("m=video 4002 RTP/AVP 13", "a=inactive")],
    ["nothing", ""],
    ["nonsense", "a=recvonly"],
  ])("is not told by %s", (_, description) => {
    expect(explainsSilence(description)).toBe(false);
  });
});
