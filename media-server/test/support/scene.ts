import { afterAll, afterEach, beforeAll, beforeEach, expect } from "@jest/globals";
import type { ControlRequestBody } from "@legwork/shared/control";
import type { WaveformCodec } from "../../src/audio/waveform-codec.js";
import { ControlClient } from "./control-client.js";
import { MediaServerProcess } from "./media-server-process.js";
import { RtpPhone } from "./rtp-phone.js";

interface Peer {
  close(): void | Promise<void>;
}

/** What comes back of a description that was asked for or handed over. */
interface Described {
  readonly sdp: string;
  readonly remoteDirection: string;
}

/** A media server, and for each test a sip-proxy with one interaction; after each nothing is left of it. */
export class MediaScene {
  server!: MediaServerProcess;
  /** Of the present test. */
  control!: ControlClient;
  interaction = "";
  #peers: Peer[] = [];
  #tests = 0;

  private constructor() {}

  static forTests(): MediaScene {
    const scene = new MediaScene();
    beforeAll(async () => {
      scene.server = await MediaServerProcess.start();
    }, 30_000);
    afterAll(async () => {
      expect(await scene.server.stop()).toBe(0);
    });
    beforeEach(async () => {
      scene.control = await ControlClient.connect(scene.server.port);
      scene.interaction = `call-${(scene.#tests += 1)}`;
    });
    afterEach(() => scene.#clear());
    return scene;
  }

  ask(type: "answer" | "offer" | "answered" | "leg" | "done", body: object): Promise<Described> {
    return this.control.ask(type, body as ControlRequestBody) as unknown as Promise<Described>;
  }

  open(leg: string, transport: "webrtc" | "rtp", interaction = this.interaction): Promise<unknown> {
    return this.ask("leg", { type: "openLeg", leg, interaction, transport, thread: null });
  }

  /** A peer's offer for a leg, and our answer. */
  offer(leg: string, sdp: string): Promise<Described> {
    return this.ask("answer", { type: "setRemoteOffer", leg, sdp });
  }

  /** Our offer for a leg, answered by the peer. */
  async call(leg: string, answer: (offer: string) => string | Promise<string>): Promise<void> {
    const { sdp } = await this.ask("offer", { type: "createOffer", leg });
    await this.ask("answered", { type: "setRemoteAnswer", leg, sdp: await answer(sdp) });
  }

  /** A phone that has called in and talks. */
  async caller(leg: string, codec: WaveformCodec, hz: number): Promise<RtpPhone> {
    const phone = this.keep(await RtpPhone.create(codec, hz));
    await this.open(leg, "rtp");
    phone.accept((await this.offer(leg, phone.description())).sdp);
    phone.talk();
    return phone;
  }

  /** A peer to be closed after the test. */
  keep<Kept extends Peer>(peer: Kept): Kept {
    this.#peers.push(peer);
    return peer;
  }

  /** Closes a peer within the test. */
  async part(peer: Peer): Promise<void> {
    this.#peers = this.#peers.filter((one) => one !== peer);
    await peer.close();
  }

  async #clear(): Promise<void> {
    for (const peer of this.#peers.splice(0)) await peer.close();
    await this.ask("done", { type: "closeInteraction", interaction: this.interaction });
    expect(await this.control.dump()).toMatchObject({
      ...{ legs: [], plans: [], sockets: 0, timers: 0, routers: 0 },
      ...{ webRtcTransports: 0, directTransports: 0, producers: 0, consumers: 0 },
    });
    await this.control.close();
  }
}
