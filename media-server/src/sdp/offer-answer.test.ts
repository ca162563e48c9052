import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import * as sdpTransform from "sdp-transform";
import type { LocalTransport } from "./description.js";
import { OfferAnswer, type Agreement, type PayloadTypes } from "./offer-answer.js";

const fixture = (name: string): string =>
  readFileSync(new URL(`../../test/fixtures/sdp/${name}.sdp`, import.meta.url), "latin1");

const RTP: LocalTransport = { kind: "rtp", ip: "127.0.0.1", port: 41000 };
const WEBRTC: LocalTransport = {
  kind: "webrtc",
  ice: { ufrag: "ufragufrag", pwd: "passwordpasswordpassword" },
  candidates: [
    { foundation: "udpcandidate", priority: 2, ip: "127.0.0.1", port: 41002, protocol: "udp" },
    { foundation: "tcpcandidate", priority: 1, ip: "127.0.0.1", port: 41003, protocol: "tcp" },
  ],
  fingerprint: { algorithm: "sha-256", value: "AB:CD" },
  ssrc: 1234,
};

const transportOf = (kind: "webrtc" | "rtp"): LocalTransport => (kind === "rtp" ? RTP : WEBRTC);

/** Takes an offer and gives the agreement and the answer, parsed. */
function answer(oa: OfferAnswer, kind: "webrtc" | "rtp", offer: string, carried: PayloadTypes | null = null) {
  const remote = oa.read(offer);
  if (!remote.ok) throw new Error(remote.problem.message);
  const agreement = oa.accept(remote.value, carried);
  if (!agreement.ok) throw new Error(agreement.problem.code);
  const text = oa.answer(transportOf(kind));
  return { agreement: agreement.value, text, sdp: sdpTransform.parse(text) };
}

const opened = (kind: "webrtc" | "rtp", name: string) => {
  const oa = new OfferAnswer(kind, "77");
  return { oa, ...answer(oa, kind, fixture(name)) };
};

describe("answers", () => {
  it("[MX-2] choose the peer's best codec that we know, and events on its clock", () => {
    const chosen = (name: string, kind: "webrtc" | "rtp"): string => {
      const { codec, payloadType, events } = opened(kind, name).agreement.negotiated;
      return `${codec} ${payloadType} ${events?.payloadType}/${events?.clockRate}`;
    };
    expect(chosen("chromium-156-offer", "webrtc")).toBe("opus 111 110/48000");
    expect(chosen("firefox-153-offer", "webrtc")).toBe("opus 109 101/8000");
    expect(chosen("baresip-1.0-offer", "rtp")).toBe("opus 96 101/8000");
    expect(chosen("linphone-5.1-offer", "rtp")).toBe("opus 96 101/48000");
    expect(chosen("desk-phone-offer", "rtp")).toBe("G722 9 101/8000");
    expect(chosen("sipp-3.6-rtpstream", "rtp")).toBe("PCMU 0 101/8000");
  });

  it("to a browser are ice-lite, passive, muxed and bundled, and name our candidates and SSRC", () => {
    const { sdp } = opened("webrtc", "chromium-156-offer");
    expect(sdp).toMatchObject({ icelite: "ice-lite", groups: [{ type: "BUNDLE", mids: 0 }] });
    expect(sdp.media[0]).toMatchObject({
      setup: "passive", rtcpMux: "rtcp-mux", iceUfrag: "ufragufrag", direction: "sendrecv", payloads: "111 110", ssrcs: [{ id: 1234 }, { id: 1234 }],
      candidates: [{ transport: "udp", type: "host" }, { transport: "tcp", tcptype: "passive" }],
    }); // prettier-ignore
    expect(sdp.media[0]!.ext).toBeUndefined();
  });

  it("are active to a passive peer, and ask for the mid extension where no SSRC is signalled", () => {
    const oa = new OfferAnswer("webrtc", "1");
    const offer = fixture("chromium-156-offer")
      .replace("setup:actpass", "setup:passive")
      .replace(/a=ssrc:.*\r\n/g, "");
    const { sdp } = answer(oa, "webrtc", offer);
    expect(sdp.media[0]).toMatchObject({
      setup: "active",
      ext: [{ value: 4, uri: "urn:ietf:params:rtp-hdrext:sdes:mid" }],
    });
  });

  it("refuse every other m-line with port 0, in its place", () => {
    const { sdp } = opened("webrtc", "chromium-156-audio-video-data");
    expect(sdp.media.map((m) => [m.type, m.port === 0])).toEqual([["audio", false], ["video", true], ["application", true]]); // prettier-ignore
    expect(sdp.groups).toEqual([{ type: "BUNDLE", mids: 0 }]);
    expect(opened("rtp", "desk-phone-offer").sdp.media.map((m) => m.port)).toEqual([41000, 0]);
  });

  it("refuse with 488 what has no codec in common", () => {
    const oa = new OfferAnswer("rtp", "1");
    const remote = oa.read(fixture("trunk-g729-only"));
    expect(remote.ok && oa.accept(remote.value, null)).toMatchObject({
      ok: false,
      problem: { code: "no-common-codec" },
    });
  });

  it("choose only what the transport can carry", () => {
    const oa = new OfferAnswer("webrtc", "1");
    const carried: PayloadTypes = { codecs: [{ codec: "PCMU", payloadType: 0 }, { codec: "opus", payloadType: 96 }], events: [] }; // prettier-ignore
    expect(answer(oa, "webrtc", fixture("chromium-156-offer"), carried).agreement.negotiated).toMatchObject({
      codec: "PCMU",
      events: null,
    });
  });

  it("mux RTCP when the peer offers it", () => {
    const oa = new OfferAnswer("rtp", "1");
    const { text } = answer(oa, "rtp", `${fixture("sipp-3.6-rtpstream")}a=rtcp-mux\r\n`);
    expect(text).toContain("a=rtcp-mux");
    expect(opened("rtp", "sipp-3.6-rtpstream").text).not.toContain("rtcp-mux");
  });
});

