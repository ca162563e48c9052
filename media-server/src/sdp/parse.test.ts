import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { parseRemote } from "./parse.js";

const fixture = (name: string): string =>
  readFileSync(new URL(`../../test/fixtures/sdp/${name}.sdp`, import.meta.url), "latin1");

function remote(name: string, kind: "webrtc" | "rtp") {
  const parsed = parseRemote(fixture(name), kind);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.value;
}

const codecs = (name: string, kind: "webrtc" | "rtp"): string[] =>
  remote(name, kind).codecs.map((c) => `${c.codec} ${c.payloadType}`);
const events = (name: string, kind: "webrtc" | "rtp"): string[] =>
  remote(name, kind).events.map((e) => `${e.clockRate} ${e.payloadType}`);

describe("recorded descriptions", () => {
  it("[MX-2] of browsers give codecs, events, ICE, DTLS and the SSRC", () => {
    expect(codecs("chromium-156-offer", "webrtc")).toEqual(["opus 111", "G722 9", "PCMU 0", "PCMA 8"]);
    expect(events("chromium-156-offer", "webrtc")).toEqual(["48000 110", "8000 126"]);
    expect(remote("chromium-156-offer", "webrtc")).toMatchObject({
      direction: "sendrecv",
      bundled: true,
      lines: [{ mid: "0" }],
      transport: {
        kind: "webrtc",
        iceUfrag: "PsDQ",
        setup: "actpass",
        ssrc: 3100029970,
        midExtension: 4,
        fingerprint: { algorithm: "sha-256" },
      },
    });
    expect(codecs("firefox-153-offer", "webrtc")).toEqual(["opus 109", "G722 9", "PCMU 0", "PCMA 8"]);
    expect(events("firefox-153-offer", "webrtc")).toEqual(["8000 101"]);
    // Firefox puts its fingerprint at session level.
    expect(remote("firefox-153-offer", "webrtc")).toMatchObject({
      direction: "sendrecv",
      bundled: true,
      transport: { ssrc: 1655871745, midExtension: 3, fingerprint: { value: expect.stringMatching(/^B9:4D/) } },
    });
  });

  it("[MX-2] of phones give codecs in their order, static payload types without a map, and the RTCP port", () => {
    expect(codecs("sipp-3.6-rtpstream", "rtp")).toEqual(["PCMU 0"]);
    expect(codecs("baresip-1.0-offer", "rtp")).toEqual(["opus 96", "PCMU 0", "PCMA 8"]);
    expect(remote("baresip-1.0-offer", "rtp").transport).toMatchObject({
      address: { ip: "127.0.0.1", port: 20046, rtcpPort: 20047 },
      rtcpMux: false,
    });
    expect(codecs("linphone-5.1-offer", "rtp")).toEqual(["opus 96", "PCMU 0", "PCMA 8"]);
    expect(events("linphone-5.1-offer", "rtp")).toEqual(["48000 101", "8000 100"]);
    expect(remote("linphone-5.1-offer", "rtp").direction).toBe("sendrecv");
    expect(codecs("desk-phone-offer", "rtp")).toEqual(["G722 9", "PCMA 8", "PCMU 0"]);
  });

  it("[HO-2] of Firefox on hold give the direction of the line, whatever the session's is", () => {
    expect(remote("firefox-153-hold", "webrtc").direction).toBe("sendonly");
  });

  it("[HO-2] of phones on hold give the direction, the old form included", () => {
    expect(remote("desk-phone-hold-sendonly", "rtp").direction).toBe("sendonly");
    expect(remote("linphone-5.1-hold", "rtp").direction).toBe("sendonly");
    expect(events("linphone-5.1-hold", "rtp")).toEqual(["8000 96"]);
    expect(remote("desk-phone-hold-rfc2543", "rtp")).toMatchObject({
      direction: "sendonly",
      transport: { address: null },
    });
    expect(remote("chromium-156-inactive", "webrtc")).toMatchObject({
      direction: "inactive",
      transport: { ssrc: null },
    });
  });

  it("with several lines give the audio one, and all to be answered", () => {
    const { lines, audio } = remote("chromium-156-audio-video-data", "webrtc");
    expect(audio).toBe(0);
    expect(lines.map((l) => l.type)).toEqual(["audio", "video", "application"]);
  });

  it("[MX-2] with several audio lines give the first whose codec we speak", () => {
    const lines = (...audio: string[]): string =>
      ["v=0", "o=- 1 1 IN IP4 10.0.0.1", "s=-", "c=IN IP4 10.0.0.1", "t=0 0", ...audio, ""].join("\r\n");
    const chosen = (sdp: string): unknown => {
      const parsed = parseRemote(sdp, "rtp");
      return parsed.ok && [parsed.value.audio, parsed.value.codecs.map((c) => c.codec)];
    };
    expect(chosen(lines("m=audio 4000 RTP/AVP 18", "m=audio 4002 RTP/AVP 8", "m=audio 4004 RTP/AVP 0"))).toEqual([1, ["PCMA"]]); // prettier-ignore
    expect(chosen(lines("m=audio 0 RTP/AVP 0", "m=audio 4000 RTP/AVP 18"))).toEqual([1, []]);
  });

  it.each([
    ["IN IP6 2001:db8::1", "no-common-codec", /no IPv4 address to send to, but 2001:db8::1/],
    ["IN IP4 media.example.com", "no-common-codec", /no IPv4 address to send to, but media.example.com/],
    ["IN IP4 10.0.0.256", "no-common-codec", /no IPv4 address/],
    [null, "bad-sdp", /no c= line/],
  ] as const)("[SG-5] to which nothing could be sent are refused: c=%s", (connection, code, message) => {
    const text = fixture("desk-phone-offer").replace(/^c=.*\r\n/gm, connection === null ? "" : `c=${connection}\r\n`);
    expect(parseRemote(text, "rtp")).toEqual({ ok: false, problem: { code, message: expect.stringMatching(message) } });
  });

  it.each([
    ["chromium-156-video-only", "webrtc"],
    ["trunk-srtp-sdes", "rtp"],
    ["chromium-156-offer", "rtp"],
    ["sipp-3.6-rtpstream", "webrtc"],
  ] as const)("%s on a %s leg is refused as 488 is", (name, kind) => {
    expect(parseRemote(fixture(name), kind)).toMatchObject({ ok: false, problem: { code: "no-common-codec" } });
  });

  it.each([/^a=fingerprint:.*\r\n/m, /^a=ice-ufrag:.*\r\n/m, /^a=rtcp-mux\r\n/m])(
    "a browser without %s is refused",
    (line) => {
      expect(parseRemote(fixture("chromium-156-offer").replace(line, ""), "webrtc")).toMatchObject({
        ok: false,
        problem: { code: "no-common-codec" },
      });
    },
  );

  it("that are none are bad, and nothing throws on garbage", () => {
    for (const text of [
      "",
      "v=0",
      "hello",
      "v=0\r\nm=audio",
      "v=0\r\no=\r\nm=\r\n",
      "\0\xff",
      "v=0\r\no=x 1 1 IN IP4 h\r\nm=audio x RTP/AVP y\r\na=rtpmap:\r\n",
    ]) {
      expect(parseRemote(text, "rtp").ok).toBe(false);
    }
    const offer = fixture("chromium-156-offer");
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
    for (let i = 0; i < 500; i++) {
      const at = random(offer.length);
      const broken = offer.slice(0, at) + String.fromCharCode(random(256)) + offer.slice(at + random(40));
      expect(() => parseRemote(broken, "webrtc")).not.toThrow();
    }
  });
});
