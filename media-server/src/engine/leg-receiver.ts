import { CLOCK_RATE, payloadDurationMs, type Codec, type CodecFactory, type MixRate } from "../audio/codec.js";
import { Ingress } from "../audio/ingress.js";
import { JitterBuffer } from "../audio/jitter-buffer.js";
import { parseRtp, type RtpPacket } from "../rtp/packet.js";
import { ReceivedStream } from "../rtp/received-stream.js";
import { SourceLock, type Origin, type Verdict } from "../rtp/source-lock.js";
import { parseTelephoneEvent, type TelephoneEvent } from "../rtp/telephone-event.js";
import { KeyPressDetector, type KeyPress } from "./key-press-detector.js";
import type { Negotiated } from "./negotiated.js";

/** Comfort noise (RFC 3389), also from a telephone that did not announce it: we make our own silence, but it is a sign of life. */
const COMFORT_NOISE = 13;
/** The jitter buffer still holds sound from before the end of a key press. */
const MUTE_TAIL_MS = 80;
/** Sound that was not played for this long will not be: the jitter buffer keeps the last packets of a peer that fell silent. */
const STALE_MS = 200;

export type DropReason =
  | "malformed"
  | "foreign"
  | "probation"
  | "payload-type"
  | "muted"
  | "not-agreed"
  | "late"
  | "no-events"
  | "overtaken"
  | "not-sendable";

/** A packet that came from the peer and is to be passed on. */
export type Received =
  | {
      readonly kind: "audio";
      readonly packet: RtpPacket;
      readonly codec: Codec;
      readonly durationMs: number;
      readonly muted: boolean;
    }
  | {
      readonly kind: "event";
      readonly packet: RtpPacket;
      readonly event: TelephoneEvent;
      readonly clockRate: number;
      /** Which press it belongs to: where that began, and how much of it lay before this event, by the sender's clock. */
      readonly start: number;
      readonly offset: number;
      readonly presses: readonly KeyPress[];
    }
  /** One that says nothing, but has a number. */
  | { readonly kind: "nothing"; readonly packet: RtpPacket };

export interface Reception {
  readonly verdict: Verdict | "dropped";
  readonly received: Received | null;
}

const dropped: Reception = { verdict: "dropped", received: null };

/** The incoming side of a leg: what is the peer's stream, which codec, which keys, and its sound for a mix. */
export class LegReceiver {
  readonly lock = new SourceLock();
  readonly keys = new KeyPressDetector();
  /** What our reports say of the peer's stream. */
  readonly stream = new ReceivedStream();
  packets = 0;
  readonly drops = new Map<DropReason, number>();
  readonly #jitter = new JitterBuffer();
  readonly #codecs: CodecFactory;
  #negotiated: Negotiated | null = null;
  #codec: Codec | null = null;
  #ingress: { readonly rate: MixRate; readonly codec: Codec; readonly sound: Ingress } | null = null;
  #generation = 0;
  #lastAudioMs = -Infinity;
  #mutedUntilMs = -Infinity;

  constructor(codecs: CodecFactory) {
    this.#codecs = codecs;
  }

  /** What the peer sends: what came last, or what was agreed on while nothing came. */
  get codec(): Codec | null {
    return this.#negotiated?.peerSends ? this.#codec : null;
  }

  get lastAudioMs(): number {
    return this.#lastAudioMs;
  }

  /** Changes whenever the sequence numbers start anew. */
  get generation(): number {
    return this.#generation;
  }

  agree(negotiated: Negotiated | null): void {
    this.#negotiated = negotiated;
    const known = negotiated && this.#codec !== null && [...negotiated.receive.values()].includes(this.#codec);
    if (!known) this.#switchCodec(negotiated?.codec ?? null);
  }