describe("re-offers", () => {
  it("[HO-2] are answered with the mirror of the direction, the same o= id and a rising version", () => {
    const { oa, sdp } = opened("rtp", "desk-phone-offer");
    const held = answer(oa, "rtp", fixture("desk-phone-hold-sendonly"));
    const old = answer(
      oa,
      "rtp",
      fixture("desk-phone-hold-rfc2543").replace("m=audio", "m=audio").concat("m=video 0 RTP/AVP 99\r\n"),
    );
    const back = answer(oa, "rtp", fixture("desk-phone-offer"));
    expect([sdp, held.sdp, old.sdp, back.sdp].map((s) => s.media[0]!.direction)).toEqual([
      "sendrecv",
      "recvonly",
      "recvonly",
      "sendrecv",
    ]);
    expect([sdp, held.sdp, old.sdp, back.sdp].map((s) => [s.origin.sessionId, s.origin.sessionVersion])).toEqual(
      [1, 2, 3, 4].map((v) => [77, v]),
    );
    expect(held.agreement.negotiated).toMatchObject({ peerReceives: false, peerSends: true });
  });

  it("keep the codec in use although the order is another one", () => {
    const oa = new OfferAnswer("rtp", "1");
    answer(oa, "rtp", fixture("sipp-3.6-rtpstream"));
    const offer = fixture("sipp-3.6-rtpstream").replace("RTP/AVP 0 101", "RTP/AVP 8 0 101");
    expect(answer(oa, "rtp", offer).agreement.negotiated.codec).toBe("PCMU");
  });

  it("[HO-2] of our own never un-hold by accident, and keep lines, mid and payload types", () => {
    const { oa } = opened("webrtc", "chromium-156-audio-video-data");
    answer(oa, "webrtc", fixture("chromium-156-audio-video-data").replace("a=sendrecv", "a=sendonly"));
    const offer = sdpTransform.parse(oa.offer(WEBRTC));
    expect(offer.media.map((m) => [m.type, m.port === 0, m.mid])).toEqual([["audio", false, 0], ["video", true, 1], ["application", true, 2]]); // prettier-ignore
    expect(offer.media[0]).toMatchObject({ direction: "recvonly", payloads: "111 110", setup: "actpass" });
  });

  it("may not drop an m-line", () => {
    const { oa } = opened("rtp", "desk-phone-offer");
    expect(oa.read(fixture("sipp-3.6-rtpstream"))).toMatchObject({ ok: false, problem: { code: "bad-sdp" } });
  });

  it("are undone by rollback, and the version still rises", () => {
    const { oa, agreement } = opened("rtp", "desk-phone-offer");
    answer(oa, "rtp", fixture("desk-phone-hold-sendonly"));
    expect(oa.rollback()).toBe(agreement);
    expect(oa.rollback()).toBe(agreement);
    oa.offer(RTP);
    expect(oa.rollback()).toBe(agreement);
    expect(answer(oa, "rtp", fixture("desk-phone-offer")).sdp.origin.sessionVersion).toBe(4);
  });
});

