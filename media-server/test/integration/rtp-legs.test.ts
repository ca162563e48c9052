import { describe, expect, it, jest } from "@jest/globals";
import type { WaveformCodec } from "../../src/audio/waveform-codec.js";
import { parseTelephoneEvent } from "../../src/rtp/telephone-event.js";
import { waitFor } from "../support/control-client.js";
import { continuityOf, watchStalls } from "../support/continuity.js";
import { RtpPhone } from "../support/rtp-phone.js";
import { MediaScene } from "../support/scene.js";
import { rmsDb, toneDb } from "../support/tone.js";

/** Sound is heard in its own time, and on a busy machine in twice that. */
jest.setTimeout(60_000);

const scene = MediaScene.forTests();
const caller = (leg: string, codec: WaveformCodec, hz: number): Promise<RtpPhone> => scene.caller(leg, codec, hz);

/** A phone that we have called, by an offer of ours. */
async function callee(leg: string, codec: WaveformCodec, hz: number): Promise<RtpPhone> {
  const phone = scene.keep(await RtpPhone.create(codec, hz));
  await scene.open(leg, "rtp");
  await scene.call(leg, (offer) => {
    phone.accept(offer);
    return phone.description();
  });
  phone.talk();
  return phone;
}

const legOf = async (leg: string) => (await scene.control.dump()).legs.find((l) => l.leg === leg)!;

/** Waits until the leg has turned away this many datagrams of other hosts. */
async function waitForForeign(leg: string, count: number): Promise<void> {
  let foreign = 0;
  for (const deadline = performance.now() + 5000; foreign < count && performance.now() < deadline;) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    foreign = (await legOf(leg)).packetsDropped["foreign"] ?? 0;
  }
  expect(foreign).toBeGreaterThanOrEqual(count);
}