  receive(datagram: Uint8Array, origin: Origin, nowMs: number): Reception {
    const packet = parseRtp(datagram);
    if (packet === null) return this.drop("malformed");
    if (this.#negotiated === null) return this.drop("not-agreed");
    const codec = this.#negotiated.receive.get(packet.payloadType);
    const eventClock = this.#negotiated.receiveEvents.get(packet.payloadType);
    if (codec === undefined && eventClock === undefined && packet.payloadType !== COMFORT_NOISE)
      return this.drop("payload-type");
    // Some telephones send their keys as a stream of its own.
    const verdict = eventClock !== undefined && this.lock.isAt(origin) ? "accepted" : this.lock.judge(packet, origin, nowMs); // prettier-ignore
    if (verdict === "foreign" || verdict === "probation") return this.drop(verdict, verdict);
    if (verdict === "switched") this.#newStream();
    this.packets += 1;
    if (packet.ssrc === this.lock.ssrc) this.stream.packet(packet, codec ? CLOCK_RATE[codec] : null, nowMs);
    const received =
      codec !== undefined
        ? this.#audio(packet, codec, nowMs)
        : eventClock !== undefined
          ? this.#event(packet, eventClock, nowMs)
          : null;
    return { verdict, received: received ?? { kind: "nothing", packet } };
  }

  /** Makes the sound of this leg ready to be mixed at `rate`, or stops that (null). */
  listenAt(rate: MixRate | null): void {
    const codec = this.codec;
    if (this.#ingress && this.#ingress.rate === rate && this.#ingress.codec === codec) return;
    this.#ingress?.sound.close();
    this.#ingress = null;
    if (rate === null || codec === null) return;
    this.#ingress = { rate, codec, sound: new Ingress(rate, this.#codecs.decoder(codec, rate), this.#jitter) };
  }

  /** Forgets all sound that was not played yet, and what the decoder remembers of it. */
  forgetSound(): void {
    const rate = this.#ingress?.rate ?? null;
    this.listenAt(null);
    this.#jitter.forget();
    this.listenAt(rate);
  }

  /** What was not played yet is stale from now on. */
  markSound(): void {
    if (this.#ingress) this.#ingress.sound.mark();
    else this.#jitter.mark();
  }

  /** Whether the sound that `pull` gave last, and what it will give, is all from after the last `markSound`. */
  get soundIsFresh(): boolean {
    return this.#ingress?.sound.fresh ?? false;
  }

  /** The next 20 ms for the mix; null is silence. To be called once a tick. */
  pull(nowMs: number): Int16Array | null {
    this.#forgetStale(nowMs);
    const frame = this.#ingress?.sound.pull() ?? null;
    return nowMs < this.#mutedUntilMs || this.keys.pressed ? null : frame;
  }

  tick(nowMs: number): readonly KeyPress[] {
    const ended = this.keys.tick(nowMs);
    if (ended.length > 0) this.#mutedUntilMs = nowMs + MUTE_TAIL_MS;
    return ended;
  }

  drop(reason: DropReason, verdict: Reception["verdict"] = "dropped"): Reception {
    this.drops.set(reason, (this.drops.get(reason) ?? 0) + 1);
    return verdict === "dropped" ? dropped : { verdict, received: null };
  }

  close(): void {
    this.listenAt(null);
  }

  /** Everything that was lost, late and so on, for the dump. */
  counts(): Record<string, number> {
    const jitter = Object.entries(this.#jitter.counts).filter(([, n]) => n > 0);
    return Object.fromEntries([...this.drops, ...jitter.map(([name, n]) => [`jitter-${name}`, n] as const)]);
  }

  #audio(packet: RtpPacket, codec: Codec, nowMs: number): Received | null {
    const durationMs = payloadDurationMs(codec, packet.payload);
    if (durationMs === 0) return this.drop("malformed").received;
    if (codec !== this.#codec) this.#switchCodec(codec);
    this.#forgetStale(nowMs);
    this.#lastAudioMs = nowMs;
    this.#jitter.insert(packet.sequence, packet.payload, durationMs);
    const muted = this.keys.pressed;
    if (muted) this.drop("muted");
    return { kind: "audio", packet, codec, durationMs, muted };
  }

  #event(packet: RtpPacket, clockRate: number, nowMs: number): Received | null {
    const event = parseTelephoneEvent(packet.payload);
    if (event === null) return this.drop("malformed").received;
    const key = this.keys.event(event, packet.timestamp, clockRate, nowMs);
    if (key === null) return this.drop("overtaken").received;
    const { ended: presses, start, offset } = key;
    if (presses.length > 0) this.#mutedUntilMs = nowMs + MUTE_TAIL_MS;
    return { kind: "event", packet, event, clockRate, start, offset, presses };
  }

  #switchCodec(codec: Codec | null): void {
    this.#codec = codec;
    this.#newStream();
    this.listenAt(this.#ingress?.rate ?? null);
  }

  #forgetStale(nowMs: number): void {
    if (nowMs - this.#lastAudioMs > STALE_MS) this.#jitter.reset();
  }

  #newStream(): void {
    this.#generation += 1;
    this.#jitter.reset();
  }
}
