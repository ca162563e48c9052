import type { InteractionId, LegId, QueueId } from "@legwork/shared/ids";
import type { LegSource } from "@legwork/shared/media";
import { scriptOpus } from "../../src/adapters/opus/script-opus.js";
import { codecsWith } from "../../src/audio/codecs.js";
import { decodeG711, encodeG711 } from "../../src/audio/g711.js";
import { SoundLibrary } from "../../src/audio/sound-library.js";
import { parseRtp, writeRtp, type RtpPacket } from "../../src/rtp/packet.js";
import { Engine } from "../../src/engine/engine.js";
import type { EngineEvent } from "../../src/engine/interaction-media.js";
import type { MediaLeg } from "../../src/engine/media-leg.js";
import type { Negotiated } from "../../src/engine/negotiated.js";

const sounds = new SoundLibrary(scriptOpus, new Map());
const codecs = codecsWith(scriptOpus);
export const interaction = "i" as InteractionId;
export const hears = (...parties: string[]): LegSource => ({ kind: "parties", parties: parties as LegId[] });
export const music: LegSource = { kind: "music", queue: "q" as QueueId };

export const pcmu: Negotiated = {
  codec: "PCMU",
  payloadType: 0,
  receive: new Map([[0, "PCMU"]]),
  events: { payloadType: 101, clockRate: 8000 },
  receiveEvents: new Map([[101, 8000]]),
  peerReceives: true,
  peerSends: true,
};

export const pcma: Negotiated = { ...pcmu, codec: "PCMA", payloadType: 8, receive: new Map([[8, "PCMA"]]) };

interface Peer {
  readonly leg: MediaLeg;
  readonly codec: "PCMU" | "PCMA";
  level: number;
  sequence: number;
  sends: boolean;
}

/** An engine with a clock of its own: every step is 20 ms, and every leg's peer sends a constant level. */
export class Bench {
  readonly events: EngineEvent[] = [];
  readonly engine = new Engine((event) => this.events.push(event));
  readonly sent = new Map<string, RtpPacket[]>();
  readonly #peers = new Map<string, Peer>();
  now = 0;
  #revision = 0;

  add(
    name: string,
    level: number,
    negotiated: Negotiated | null = pcmu,
    of = interaction,
    transport: "rtp" | "webrtc" = "rtp",
  ): MediaLeg {
    const packets: RtpPacket[] = [];
    const codec = negotiated?.codec === "PCMA" ? "PCMA" : "PCMU";
    this.sent.set(name, packets);
    const start = { id: name as LegId, interaction: of, transport, ssrc: 9, sequence: 1, timestamp: 1 } as const;
    const leg = this.engine.openLeg(start, { codecs, sounds, send: (bytes) => packets.push(parseRtp(bytes)!) });
    leg.sendable = true;
    this.engine.agree(leg, negotiated);
    this.#peers.set(name, { leg, codec, level, sequence: 100, sends: true });
    return leg;
  }

  peer(name: string): Peer {
    return this.#peers.get(name)!;
  }

  plan(legs: Record<string, LegSource>): string {
    return this.engine.applyPlan(interaction, ++this.#revision, new Map(Object.entries(legs)) as Map<LegId, LegSource>);
  }

  run(steps: number): void {
    for (let i = 0; i < steps; i++) {
      this.now += 20;
      for (const peer of this.#peers.values()) {
        if (peer.sends && this.engine.legs.has(peer.leg.id)) this.#speak(peer);
      }
      this.engine.tick(this.now);
    }
  }

  /** The network holds a peer's packets up for some steps; then they come all at once. */
  stall(name: string, steps: number): void {
    const peer = this.peer(name);
    peer.sends = false;
    this.run(steps);
    peer.sends = true;
    for (let i = 0; i < steps; i++) this.#speak(peer);
  }

  #speak(peer: Peer): void {
    const n = peer.sequence++;
    const payload = encodeG711(peer.codec, new Int16Array(160).fill(peer.level));
    const payloadType = peer.codec === "PCMU" ? 0 : 8;
    const packet = { payloadType, marker: false, sequence: n & 0xffff, timestamp: 160 * n, ssrc: 5, payload };
    this.engine.receive(peer.leg, writeRtp(packet), "peer:1", this.now - 7);
  }

  /** What the leg's peer heard in each packet: the mean of it. */
  levels(name: string): number[] {
    return this.sent.get(name)!.map((packet) => {
      const sound = decodeG711(this.peer(name).codec, packet.payload);
      return sound.reduce((a, b) => a + b, 0) / sound.length;
    });
  }

  /** What the leg's peer hears now. */
  level(name: string): number {
    return this.levels(name).at(-1)!;
  }

  get inForce(): number[] {
    return this.events.flatMap((e) => (e.event === "planInForce" ? [e.revision] : []));
  }
}
