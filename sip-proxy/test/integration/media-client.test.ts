// What the client remembers of a real media-server, seen on the connection between them.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "@jest/globals";
import { brand, type InteractionId, type LegId } from "@legwork/shared/ids";
import { WebSocket, WebSocketServer } from "ws";
import { MediaClient } from "../../dist/adapters/media-control/media-client.js";
import { systemClock } from "../../dist/adapters/system/system.js";
import { MediaProcess } from "../support/media-process.js";
import { quiet, waitFor } from "../support/wait-for.js";

const call = brand<InteractionId>("i-call");
const leg = (name: string): LegId => brand<LegId>(`l-${name}`);

let mediaServer: MediaProcess;
let relay: WebSocketServer;
let media: MediaClient;
/** For each leg that was asked for, the thread that its interaction was remembered to be on. */
let threadsAsked: (number | null)[];

beforeAll(async () => {
  mediaServer = await MediaProcess.start();
});
afterAll(() => mediaServer.kill());

beforeEach(async () => {
  threadsAsked = [];
  relay = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  relay.on("connection", (client) => {
    const server = new WebSocket(mediaServer.url);
    const early: string[] = [];
    server.on("open", () => early.splice(0).forEach((frame) => server.send(frame)));
    server.on("message", (data) => client.send(String(data)));
    for (const [one, other] of [[client, server], [server, client]] as const) one.on("close", () => other.terminate()); // prettier-ignore
    server.on("error", () => client.terminate());
    client.on("message", (data) => {
      const frame = String(data);
      const request = JSON.parse(frame) as { type: string; thread: number | null };
      if (request.type === "openLeg") threadsAsked.push(request.thread);
      if (server.readyState === WebSocket.OPEN) server.send(frame);
      else early.push(frame);
    });
  });
  await once(relay, "listening");
  const { port } = relay.address() as AddressInfo;
  media = new MediaClient({ url: `ws://127.0.0.1:${port}/control`, token: mediaServer.token, clock: systemClock, log: quiet, news: () => undefined }); // prettier-ignore
  media.connect();
  await waitFor(() => (media.connected ? undefined : "the media-server"));
}, 30_000);
afterEach(async () => {
  media.closeInteraction(call);
  media.close();
  relay.close();
  for (const client of relay.clients) client.terminate();
  await once(relay, "close");
});

it("[SG-5] forgets a call that never began with its last leg, and a late leg of one that is over", async () => {
  await media.openLeg(leg("a"), call, "rtp");
  await media.openLeg(leg("b"), call, "rtp");
  media.closeLeg(leg("a"));
  await media.openLeg(leg("c"), call, "rtp");
  media.closeLeg(leg("b"));
  media.closeLeg(leg("c"));
  const late = media.openLeg(leg("late"), call, "rtp");
  media.closeInteraction(call);
  await late;
  media.closeLeg(leg("late"));
  await media.openLeg(leg("d"), call, "rtp");
  expect(threadsAsked).toEqual([null, 0, 0, null, null]);
});

it("keeps a call that has a plan together, also when for a moment none of its legs is open", async () => {
  await media.openLeg(leg("a"), call, "rtp");
  await media.applyPlan(call, 1, new Map([[leg("a"), { kind: "silence" }]]));
  media.closeLeg(leg("a"));
  await media.openLeg(leg("b"), call, "rtp");
  expect(threadsAsked).toEqual([null, 0]);
  media.closeInteraction(call);
  await media.openLeg(leg("c"), call, "rtp");
  expect(threadsAsked).toEqual([null, 0, null]);
});
