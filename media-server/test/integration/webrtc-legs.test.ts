import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from "@jest/globals";
import type { ControlRequestBody } from "@legwork/shared/control";
import { ControlClient } from "../support/control-client.js";
import { continuityOf, watchStalls } from "../support/continuity.js";
import { MediaServerProcess } from "../support/media-server-process.js";
import { RtpPhone } from "../support/rtp-phone.js";
import { WeriftPeer } from "../support/werift-peer.js";

/** Sound is heard in its own time, and on a busy machine in twice that. */
jest.setTimeout(30_000);

let server: MediaServerProcess;
let control: ControlClient;
let peers: { close(): void | Promise<void> }[] = [];
let calls = 0;
let interaction: string;

beforeAll(async () => {
  server = await MediaServerProcess.start();
}, 30_000);
afterAll(async () => {
  expect(await server.stop()).toBe(0);
});
beforeEach(async () => {
  control = await ControlClient.connect(server.port);
  interaction = `call-${++calls}`;
});
afterEach(async () => {
  for (const peer of peers) await peer.close();
  peers = [];
  await control.ask("done", { type: "closeInteraction", interaction } as ControlRequestBody);
  const left = await control.dump();
  expect(left).toMatchObject({
    legs: [],
    sockets: 0,
    timers: 0,
    routers: 0,
    webRtcTransports: 0,
    directTransports: 0,
    producers: 0,
    consumers: 0,
  });
  await control.close();
});

const ask = async (type: "answer" | "offer" | "answered" | "leg", body: unknown): Promise<{ sdp: string }> =>
  (await control.ask(type, body as ControlRequestBody)) as unknown as { sdp: string };
const open = (leg: string, transport: "webrtc" | "rtp"): Promise<unknown> =>
  ask("leg", { type: "openLeg", leg, interaction, transport, thread: null });
const isUp = (leg: string): Promise<unknown> => control.event((e) => e.event === "legUp" && e.leg === leg);

/** A browser that calls us; `asDtlsServer`: it leaves the DTLS client's part to us. */
async function callingBrowser(leg: string, hz: number, asDtlsServer = false): Promise<WeriftPeer> {
  const peer = new WeriftPeer(hz);
  peers.push(peer);
  await open(leg, "webrtc");
  const offer = await peer.offer();
  const { sdp } = await ask("answer", {
    type: "setRemoteOffer",
    leg,
    sdp: asDtlsServer ? offer.replace("a=setup:actpass", "a=setup:passive") : offer,
  });
  expect(sdp).toContain(asDtlsServer ? "a=setup:active" : "a=setup:passive");
  await peer.accept(sdp);
  await isUp(leg);
  peer.talk();
  return peer;
}

/** A browser that we call. */
async function calledBrowser(leg: string, hz: number): Promise<WeriftPeer> {
  const peer = new WeriftPeer(hz);
  peers.push(peer);
  await open(leg, "webrtc");
  const { sdp } = await ask("offer", { type: "createOffer", leg });
  expect(sdp).toContain("a=setup:actpass");
  await ask("answered", { type: "setRemoteAnswer", leg, sdp: await peer.answer(sdp) });
  await isUp(leg);
  peer.talk();
  return peer;
}

async function phone(leg: string, hz: number): Promise<RtpPhone> {
  const rtp = await RtpPhone.create("PCMA", hz);
  peers.push(rtp);
  await open(leg, "rtp");
  rtp.accept((await ask("answer", { type: "setRemoteOffer", leg, sdp: rtp.description() })).sdp);
  rtp.talk();
  return rtp;
}

describe("WebRTC legs", () => {
  it("[MX-3] relays Opus between a browser that called and one that was called, in both DTLS roles of ours", async () => {
    const a = await callingBrowser("a", 440, true);
    const b = await calledBrowser("b", 700);
    await control.plan(interaction, { a: ["b"], b: ["a"] });
    await Promise.all([a.hears([700], [440]), b.hears([440], [700])]);
    expect((await control.dump()).legs.map((l) => l.path)).toEqual(["relay", "relay"]);
  });

  it("[MX-2] connects a browser and a phone", async () => {
    const a = await callingBrowser("a", 440);
    const b = await phone("b", 700);
    await control.plan(interaction, { a: ["b"], b: ["a"] });
    await Promise.all([a.hears([700], [440]), b.hears([440], [700])]);
  });

  it("[CF-1][CO-4] goes from two to a conference and back to two without a seam", async () => {
    const customer = await phone("customer", 440);
    const a = await callingBrowser("a", 700);
    const b = await calledBrowser("b", 1000);
    const clock = await phone("clock", 300); // Silence, untouched: it stands still only when the server does.
    await control.plan(interaction, { customer: { music: "q" }, a: ["b"], b: ["a"] });
    await Promise.all([a.hears([1000], [440]), b.hears([700], [440])]);
    const stalls = watchStalls();
    await control.plan(interaction, { customer: ["a", "b"], a: ["customer", "b"], b: ["customer", "a"] });
    await Promise.all([customer.hears([700, 1000], [440]), a.hears([440, 1000], [700]), b.hears([440, 700], [1000])]);
    await control.plan(interaction, { customer: ["b"], b: ["customer"], a: "silence" });
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
    await a.close();
    peers = [];
    await control.event((e) => e.event === "legLost" && e.leg === "a", 25_000);
  }, 30_000);
});
