// The actor between a real event log and a real media-server.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { brand, type InteractionId, type LegId, type RequestId, type SeatId } from "@legwork/shared/ids";
import type { Store } from "@legwork/shared/store";
import { MediaClient } from "../../dist/adapters/media-control/media-client.js";
import { openStore } from "../../dist/adapters/store/open-store.js";
import { systemClock } from "../../dist/adapters/system/system.js";
import { InteractionActor } from "../../dist/app/interaction-actor.js";
import { decide } from "../../dist/domain/decide.js";
import type { InteractionCommand, InteractionState } from "../../dist/domain/interaction-state.js";
import type { MediaNews } from "../../dist/ports/media.js";
import { MediaProcess } from "../support/media-process.js";
import { quiet, waitFor } from "../support/wait-for.js";

const policy = {
  consultEnd: "end-interaction",
  consultReturn: "automatic",
  transferAccept: "automatic",
  seatLost: "end",
} as const;
const interaction = brand<InteractionId>("i-actor");
const customerLeg = brand<LegId>("l-customer");
const ownerLeg = brand<LegId>("l-owner");
const owner = brand<SeatId>("s-owner");
const OFFER = (port: number): string =>
  ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0", `m=audio ${port} RTP/AVP 0`, ""].join(
    "\r\n",
  );

let mediaServer: MediaProcess;
let store: Store;
let media: MediaClient;
let news: MediaNews[];
let actor: InteractionActor;
let done: InteractionCommand[];
let accepted: RequestId[];
let loggedAtAcceptance: number[];

beforeAll(async () => {
  mediaServer = await MediaProcess.start();
  store = await openStore({ kind: "memory" });
}, 30_000);
afterAll(async () => {
  await mediaServer.kill();
  await store.close();
});

beforeEach(async () => {
  [news, done, accepted, loggedAtAcceptance] = [[], [], [], []];
  media = new MediaClient({
    url: mediaServer.url,
    token: mediaServer.token,
    clock: systemClock,
    log: quiet,
    news: (n) => {
      news.push(n);
      if (n.event === "planInForce") actor?.planInForce(n.revision);
    },
  });
  media.connect();
  await waitFor(() => (media.connected ? undefined : "the media-server"));
}, 30_000);
afterEach(() => {
  media.closeInteraction(interaction);
  media.close();
});

/** An interaction with both legs in media, connected. */
async function connected(id: InteractionId): Promise<void> {
  actor = new InteractionActor(
    id,
    { store, media, clock: systemClock, policy, country: "NO", log: quiet },
    {
      run: (command) => void done.push(command),
      accept: (request) => {
        accepted.push(request);
        void store.events(id).then((events) => loggedAtAcceptance.push(events.length));
      },
      changed: () => undefined,
    },
  );
  for (const [leg, port] of [
    [customerLeg, 47_000],
    [ownerLeg, 47_002],
  ] as const) {
    expect(await media.openLeg(leg, id, "rtp")).toMatchObject({ ok: true });
    expect(await media.setRemoteOffer(leg, OFFER(port))).toMatchObject({
      ok: true,
      value: { remoteDirection: "sendrecv" },
    });
  }
  actor.post({
    type: "callArrived",
    seat: brand("s-customer"),
    leg: customerLeg,
    number: "+47",
    name: "",
    entryPoint: brand("line"),
    queue: brand("support"),
  });
  actor.post({ type: "offerStarted", seat: owner, agent: brand("anna"), leg: ownerLeg });
  actor.post({ type: "legAnswered", leg: ownerLeg });
  await waitFor(() => (actor.state?.phase === "connected" ? undefined : `phase ${actor.state?.phase}`));
}

describe("an interaction between its log and the media-server", () => {
  it("[HO-4] acknowledges a hold when the media-server says it is heard, and it is in the log by then", async () => {
    await connected(interaction);
    actor.post({ type: "holdRequested", request: brand("q-hold"), by: owner });
    await waitFor(() => (loggedAtAcceptance.length > 0 ? undefined : "the acknowledgement"));
    expect(accepted).toEqual(["q-hold"]);
    expect(actor.state).toMatchObject({ phase: "connected", hold: { kind: "in-force" } });
    const types = (await store.events(interaction)).map((e) => e.event.type);
    expect(types.slice(0, 4)).toEqual(["callArrived", "offerStarted", "legAnswered", "holdRequested"]);
    expect(types.indexOf("mediaInForce")).toBeGreaterThan(types.indexOf("holdRequested"));
    expect(loggedAtAcceptance[0]).toBe(types.length);
  }, 20_000);

  it("replays its log through decide to the same state", async () => {
    const id = brand<InteractionId>("i-replay");
    await connected(id);
    actor.post({ type: "holdRequested", request: brand("q-1"), by: owner });
    await waitFor(() => (accepted.includes(brand("q-1")) ? undefined : "the hold"));
    actor.post({ type: "unholdRequested", request: brand("q-2"), by: owner });
    actor.post({ type: "legHeld", leg: customerLeg, request: brand("q-3"), by: brand("s-customer") });
    await waitFor(() => (accepted.includes(brand("q-3")) ? undefined : "the customer's own hold"));
    const replayed = (await store.events(id)).reduce<InteractionState | null>(
      (state, { event }) => decide(state, event, policy).state,
      null,
    );
    expect(replayed).toEqual(actor.state);
    media.closeInteraction(id);
  }, 20_000);

  it("sends its plan again when the media-server was killed and has come back", async () => {
    await connected(brand<InteractionId>("i-again"));
    await mediaServer.kill();
    await waitFor(() => (media.connected ? "the loss" : undefined));
    expect(await media.applyPlan(interaction, 99, new Map())).toMatchObject({ ok: false, code: "unreachable" });
    await mediaServer.run();
    await waitFor(() => (news.some((n) => n.event === "reconnected") ? undefined : "the reconnection"), 20_000);
    expect(news.find((n) => n.event === "reconnected")).toEqual({ event: "reconnected", sameInstance: false });
    expect(media.isOpen(customerLeg)).toBe(false);
  }, 40_000);

  it("is refused with the wrong token, and says so", async () => {
    const errors: string[] = [];
    const stranger = new MediaClient({
      url: mediaServer.url,
      token: "guess",
      clock: systemClock,
      log: { ...quiet, error: (_context: object, message: string) => void errors.push(message) },
      news: () => undefined,
    });
    stranger.connect();
    await waitFor(() => (errors.length > 0 ? undefined : "the refusal"));
    expect(errors[0]).toBe("the media-server refused us");
    expect(stranger.connected).toBe(false);
    stranger.close();
  }, 20_000);
});
