import { describe, expect, it, jest } from "@jest/globals";
import { continuityOf, watchStalls } from "../support/continuity.js";
import type { RtpPhone } from "../support/rtp-phone.js";
import { MediaScene } from "../support/scene.js";
import { WeriftPeer } from "../support/werift-peer.js";

/** Sound is heard in its own time, and on a busy machine in twice that. */
jest.setTimeout(60_000);

const scene = MediaScene.forTests();
const isUp = (leg: string): Promise<unknown> => scene.control.event((e) => e.event === "legUp" && e.leg === leg);
const phone = (leg: string, hz: number): Promise<RtpPhone> => scene.caller(leg, "PCMA", hz);

/** A browser that calls us; `asDtlsServer`: it leaves the DTLS client's part to us. */
async function callingBrowser(leg: string, hz: number, asDtlsServer = false): Promise<WeriftPeer> {
  const peer = scene.keep(new WeriftPeer(hz));
  await scene.open(leg, "webrtc");
  const offer = await peer.offer();
  const { sdp } = await scene.offer(leg, asDtlsServer ? offer.replace("a=setup:actpass", "a=setup:passive") : offer);
  expect(sdp).toContain(asDtlsServer ? "a=setup:active" : "a=setup:passive");
  await peer.accept(sdp);
  await isUp(leg);
  peer.talk();
  return peer;
}

/** A browser that we call. */
async function calledBrowser(leg: string, hz: number): Promise<WeriftPeer> {
  const peer = scene.keep(new WeriftPeer(hz));
  await scene.open(leg, "webrtc");
  await scene.call(leg, (sdp) => {
    expect(sdp).toContain("a=setup:actpass");
    return peer.answer(sdp);
  });
  await isUp(leg);
  peer.talk();
  return peer;
}

describe("WebRTC legs", () => {
  it("[MX-3] relays Opus between a browser that called and one that was called, in both DTLS roles of ours", async () => {
    const a = await callingBrowser("a", 440, true);
    const b = await calledBrowser("b", 700);
    await scene.control.plan(scene.interaction, { a: ["b"], b: ["a"] });
    await Promise.all([a.hears([700], [440]), b.hears([440], [700])]);
    expect((await scene.control.dump()).legs.map((l) => l.path)).toEqual(["relay", "relay"]);
  });

  it("[MX-2] connects a browser and a phone", async () => {
    const a = await callingBrowser("a", 440);
    const b = await phone("b", 700);
    await scene.control.plan(scene.interaction, { a: ["b"], b: ["a"] });
    await Promise.all([a.hears([700], [440]), b.hears([440], [700])]);
  });

  it("[CF-1][CO-4] goes from two to a conference and back to two without a seam", async () => {
    const customer = await phone("customer", 440);
    const a = await callingBrowser("a", 700);
    const b = await calledBrowser("b", 1000);
    const clock = await phone("clock", 300); // Silence, untouched: it stands still only when the server does.
    await scene.control.plan(scene.interaction, { customer: { music: "q" }, a: ["b"], b: ["a"] });
    await Promise.all([a.hears([1000], [440]), b.hears([700], [440])]);
    const stalls = watchStalls();
    await scene.control.plan(scene.interaction, { customer: ["a", "b"], a: ["customer", "b"], b: ["customer", "a"] });
    await Promise.all([customer.hears([700, 1000], [440]), a.hears([440, 1000], [700]), b.hears([440, 700], [1000])]);
    await scene.control.plan(scene.interaction, { customer: ["b"], b: ["customer"], a: "silence" });
    await Promise.all([customer.hears([1000], [440, 700]), b.hears([440], [700, 1000])]);
    const stalledMs = stalls.longestMs() + continuityOf(clock.audio).longestStepMs;
    for (const [packets, clockRate] of [
      [customer.audio, 8000],
      [a.heard, 48000],
      [b.heard, 48000],
    ] as const) {
      const { longestStepMs, ...rest } = continuityOf(packets.slice(25), clockRate);
      expect(rest).toEqual({ ssrcs: 1, sequenceBreaks: 0, timestampBreaks: 0 });
      expect(longestStepMs).toBeLessThan(40 + stalledMs);
    }
  });

  it("[SE-1] says that a browser is lost when it renews its consent no more", async () => {
    const a = await callingBrowser("a", 440);
    await scene.part(a);
    await scene.control.event((e) => e.event === "legLost" && e.leg === "a", 25_000);
  }, 30_000);
});
