import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { ControlRequestBody } from "@legwork/shared/control";
import { parseTelephoneEvent } from "../../src/rtp/telephone-event.js";
import { Chromium, type ChromiumPeer } from "../support/chromium-peer.js";
import { ControlClient } from "../support/control-client.js";
import { MediaServerProcess } from "../support/media-server-process.js";
import type { WaveformCodec } from "../../src/audio/waveform-codec.js";
import { RtpPhone } from "../support/rtp-phone.js";

let server: MediaServerProcess;
let browser: Chromium;
let control: ControlClient;
let peers: { close(): void | Promise<void> }[] = [];
let calls = 0;
let interaction: string;

beforeAll(async () => {
  [server, browser] = await Promise.all([MediaServerProcess.start(), Chromium.launch()]);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await server.stop();
});
beforeEach(async () => {
  control = await ControlClient.connect(server.port);
  interaction = `call-${++calls}`;
});
afterEach(async () => {
  for (const peer of peers) await peer.close();
  peers = [];
  await control.ask("done", { type: "closeInteraction", interaction } as ControlRequestBody);
  expect(await control.dump()).toMatchObject({ legs: [], routers: 0, webRtcTransports: 0, producers: 0, consumers: 0 });
  await control.close();
});

const ask = async (
  type: "answer" | "offer" | "answered" | "leg",
  body: unknown,
): Promise<{ sdp: string; remoteDirection: string }> =>
  (await control.ask(type, body as ControlRequestBody)) as unknown as { sdp: string; remoteDirection: string };
const open = (leg: string, transport: "webrtc" | "rtp"): Promise<unknown> =>
  ask("leg", { type: "openLeg", leg, interaction, transport, thread: null });

async function reoffer(peer: ChromiumPeer, leg: string, direction: string): Promise<string> {
  const { sdp } = await ask("answer", { type: "setRemoteOffer", leg, sdp: await peer.offer(direction) });
  await peer.accept(sdp);
  return sdp;
}

async function callingBrowser(leg: string, hz: number, codec?: string): Promise<ChromiumPeer> {
  const peer = await browser.peer(hz, codec);
  peers.push(peer);
  await open(leg, "webrtc");
  await reoffer(peer, leg, "sendrecv");
  return peer;
}

async function calledBrowser(leg: string, hz: number): Promise<ChromiumPeer> {
  const peer = await browser.peer(hz);
  peers.push(peer);
  await open(leg, "webrtc");
  const { sdp } = await ask("offer", { type: "createOffer", leg });
  await ask("answered", { type: "setRemoteAnswer", leg, sdp: await peer.answer(sdp) });
  return peer;
}

async function phone(leg: string, hz: number, codec: WaveformCodec = "PCMU"): Promise<RtpPhone> {
  const rtp = await RtpPhone.create(codec, hz);
  peers.push(rtp);
  await open(leg, "rtp");
  rtp.accept((await ask("answer", { type: "setRemoteOffer", leg, sdp: rtp.description() })).sdp);
  rtp.talk();
  return rtp;
}

describe("Chromium", () => {
  it("[CF-1][MX-2] talks with a phone, consults another browser, and all three confer", async () => {
    const customer = await phone("customer", 440);
    const a = await callingBrowser("a", 700);
    await control.plan(interaction, { customer: ["a"], a: ["customer"] });
    await Promise.all([a.hears([440], [700]), customer.hears([700], [440])]);
    const b = await calledBrowser("b", 1000);
    await control.plan(interaction, { customer: { music: "q" }, a: ["b"], b: ["a"] });
    await Promise.all([a.hears([1000], [440]), b.hears([700], [440])]);
    await control.plan(interaction, { customer: ["a", "b"], a: ["customer", "b"], b: ["customer", "a"] });
    await Promise.all([customer.hears([700, 1000], [440]), a.hears([440, 1000], [700]), b.hears([440, 700], [1000])]);
  }, 60_000);

  it("[MX-2] speaks G.722 with a phone that does, with PCMU and with Opus", async () => {
    const wide = await phone("wide", 3700, "G722"); // beyond what G.711 carries
    const a = await callingBrowser("a", 700, "audio/G722");
    await control.plan(interaction, { wide: ["a"], a: ["wide"] });
    await Promise.all([a.hears([3700], [700]), wide.hears([700], [3700])]);
    expect((await control.dump()).legs.map(({ codec, path }) => [codec, path])).toEqual([
      ["G722", "relay"],
      ["G722", "relay"],
    ]);
    const narrow = await phone("narrow", 440);
    const b = await callingBrowser("b", 1000);
    await control.plan(interaction, { narrow: ["a"], a: ["narrow", "b"], b: ["a"] });
    await Promise.all([a.hears([440, 1000], [700]), narrow.hears([700], [440]), b.hears([700], [1000])]);
  }, 60_000);

  it("[HO-2] holds and resumes by re-offers that keep ICE, mid and payload types, and can be re-offered to", async () => {
    const customer = await phone("customer", 440);
    const a = await callingBrowser("a", 700);
    await control.plan(interaction, { customer: ["a"], a: ["customer"] });
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
    const { sdp } = await ask("offer", { type: "createOffer", leg: "a" });
    expect(kept(sdp)).toEqual(kept(resumed));
    await ask("answered", { type: "setRemoteAnswer", leg: "a", sdp: await a.answer(sdp) });
    await Promise.all([a.hears([440], [700]), customer.hears([700], [440])]);
  }, 60_000);

  it("[MX-4] sends keys to a phone as events, and gets a phone's", async () => {
    const customer = await phone("customer", 440);
    const a = await callingBrowser("a", 700);
    await control.plan(interaction, { customer: ["a"], a: ["customer"] });
    await customer.hears([700]);
    await a.press("7");
    const event = await control.event((e) => e.event === "dtmf");
    expect(event).toMatchObject({ leg: "a", digit: "7" });
    expect(customer.events.map((p) => parseTelephoneEvent(p.payload)!.digit)).toContain("7");
  }, 60_000);
});
