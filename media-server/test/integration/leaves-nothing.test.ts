import { afterAll, beforeAll, expect, it } from "@jest/globals";
import type { ControlRequestBody } from "@legwork/shared/control";
import { ControlClient } from "../support/control-client.js";
import { HeapWatch } from "../support/heap.js";
import { MediaServerProcess } from "../support/media-server-process.js";
import { WeriftPeer } from "../support/werift-peer.js";

const CODECS = ["opus/48000/2", "G722/8000", "PCMU/8000"];
const ROUNDS = 10;
/** V8 makes one of these for each literal in code that has become hot, to note what becomes of it. */
const COMPILERS = new Set(["Object", "Array"]);

const phone = (codec: string, direction = "sendrecv"): string =>
  ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0", "m=audio 9 RTP/AVP 97", `a=rtpmap:97 ${codec}`, `a=${direction}`, ""].join("\r\n"); // prettier-ignore

const heap = new HeapWatch();
let server: MediaServerProcess;
let control: ControlClient;

beforeAll(async () => {
  server = await MediaServerProcess.start(heap.env);
  control = await ControlClient.connect(server.port);
}, 30_000);
afterAll(async () => {
  await control.close();
  await server.stop();
  heap.close();
});

const ask = (type: Parameters<ControlClient["ask"]>[0], body: object): Promise<unknown> =>
  control.ask(type, body as ControlRequestBody);
const open = (interaction: string, leg: string, transport: "webrtc" | "rtp"): Promise<unknown> =>
  ask("leg", { type: "openLeg", leg, interaction, transport, thread: null });

/** A browser and a phone of each codec in one conference, and three legs that never get so far; then all of it ends. Two calls never begin. */
async function round(n: number): Promise<void> {
  const [talk, half] = [`talk-${n}`, `half-${n}`];
  const browser = new WeriftPeer(440);
  const legs = ["browser", ...CODECS].map((name) => `${talk}-${name}`);
  await open(talk, legs[0]!, "webrtc");
  const { sdp } = (await ask("answer", { type: "setRemoteOffer", leg: legs[0], sdp: await browser.offer() })) as { sdp: string }; // prettier-ignore
  await browser.accept(sdp);
  for (const codec of CODECS) {
    await open(talk, `${talk}-${codec}`, "rtp");
    await ask("answer", { type: "setRemoteOffer", leg: `${talk}-${codec}`, sdp: phone(codec) });
  }
  await control.event((event) => event.event === "legUp" && event.leg === legs[0], 15_000);
  await control.plan(talk, Object.fromEntries(legs.map((leg) => [leg, legs.filter((one) => one !== leg)])));

  await open(half, `${half}-offered`, "webrtc");
  await ask("offer", { type: "createOffer", leg: `${half}-offered` });
  await open(half, `${half}-held`, "rtp");
  await ask("answer", { type: "setRemoteOffer", leg: `${half}-held`, sdp: phone("PCMA/8000", "inactive") });
  const opening = control.request({ type: "openLeg", leg: `${half}-hasty`, interaction: half, transport: "rtp", thread: null } as ControlRequestBody); // prettier-ignore
  await ask("done", { type: "closeLeg", leg: `${half}-hasty` });
  await opening;

  // An INVITE that is refused, and one that is taken back: their legs are closed, and nobody speaks of the interaction again.
  await open(`refused-${n}`, `refused-${n}-leg`, "rtp");
  expect(await control.refused({ type: "setRemoteOffer", leg: `refused-${n}-leg`, sdp: phone("G729/8000") } as ControlRequestBody)).toBe("no-common-codec"); // prettier-ignore
  await ask("done", { type: "closeLeg", leg: `refused-${n}-leg` });
  await open(`cancelled-${n}`, `cancelled-${n}-leg`, "rtp");
  await ask("answer", { type: "setRemoteOffer", leg: `cancelled-${n}-leg`, sdp: phone("PCMA/8000") });
  await ask("done", { type: "closeLeg", leg: `cancelled-${n}-leg` });

  await ask("done", { type: "closeLeg", leg: legs[1] });
  await ask("done", { type: "closeInteraction", interaction: talk });
  await ask("done", { type: "closeInteraction", interaction: half });
  await browser.close();
}

it("holds nothing of legs that are closed, whatever they carried and however they came to an end", async () => {
  const thread = server.log.map((line) => JSON.parse(line) as { msg: string; pid: number }).find(({ msg }) => msg === "media thread up")!.pid; // prettier-ignore
  await round(0);
  const [main, media] = [await heap.objectsOf(server.pid), await heap.objectsOf(thread)];
  expect([main.get("LegRegistry"), media.get("MediaThread")]).toEqual([1, 1]);
  for (let n = 1; n <= ROUNDS; n++) await round(n);
  for (const [before, pid] of [
    [main, server.pid],
    [media, thread],
  ] as const) {
    const grown = [...(await heap.objectsOf(pid))].filter(
      ([name, count]) => !COMPILERS.has(name) && count - (before.get(name) ?? 0) >= ROUNDS,
    );
    expect(grown).toEqual([]);
  }
  for (const name of ["MediaLeg", "LegSession", "RtpWire", "WebRtcWire", "InteractionMedia"])
    expect([name, (await heap.objectsOf(thread)).get(name)]).toEqual([name, undefined]);
}, 120_000);