describe("RTP legs", () => {
  it("[MX-3] forwards two parties of one codec bit by bit", async () => {
    const a = await caller("a", "PCMU", 440);
    const b = await callee("b", "PCMU", 700);
    await scene.control.plan(scene.interaction, { a: ["b"], b: ["a"] });
    await b.hears([440], [700]);
    await a.hears([700], [440]);
    expect(await legOf("b")).toMatchObject({ path: "relay", up: true, codec: "PCMU" });
    const sent = new Set(a.sentPayloads.map((p) => Buffer.from(p).toString("hex")));
    const tail = b.audio.slice(-20).map((p) => Buffer.from(p.payload).toString("hex"));
    expect(tail.filter((p) => !sent.has(p))).toEqual([]);
  });

  it("[MX-2] transcodes between PCMU and PCMA", async () => {
    const a = await caller("a", "PCMU", 440);
    const b = await caller("b", "PCMA", 700);
    await scene.control.plan(scene.interaction, { a: ["b"], b: ["a"] });
    await b.hears([440], [700]);
    await a.hears([700], [440]);
    expect((await legOf("b")).path).toBe("transcode");
  });

  it("[MX-2] transcodes between G.722 and G.711, both ways", async () => {
    const a = await caller("a", "PCMU", 440);
    const b = await callee("b", "G722", 700);
    await scene.control.plan(scene.interaction, { a: ["b"], b: ["a"] });
    await Promise.all([b.hears([440], [700]), a.hears([700], [440])]);
    expect(await legOf("b")).toMatchObject({ path: "transcode", codec: "G722" });
    expect(continuityOf(b.audio)).toMatchObject({ ssrcs: 1, sequenceBreaks: 0, timestampBreaks: 0 });
  });

  it("[MX-2][MX-3] forwards G.722 between two that speak it, with all of its band, and mixes it with a third", async () => {
    const a = await caller("a", "G722", 440);
    const b = await callee("b", "G722", 6000); // beyond what a sampling rate of 8 kHz can carry
    const c = await caller("c", "PCMA", 1000);
    await scene.control.plan(scene.interaction, { a: ["b"], b: ["a"], c: { music: "support" } });
    await Promise.all([a.hears([6000], [440]), b.hears([440], [6000])]);
    expect((await legOf("a")).path).toBe("relay");
    await scene.control.plan(scene.interaction, { a: ["b", "c"], b: ["a", "c"], c: ["a", "b"] });
    await Promise.all([a.hears([6000, 1000], [440]), b.hears([440, 1000], [6000]), c.hears([440], [1000, 2000])]);
    expect((await legOf("a")).path).toBe("mix");
  });

  it("[MX-6] plays music and silence to a phone with G.722", async () => {
    const a = await caller("a", "G722", 440);
    await scene.control.plan(scene.interaction, { a: { music: "support" } });
    expect(rmsDb(await a.listen(1000))).toBeGreaterThan(-30);
    await scene.control.plan(scene.interaction, { a: "silence" });
    await a.listen(200);
    expect(rmsDb(await a.listen(500))).toBeLessThan(-55);
  });

  it("[CF-1][MX-3] mixes three: each hears the two others, nobody hears themself", async () => {
    const a = await caller("a", "PCMU", 440);
    const b = await callee("b", "PCMA", 700);
    const c = await caller("c", "PCMU", 1000);
    await scene.control.plan(scene.interaction, { a: ["b"], b: ["a"], c: { music: "support" } });
    await a.hears([700]);
    await scene.control.plan(scene.interaction, { a: ["b", "c"], b: ["a", "c"], c: ["a", "b"] });
    const [fromA, fromB, fromC] = [a.audio.length - 5, b.audio.length - 5, c.audio.length - 5];
    await Promise.all([a.hears([700, 1000], [440]), b.hears([440, 1000], [700]), c.hears([440, 700], [1000])]);
    for (const heard of [a.audio.slice(fromA), b.audio.slice(fromB), c.audio.slice(fromC)]) {
      expect(continuityOf(heard)).toMatchObject({ ssrcs: 1, sequenceBreaks: 0, timestampBreaks: 0 });
    }
    expect((await legOf("a")).path).toBe("mix");
  });

  it("[HO-1][HO-4] plays music, says when it is heard, and switches without a seam", async () => {
    const a = await caller("a", "PCMU", 440);
    const b = await caller("b", "PCMU", 700);
    const clock = await caller("clock", "PCMU", 300); // Silence, untouched: it stands still only when the server does.
    await scene.control.plan(scene.interaction, { a: ["b"], b: ["a"] });
    await a.hears([700]);
    const from = a.audio.length;
    const stalls = watchStalls();
    expect(await scene.control.plan(scene.interaction, { a: { music: "support" }, b: "silence" })).toBeLessThan(500);
    await waitFor(
      () => (a.audio.length > from + 100 ? true : undefined),
      5000,
      () => "music",
    );
    const music = a.decoded(from + 40, 50);
    expect(rmsDb(music)).toBeGreaterThan(-30);
    for (const hz of [440, 700, 1000]) expect(toneDb(music, 8000, hz)).toBeLessThan(-55);
    expect(rmsDb(b.decoded(b.audio.length - 25, 25))).toBeLessThan(-70);
    await scene.control.plan(scene.interaction, { a: ["b"], b: ["a"] });
    await Promise.all([a.hears([700], [440]), b.hears([440], [700])]);
    const stalledMs = stalls.longestMs() + continuityOf(clock.audio).longestStepMs;
    for (const phone of [a, b]) {
      const { longestStepMs, ...rest } = continuityOf(phone.audio.slice(25));
      expect(rest).toEqual({ ssrcs: 1, sequenceBreaks: 0, timestampBreaks: 0 });
      expect(longestStepMs).toBeLessThan(40 + stalledMs);
    }
  });

  it("[MX-6] plays the ringback tone of the country", async () => {
    const a = await caller("a", "PCMA", 700);
    await scene.control.plan(scene.interaction, { a: { ringback: "NO" } });
    const sound = await a.listen(500);
    expect(toneDb(sound, 8000, 425)).toBeGreaterThan(-24);
  });

  it("[MX-4] passes keys on as events, reports each press once, and sends digits", async () => {
    const a = await caller("a", "PCMU", 440);
    const b = await caller("b", "PCMA", 700);
    const c = await caller("c", "PCMU", 1000);
    await scene.control.plan(scene.interaction, { a: ["b"], b: ["a"], c: ["a", "b"] });
    await b.hears([440]);
    await a.press("5");
    await a.press("#");
    await scene.control.event((e) => e.event === "dtmf" && e.digit === "#");
    expect(scene.control.events.filter((e) => e.event === "dtmf")).toMatchObject([
      { leg: "a", digit: "5", durationMs: 100 },
      { leg: "a", digit: "#", durationMs: 100 },
    ]);
    for (const phone of [b, c]) {
      const digits = new Map(phone.events.map((p) => [p.timestamp, parseTelephoneEvent(p.payload)!]));
      expect([...digits.values()].map((e) => [e.digit, e.end, e.duration])).toEqual([["5", true, 800], ["#", true, 800]]); // prettier-ignore
      expect(continuityOf(phone.heard).sequenceBreaks).toBe(0);
    }
    await scene.ask("done", { type: "sendDtmf", leg: "a", digits: "12" });
    await waitFor(
      () => (new Set(a.events.map((p) => p.timestamp)).size === 2 && a.events.length === 14 ? true : undefined),
      3000,
      () => `${a.events.length} events`,
    );
    expect(continuityOf(a.heard).sequenceBreaks).toBe(0);
  });

  it("[MX-4] passes a key on that is pressed so shortly that nobody notices a pause, and no number is missing", async () => {
    const a = await caller("a", "PCMU", 440);
    const b = await caller("b", "PCMU", 700);
    await scene.control.plan(scene.interaction, { a: ["b"], b: ["a"] });
    await b.hears([440]);
    const from = b.heard.length;
    for (const digit of "12345") {
      await a.press(digit, 20);
      await b.listen(200);
    }
    expect(scene.control.events.flatMap((e) => (e.event === "dtmf" ? e.digit : []))).toEqual([..."12345"]);
    expect(new Set(b.events.map((p) => p.timestamp)).size).toBe(5);
    expect(continuityOf(b.heard.slice(from)).sequenceBreaks).toBe(0);
  });

  it("[MX-5][CO-4] takes comfort noise for a sign of life, and sends to where it comes from", async () => {
    const a = scene.keep(await RtpPhone.create("PCMU", 440, "127.0.0.3"));
    await scene.open("a", "rtp");
    a.accept((await scene.offer("a", a.description({ ip: "127.0.0.4" }))).sdp); // a private address behind a NAT
    const planned = scene.control.plan(scene.interaction, { a: { music: "support" } });
    for (let i = 0; i < 2; i++) a.comfortNoise();
    await scene.control.event((e) => e.event === "legUp" && e.leg === "a" && e.by === "rtp");
    await planned;
    expect(rmsDb(await a.listen(1000))).toBeGreaterThan(-30);
  });

  it("[MX-4][MX-5] takes keys that a phone sends in a stream of their own, beside its sound", async () => {
    const a = await caller("a", "PCMU", 440);
    const b = await caller("b", "PCMU", 700);
    await scene.control.plan(scene.interaction, { a: ["b"], b: ["a"] });
    await b.hears([440]);
    const from = b.heard.length;
    a.pressBeside("9");
    await scene.control.event((e) => e.event === "dtmf" && e.digit === "9");
    await b.hears([440]);
    expect((await legOf("a")).packetsDropped).toEqual({ probation: 1 });
    expect(continuityOf(b.heard.slice(from))).toMatchObject({ ssrcs: 1, sequenceBreaks: 0 });
  });

  it("[MX-5] survives a new port, a new SSRC and ten thousand random datagrams", async () => {
    const a = await caller("a", "PCMU", 440);
    const b = await caller("b", "PCMU", 700);
    await scene.control.plan(scene.interaction, { a: ["b"], b: ["a"] });
    await b.hears([440]);
    await a.move();
    await b.hears([440]);
    await a.hears([700]);
    for (let batch = 0; batch < 100; batch++) {
      for (let i = 0; i < 100; i++) a.send(crypto.getRandomValues(new Uint8Array(Math.floor(Math.random() * 200))));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all([a.hears([700], [440]), b.hears([440], [700])]);
    expect(continuityOf(b.audio)).toMatchObject({ ssrcs: 1, timestampBreaks: 0 });
    const dropped = Object.values((await legOf("a")).packetsDropped).reduce((n, d) => n + d, 0);
    expect(dropped).toBeGreaterThan(100);
  });

  it("[MX-5] lets no other host take over a leg whose peer is silent, and follows the peer to another port", async () => {
    const a = await caller("a", "PCMU", 440);
    const b = await caller("b", "PCMU", 700);
    await scene.control.plan(scene.interaction, { a: ["b"], b: ["a"] });
    await b.hears([440]);
    const stranger = scene.keep(await RtpPhone.create("PCMU", 1000, "127.0.0.2"));
    a.hush();
    const from = b.audio.length;
    stranger.accept((await scene.offer("a", a.description({ version: 2 }))).sdp);
    stranger.talk();
    await waitForForeign("a", 50);
    await Promise.all([a.hears([700], [1000]), b.hears([], [1000])]);
    expect(toneDb(b.decoded(from, b.audio.length - from), 8000, 1000)).toBeLessThan(-50);
    expect(stranger.heard).toEqual([]);
    await a.move();
    a.talk();
    await Promise.all([a.hears([700], [1000]), b.hears([440], [1000])]);
    expect(stranger.heard).toEqual([]);
  });

  it("[MX-5] follows the peer to another host when its description names it, and to one behind a NAT before it was heard", async () => {
    const a = await caller("a", "PCMU", 440);
    const b = await caller("b", "PCMU", 700);
    await scene.control.plan(scene.interaction, { a: ["b"], b: ["a"] });
    await b.hears([440]);
    a.hush();
    const elsewhere = scene.keep(await RtpPhone.create("PCMU", 1000, "127.0.0.2"));
    elsewhere.accept((await scene.offer("a", elsewhere.description({ version: 2 }))).sdp);
    elsewhere.talk();
    await Promise.all([elsewhere.hears([700]), b.hears([1000])]);
    const behindNat = scene.keep(await RtpPhone.create("PCMU", 300, "127.0.0.3"));
    elsewhere.hush();
    behindNat.accept((await scene.offer("a", behindNat.description({ version: 3, ip: "127.0.0.4" }))).sdp);
    behindNat.talk();
    await Promise.all([behindNat.hears([700]), b.hears([300])]);
    await scene.offer("a", behindNat.description({ version: 4, ip: "127.0.0.4", direction: "sendonly" }));
    await scene.offer("a", behindNat.description({ version: 5, ip: "127.0.0.4" }));
    await Promise.all([behindNat.hears([700]), b.hears([300])]);
  });

  it("[MX-5] reports to a phone that holds us and to one that we send to: what it heard of their streams", async () => {
    const a = await caller("a", "PCMU", 440);
    const b = await caller("b", "PCMU", 700);
    for (const [leg, phone, direction] of [["a", a, "sendonly"], ["b", b, "sendrecv"]] as const) await scene.offer(leg, phone.description({ direction, extra: "a=rtcp-mux", version: 2 })); // prettier-ignore
    const senderReport = Uint8Array.of(0x80, 200, 0, 6, ...[24, 16, 8, 0].map((n) => (b.ssrc >>> n) & 255), 0, 0, 1, 2, 3, 4, ...new Array<number>(14).fill(0)); // prettier-ignore
    b.send(senderReport);
    const report = (phone: RtpPhone, type: number): Promise<Buffer> =>
      waitFor(
        () => phone.reports.map((bytes) => Buffer.from(bytes)).find((one) => one[1] === type && (one[0]! & 31) === 1),
        30_000,
        () => `report of type ${type}`,
      );
    const [toA, toB] = await Promise.all([report(a, 201), report(b, 200)]);
    expect(toA.readUInt32BE(8)).toBe(a.ssrc);
    expect(toB.readUInt32BE(28)).toBe(b.ssrc);
    expect(toB.subarray(44, 48)).toEqual(Buffer.of(1, 2, 3, 4)); // the middle of the time in its own report
    for (const [block, phone] of [[toA.subarray(8), a], [toB.subarray(28), b]] as const) {
      expect(block.readUInt32BE(4)).toBe(0); // nothing is lost on this machine
      expect((phone.sequence - (block.readUInt32BE(8) & 0xffff)) & 0xffff).toBeLessThan(1000);
    } // prettier-ignore
  });

  it("[HO-2] answers each form of hold with its mirror, and keeps the o= id with a rising version", async () => {
    const a = await caller("a", "PCMU", 440);
    const answers = [];
    for (const options of [{ direction: "sendonly" }, { direction: "inactive" }, { ip: "0.0.0.0" }, {}])
      answers.push(await scene.offer("a", a.description(options)));
    expect(
      answers.map((x) => [x.remoteDirection, /^a=(sendrecv|sendonly|recvonly|inactive)/m.exec(x.sdp)![1]]),
    ).toEqual([
      ["sendonly", "recvonly"],
      ["inactive", "inactive"],
      ["sendonly", "recvonly"],
      ["sendrecv", "sendrecv"],
    ]);
    const origins = answers.map((x) => /^o=- (\d+) (\d+)/m.exec(x.sdp)!);
    expect(new Set(origins.map((o) => o[1])).size).toBe(1);
    expect(origins.map((o) => Number(o[2]))).toEqual([2, 3, 4, 5]);
  });
});