describe("our offers", () => {
  it("[MX-2] name all we can do, to a browser as to a phone", () => {
    const browser = sdpTransform.parse(new OfferAnswer("webrtc", "1").offer(WEBRTC)).media[0]!;
    expect(browser).toMatchObject({
      payloads: "111 9 0 8 110 126",
      setup: "actpass",
      protocol: "UDP/TLS/RTP/SAVPF",
      mid: 0,
      direction: "sendrecv",
    });
    const phone = sdpTransform.parse(new OfferAnswer("rtp", "1").offer(RTP)).media[0]!;
    expect(phone).toMatchObject({ payloads: "111 9 8 0 101", protocol: "RTP/AVP", port: 41000 });
    expect(phone.mid).toBeUndefined();
  });

  const offered = (): OfferAnswer => {
    const oa = new OfferAnswer("rtp", "1");
    oa.offer(RTP);
    return oa;
  };
  const taken = (oa: OfferAnswer, text: string): Agreement => {
    const agreement = oa.acceptAnswer(text, null);
    if (!agreement.ok) throw new Error(agreement.problem.code);
    return agreement.value;
  };

  it("take the first codec of the answer, with the payload type the peer gives it", () => {
    const negotiated = taken(offered(), fixture("baresip-1.0-offer").replace("AVP 96 0 8", "AVP 96 8")).negotiated;
    expect(negotiated).toMatchObject({ codec: "opus", payloadType: 96 });
    expect([negotiated.receive.get(96), negotiated.receive.get(111)]).toEqual(["opus", "opus"]);
  });

  it("[MX-2] take what Firefox answers", () => {
    const oa = new OfferAnswer("webrtc", "1");
    oa.offer(WEBRTC);
    const agreement = oa.acceptAnswer(fixture("firefox-153-answer"), null);
    expect(agreement).toMatchObject({
      ok: true,
      value: {
        direction: "sendrecv",
        negotiated: { codec: "opus", payloadType: 111, events: { payloadType: 126 } },
        remote: { transport: { setup: "active", ssrc: 2028376844 } },
      },
    });
  });

  it("take a second answer (200 after 183), with another direction", () => {
    const oa = offered();
    expect(taken(oa, fixture("sipp-3.6-rtpstream").replace("sendrecv", "sendonly")).direction).toBe("recvonly");
    expect(taken(oa, fixture("sipp-3.6-rtpstream")).direction).toBe("sendrecv");
  });

  it("refuse an answer without an offer, with other lines, or without a codec of ours", () => {
    expect(new OfferAnswer("rtp", "1").acceptAnswer(fixture("sipp-3.6-rtpstream"), null)).toMatchObject({
      problem: { code: "wrong-state" },
    });
    expect(offered().acceptAnswer(fixture("desk-phone-offer"), null)).toMatchObject({ problem: { code: "bad-sdp" } });
    expect(offered().acceptAnswer(fixture("trunk-g729-only"), null)).toMatchObject({
      problem: { code: "no-common-codec" },
    });
    expect(offered().acceptAnswer("v=0", null)).toMatchObject({ problem: { code: "bad-sdp" } });
  });

  it("refuse an answer that sends where only sending was offered", () => {
    const { oa } = opened("rtp", "desk-phone-offer");
    const held = fixture("desk-phone-hold-sendonly");
    answer(oa, "rtp", held);
    oa.offer(RTP);
    expect(oa.acceptAnswer(held.replace("sendonly", "sendrecv"), null)).toMatchObject({ problem: { code: "bad-sdp" } });
  });

  it("do not mix with an offer of the peer (glare is the signalling's affair)", () => {
    expect(offered().read(fixture("sipp-3.6-rtpstream"))).toMatchObject({
      ok: false,
      problem: { code: "wrong-state" },
    });
  });
});
