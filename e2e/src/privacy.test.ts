import { describe, expect, it } from "@jest/globals";
import { KnownSounds, leakDbfs } from "./privacy.js";
import { RtpRecording } from "./rtp-recording.js";
import { HEARD_DBFS, LEAKED_DBFS, loudestDbfs, sine, TONE_DBFS } from "./tones.js";
import { encodeUlaw } from "./ulaw.js";

const RATE = 8000; // Hz
const PACKET = 160; // samples, 20 ms
const [CUSTOMER, OWNER, COLLEAGUE] = [440, 700, 1000];

/** A note of 392 Hz, as music has it: 48 Hz beside the customer's tone, and as loud. */
const NOTE = encodeUlaw(sine(392, 1, RATE));
const voice = encodeUlaw(sine(OWNER, 1, RATE));
const packetsOf = (sound: Uint8Array, from: number, count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => {
    const at = ((from + i) * PACKET) % sound.length;
    return sound.subarray(at, at + PACKET);
  });
const SILENCE = packetsOf(new Uint8Array(PACKET).fill(0xff), 0, 1);

const known = new KnownSounds();
for (const payload of packetsOf(NOTE, 0, 50)) known.learn({ payloadType: 0, payload });

/** What an ear received: these packets, one every 20 ms, from time 0. */
function received(payloads: readonly Uint8Array[]): RtpRecording {
  const made = new RtpRecording();
  payloads.forEach((payload, i) =>
    made.add({ payloadType: 0, marker: i === 0, sequence: i, timestamp: i * PACKET, ssrc: 1, payload }, i * 20),
  );
  return made;
}

const LENGTH_MS = 600;
const judged = (payloads: readonly Uint8Array[], tones: readonly number[] = [OWNER], of = CUSTOMER): number =>
  leakDbfs(received(payloads), of, { tones, known }, 0, LENGTH_MS);
const loudest = (payloads: readonly Uint8Array[], of = CUSTOMER): number =>
  loudestDbfs(received(payloads).sound(0, LENGTH_MS), of);
/** Every place in a row of packets, and so every phase at which a sound can be cut. */
const everyPlace = Array.from({ length: 10 }, (_, i) => i + 5);

describe("the judge of privacy", () => {
  it("[MX-1] takes the click of music that stops, starts or jumps for no leak, though it is as loud as one", () => {
    const clicks = everyPlace.flatMap((n) => [
      [...packetsOf(NOTE, n, n), ...SILENCE],
      [...packetsOf(SILENCE[0]!, 0, 9), ...packetsOf(NOTE, n, 10)],
      [...packetsOf(NOTE, 0, 9), ...packetsOf(NOTE, n, 10)],
      [...packetsOf(NOTE, 0, n), ...packetsOf(voice, n, 10)],
    ]);
    expect(Math.max(...clicks.map((click) => loudest(click)))).toBeGreaterThan(-33);
    expect(Math.max(...clicks.map((click) => judged(click)))).toBeLessThan(LEAKED_DBFS - 12);
  });

  it("[MX-1] takes no permitted voice for a leak, wherever it starts, stops or loses packets", () => {
    const clicks = everyPlace.flatMap((n) => [
      [...packetsOf(voice, n, n), ...SILENCE],
      [...packetsOf(voice, 0, n), ...SILENCE, ...packetsOf(voice, n + 1, 10)],
    ]);
    expect(Math.max(...clicks.map((click) => judged(click)))).toBeLessThan(LEAKED_DBFS - 12);
    expect(Math.max(...clicks.map((click) => judged(click, [OWNER], COLLEAGUE)))).toBeLessThan(LEAKED_DBFS - 12);
  });

  it.each([
    ["silence", SILENCE[0]!],
    ["music", NOTE],
    ["a permitted voice", voice],
  ])("[MX-1] hears one packet of a forbidden voice in %s", (_, around) => {
    for (const dbfs of [TONE_DBFS, TONE_DBFS - 10]) {
      const forbidden = encodeUlaw(sine(CUSTOMER, 1, RATE, dbfs));
      const levels = everyPlace.map((n) =>
        judged([...packetsOf(around, 0, n), ...packetsOf(forbidden, n, 1), ...packetsOf(around, n + 1, 10)]),
      );
      expect(Math.min(...levels)).toBeGreaterThan(dbfs === TONE_DBFS ? HEARD_DBFS : LEAKED_DBFS);
    }
  });

  it("[MX-1] hears a forbidden voice in a mix with a permitted one", () => {
    const [owner, customer] = [sine(OWNER, 1, RATE), sine(CUSTOMER, 1, RATE)];
    const mix = encodeUlaw(owner.map((v, i) => v + customer[i]!));
    for (const n of everyPlace) {
      const payloads = [...packetsOf(voice, 0, n), ...packetsOf(mix, n, 1), ...packetsOf(voice, n + 1, 9)];
      expect(judged(payloads)).toBeGreaterThan(HEARD_DBFS);
    }
  });

  it("knows a loop once it has come round, and takes silence for no loop", async () => {
    const sounds = new KnownSounds();
    for (let i = 0; i < 100; i++) sounds.learn({ payloadType: 0, payload: SILENCE[0]! });
    await expect(sounds.complete(10, 1)).rejects.toThrow("1 packets have come, and the loop has not come round");
    const loop = packetsOf(encodeUlaw(sine(391, 1, RATE)), 0, 50); // no packet of it is like another
    for (const payload of [...loop, ...loop.slice(0, 10)]) sounds.learn({ payloadType: 0, payload });
    await sounds.complete(10, 1);
    expect(sounds.has({ payloadType: 0, payload: loop[49]! })).toBe(true);
    expect(sounds.has({ payloadType: 8, payload: loop[49]! })).toBe(false);
  });
});
