import {
  CLOCK_RATE,
  FRAME_MS,
  type AudioEncoder,
  type Codec,
  type CodecFactory,
  type MixRate,
} from "../audio/codec.js";
import type { SoundLibrary } from "../audio/sound-library.js";
import { addTimestamp } from "../rtp/sequence.js";
import { OutgoingStream } from "../rtp/outgoing-stream.js";
import type { RtpPacket } from "../rtp/packet.js";
import { writeTelephoneEvent, type TelephoneEvent } from "../rtp/telephone-event.js";
import { DtmfSender } from "./dtmf-sender.js";
import type { Negotiated } from "./negotiated.js";
import { sameRoute, type Route } from "./route.js";

/** A relayed source that is this late is covered by silence, or at once when it had stopped before. */
const RELAY_PATIENCE_MS = 80;
const RELAY_STOPPED_MS = 100;

/** A packet of a key pressed elsewhere. */
export interface PassedEvent {
  readonly event: TelephoneEvent;
  readonly clockRate: number;
  readonly start: number;
  readonly offset: number;
}

export interface SenderPorts {
  readonly codecs: CodecFactory;
  readonly sounds: SoundLibrary;
  /** Puts a packet on the wire. */
  send(packet: Uint8Array): void;
}

/** The outgoing side of a leg: one stream for life, fed from whatever the route says, one packet every 20 ms without a seam. */
export class LegSender {
  readonly out: OutgoingStream;
  readonly dtmf = new DtmfSender();
  /** Events that could not be passed on because the peer knows none. */
  eventsNotPassed = 0;
  #negotiated: Negotiated | null = null;
  #route: Route = { kind: "silence" };
  #encoder: { readonly codec: Codec; readonly rate: MixRate; readonly audio: AudioEncoder } | null = null;
  #position = 0;
  #covering = false;
  #sentOfRoute = false;
  #eventFromDtmf = 0;
  #passed: { readonly source: string; readonly start: number; readonly ours: number } | null = null;
  readonly #ports: SenderPorts;

  constructor(ports: SenderPorts, start: { ssrc: number; sequence: number; timestamp: number }) {
    this.#ports = ports;
    this.out = new OutgoingStream(start);
  }

  get route(): Route {
    return this.#route;
  }

  /** True once a packet of the present route has left. */
  get sentOfRoute(): boolean {
    return this.#sentOfRoute;
  }

  /** What we send; null before there is an agreement. */
  get codec(): Codec | null {
    return this.#negotiated?.codec ?? null;
  }

  get knowsEvents(): boolean {
    return this.#negotiated?.events != null;
  }

  agree(negotiated: Negotiated | null): void {
    this.#negotiated = negotiated;
  }

  /** `newSource`: the plan says another sound, even where the route looks the same. */
  follow(route: Route, newSource: boolean): void {
    if (!newSource && sameRoute(route, this.#route)) return;
    this.#route = route;
    this.#sentOfRoute = false;
    this.#position = 0;
    this.#covering = false;
    if (route.kind !== "mix") this.#dropEncoder();
  }

  /** A packet of the party that the route relays. */
  relay(packet: RtpPacket, source: string, durationMs: number, nowMs: number): "sent" | "late" {
    const { codec, payloadType } = this.#negotiated!;
    const out = this.out.relay(packet, source, payloadType, CLOCK_RATE[codec], durationMs, nowMs);
    if (out === null) return "late";
    this.#covering = false;
    this.#sent(out);
    return "sent";
  }

  /**
   * Sends this tick's 20 ms. `mixed`: the sum for a mix route. `sourceLastMs`: when the relayed party was last heard.
   * A tick at which a relay needs nothing sends nothing.
   */
  tick(nowMs: number, mixed: Int16Array | null, sourceLastMs: number): void {
    this.#sendDigits(nowMs);
    const route = this.#route;
    const codec = this.#negotiated!.codec;
    switch (route.kind) {
      case "silence":
        return this.#write(this.#ports.sounds.silence(codec), nowMs);
      case "music":
        return this.#write(this.#looped(this.#ports.sounds.music(route.queue, codec)), nowMs);
      case "ringback":
        return this.#write(this.#looped(this.#ports.sounds.ringback(route.country, codec)), nowMs);
      case "mix":
        return this.#write(this.#encoderFor(codec, route.rate).encode(mixed!), nowMs);
      case "relay":
        if (this.#mustCover(nowMs, sourceLastMs)) this.#write(this.#ports.sounds.silence(codec), nowMs);
    }
  }

  /**
   * Passes a key pressed elsewhere on, as an event with this leg's payload type and on its own time line. `start` names the press, `offset`
   * says how much of it lay before this event; both by the clock of the sender.
   */
  passEvent({ event, clockRate, start, offset }: PassedEvent, source: string, nowMs: number): void {
    const events = this.#negotiated?.events;
    if (!events) {
      this.eventsNotPassed += 1;
      return;
    }
    const fresh = this.#passed === null || this.#passed.source !== source || this.#passed.start !== start;
    if (fresh) this.#passed = { source, start, ours: this.out.timestampAt(nowMs) };
    const ours = (units: number): number => Math.round((units * events.clockRate) / clockRate);
    const timestamp = addTimestamp(this.#passed!.ours, ours(offset));
    const payload = writeTelephoneEvent({ ...event, duration: ours(event.duration) });
    this.#ports.send(this.out.insert(payload, events.payloadType, fresh, timestamp));
  }

  /** A packet of the relayed party that is not passed on as sound: its number may not be missed. */
  skip(packet: RtpPacket, source: string): void {
    this.out.skip(packet, source);
  }

  close(): void {
    this.#dropEncoder();
  }

  #sendDigits(nowMs: number): void {
    const events = this.#negotiated!.events;
    if (!events || this.dtmf.idle) return;
    const step = this.dtmf.step(events.clockRate);
    if (step === null) return;
    if (step.start) this.#eventFromDtmf = this.out.timestampAt(nowMs);
    this.#ports.send(
      this.out.insert(writeTelephoneEvent(step.event), events.payloadType, step.start, this.#eventFromDtmf),
    );
  }

  #mustCover(nowMs: number, sourceLastMs: number): boolean {
    if (!this.#covering) {
      const pause = this.out.lastMs === null ? Infinity : nowMs - this.out.lastMs;
      const stopped = nowMs - sourceLastMs > RELAY_STOPPED_MS;
      this.#covering = pause >= this.out.lastDurationMs + (stopped ? 0 : RELAY_PATIENCE_MS);
    }
    return this.#covering;
  }

  #looped(payloads: readonly Uint8Array[]): Uint8Array {
    return payloads[this.#position++ % payloads.length]!;
  }

  #encoderFor(codec: Codec, rate: MixRate): AudioEncoder {
    if (this.#encoder === null || this.#encoder.codec !== codec || this.#encoder.rate !== rate) {
      this.#dropEncoder();
      this.#encoder = { codec, rate, audio: this.#ports.codecs.encoder(codec, rate) };
    }
    return this.#encoder.audio;
  }

  #dropEncoder(): void {
    this.#encoder?.audio.close();
    this.#encoder = null;
  }

  #write(payload: Uint8Array, nowMs: number): void {
    const { codec, payloadType } = this.#negotiated!;
    this.#sent(this.out.write(payload, payloadType, CLOCK_RATE[codec], FRAME_MS, nowMs));
  }

  #sent(packet: Uint8Array): void {
    this.#sentOfRoute = true;
    this.#ports.send(packet);
  }
}
