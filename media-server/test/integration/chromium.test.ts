import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { parseTelephoneEvent } from "../../src/rtp/telephone-event.js";
import { Chromium, type ChromiumPeer } from "../support/chromium-peer.js";
import type { WaveformCodec } from "../../src/audio/waveform-codec.js";
import type { RtpPhone } from "../support/rtp-phone.js";
import { MediaScene } from "../support/scene.js";

const scene = MediaScene.forTests();
let browser: Chromium;

beforeAll(async () => {
  browser = await Chromium.launch();
}, 60_000);
afterAll(() => browser.close());

const phone = (leg: string, hz: number, codec: WaveformCodec = "PCMU"): Promise<RtpPhone> =>
  scene.caller(leg, codec, hz);

async function reoffer(peer: ChromiumPeer, leg: string, direction: string): Promise<string> {
  const { sdp } = await scene.offer(leg, await peer.offer(direction));
  await peer.accept(sdp);
  return sdp;
}

async function callingBrowser(leg: string, hz: number, codec?: string): Promise<ChromiumPeer> {
  const peer = scene.keep(await browser.peer(hz, codec));
  await scene.open(leg, "webrtc");
  await reoffer(peer, leg, "sendrecv");
  return peer;
}

async function calledBrowser(leg: string, hz: number): Promise<ChromiumPeer> {
  const peer = scene.keep(await browser.peer(hz));
  await scene.open(leg, "webrtc");
  await scene.call(leg, (offer) => peer.answer(offer));
  return peer;
}

describe("Chromium", () => {
  it("[CF-1][MX-2] talks with a phone, consults another browser, and all three confer", async () => {
    const customer = await phone("customer", 440);
    const a = await callingBrowser("a", 700);
    await scene.control.plan(scene.interaction, { customer: ["a"], a: ["customer"] });
    await Promise.all([a.hears([440], [700]), customer.hears([700], [440])]);
    const b = await calledBrowser("b", 1000);
    await scene.control.plan(scene.interaction, { customer: { music: "q" }, a: ["b"], b: ["a"] });
    await Promise.all([a.hears([1000], [440]), b.hears([700], [440])]);
    await scene.control.plan(scene.interaction, { customer: ["a", "b"], a: ["customer", "b"], b: ["customer", "a"] });
    await Promise.all([customer.hears([700, 1000], [440]), a.hears([440, 1000], [700]), b.hears([440, 700], [1000])]);
  }, 60_000);

  it("[MX-2] speaks G.722 with a phone that does, with PCMU and with Opus", async () => {
    const wide = await phone("wide", 3700, "G722"); // beyond what G.711 carries
    const a = await callingBrowser("a", 700, "audio/G722");
    await scene.control.plan(scene.interaction, { wide: ["a"], a: ["wide"] });
    await Promise.all([a.hears([3700], [700]), wide.hears([700], [3700])]);
    expect((await scene.control.dump()).legs.map(({ codec, path }) => [codec, path])).toEqual([
      ["G722", "relay"],
      ["G722", "relay"],
    ]);
    const narrow = await phone("narrow", 440);
    const b = await callingBrowser("b", 1000);
    await scene.control.plan(scene.interaction, { narrow: ["a"], a: ["narrow", "b"], b: ["a"] });
    await Promise.all([a.hears([440, 1000], [700]), narrow.hears([700], [440]), b.hears([700], [1000])]);
  }, 60_000);

  it("[HO-2] holds and resumes by re-offers that keep ICE, mid and payload types, and can be re-offered to", async () => {
    const customer = await phone("customer", 440);
    const a = await callingBrowser("a", 700);
    await scene.control.plan(scene.interaction, { customer: ["a"], a: ["customer"] });
    await a.hears([440]);
    const held = await reoffer(a, "a", "sendonly");
    expect(held).toContain("a=recvonly");
    const inactive = await reoffer(a, "a", "inactive");
    expect(inactive).toContain("a=inactive");
    const resumed = await reoffer(a, "a", "sendrecv");
    await Promise.all([a.hears([440], [700]), customer.hears([700], [440])]);
    const kept = (sdp: string): unknown =>
      [/a=ice-ufrag:.*/, /a=mid:.*/, /m=audio.*/, /o=- \d+/, /a=fingerprint:.*/, /a=ssrc:\d+/].map(
        (r) => r.exec(sdp)?.[0],
      );
    expect(kept(held)).toEqual(kept(resumed));
    const { sdp } = await scene.ask("offer", { type: "createOffer", leg: "a" });
    expect(kept(sdp)).toEqual(kept(resumed));
    await scene.ask("answered", { type: "setRemoteAnswer", leg: "a", sdp: await a.answer(sdp) });
    await Promise.all([a.hears([440], [700]), customer.hears([700], [440])]);
  }, 60_000);

  it("[MX-4] sends keys to a phone as events, and gets a phone's", async () => {
    const customer = await phone("customer", 440);
    const a = await callingBrowser("a", 700);
    await scene.control.plan(scene.interaction, { customer: ["a"], a: ["customer"] });
    await customer.hears([700]);
    await a.press("7");
    const event = await scene.control.event((e) => e.event === "dtmf");
    expect(event).toMatchObject({ leg: "a", digit: "7" });
    expect(customer.events.map((p) => parseTelephoneEvent(p.payload)!.digit)).toContain("7");
  }, 60_000);
});
