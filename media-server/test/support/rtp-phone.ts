import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { SAMPLING_RATE } from "../../src/audio/codec.js";
import { WaveformDecoder, WaveformEncoder, type WaveformCodec } from "../../src/audio/waveform-codec.js";
import { looksLikeRtcp, parseRtp, writeRtp, type RtpPacket } from "../../src/rtp/packet.js";
import { writeTelephoneEvent } from "../../src/rtp/telephone-event.js";
import { waitFor } from "./control-client.js";
import { sine, toneDb } from "./tone.js";

export interface Heard extends RtpPacket {
  readonly atMs: number;
}

export const EVENT_PAYLOAD_TYPE = 101;
/** RFC 3551 section 6. */
const PAYLOAD_TYPES = { PCMU: 0, PCMA: 8, G722: 9 } as const;
/** Of the clock, in 20 ms. */
const FRAME_SAMPLES = 160;

/** A telephone without a brain: a UDP socket that sends a tone as G.711 or G.722 and keeps what it is sent. */
export class RtpPhone {
  readonly codec: WaveformCodec;
  readonly heard: Heard[] = [];
  /** RTCP that came on the port of its RTP. */
  readonly reports: Uint8Array[] = [];
  ssrc = Math.floor(Math.random() * 2 ** 32);
  sequence = Math.floor(Math.random() * 2 ** 16);
  timestamp = Math.floor(Math.random() * 2 ** 32);
  readonly sentPayloads: Uint8Array[] = [];
  #socket: Socket;
  #remote: { ip: string; port: number } | null = null;
  #timer: NodeJS.Timeout | null = null;
  #sample = 0;
  readonly #encoder: WaveformEncoder;
  #wave: (n: number) => number;
  ptimeFrames = 1;

  private constructor(codec: WaveformCodec, hz: number, socket: Socket) {
    this.codec = codec;
    this.#encoder = new WaveformEncoder(codec, this.rate);
    this.#wave = sine(hz, this.rate);
    this.#socket = socket;
    this.#listen(socket);
  }

  static async create(codec: WaveformCodec, hz: number, ip = "127.0.0.1"): Promise<RtpPhone> {
    return new RtpPhone(codec, hz, await openSocket(ip));
  }

  get port(): number {
    return this.#socket.address().port;
  }

  get payloadType(): number {
    return PAYLOAD_TYPES[this.codec];
  }

  /** Samples per second of its sound; the clock of its packets has 8000 in any case. */
  get rate(): 8000 | 16000 | 48000 {
    return SAMPLING_RATE[this.codec];
  }

  description(options: { direction?: string; ip?: string; extra?: string; version?: number } = {}): string {
    const ip = options.ip ?? this.#socket.address().address;
    const lines = [
      "v=0", `o=phone 1 ${options.version ?? 1} IN IP4 127.0.0.1`, "s=-", `c=IN IP4 ${ip}`, "t=0 0",
      `m=audio ${this.port} RTP/AVP ${this.payloadType} ${EVENT_PAYLOAD_TYPE}`,
      `a=rtpmap:${this.payloadType} ${this.codec}/8000`, `a=rtpmap:${EVENT_PAYLOAD_TYPE} telephone-event/8000`, `a=fmtp:${EVENT_PAYLOAD_TYPE} 0-15`,
      ...(options.direction ? [`a=${options.direction}`] : []), ...(options.extra ? [options.extra] : []), "",
    ]; // prettier-ignore
    return lines.join("\r\n");
  }

  /** Sends to where the other's description says. */
  accept(sdp: string): void {
    this.#remote = { ip: /^c=IN IP4 (\S+)/m.exec(sdp)![1]!, port: Number(/^m=audio (\d+)/m.exec(sdp)![1]) };
  }

  talk(): void {
    if (this.#timer) return;
    let next = performance.now();
    const step = (): void => {
      while (performance.now() >= next) {
        this.sendFrame();
        next += 20 * this.ptimeFrames;
      }
      this.#timer = setTimeout(step, Math.max(1, next - performance.now()));
    };
    step();
  }

  hush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  sendFrame(): void {
    const length = (this.rate / 50) * this.ptimeFrames;
    const payload = this.#encoder.encode(Int16Array.from({ length }, () => this.#wave(this.#sample++)));
    this.sentPayloads.push(payload);
    this.send(writeRtp(this.#packet(this.payloadType, payload, this.timestamp, false)));
    this.timestamp = (this.timestamp + payload.length) >>> 0;
  }

  /** Presses a key: events of 20 ms steps, the last one three times, as RFC 4733 says. */
  async press(digit: string, ms = 100): Promise<void> {
    const speaking = this.#timer !== null;
    this.hush();
    const start = this.timestamp;
    const steps = ms / 20;
    for (let i = 1; i <= steps + 2; i++) {
      const duration = Math.min(i, steps) * FRAME_SAMPLES;
      const payload = writeTelephoneEvent({ digit, end: i >= steps, volume: 10, duration });
      this.send(writeRtp(this.#packet(EVENT_PAYLOAD_TYPE, payload, start, i === 1)));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    this.timestamp = (start + (steps + 2) * FRAME_SAMPLES) >>> 0;
    if (speaking) this.talk();
  }

  /** Presses a key for 20 ms in a stream of its own, while it goes on talking. */
  pressBeside(digit: string): void {
    for (let i = 0; i < 3; i++) {
      const payload = writeTelephoneEvent({ digit, end: true, volume: 10, duration: FRAME_SAMPLES });
      const [ssrc, sequence] = [(this.ssrc + 1) >>> 0, i];
      this.send(writeRtp({ payloadType: EVENT_PAYLOAD_TYPE, marker: i === 0, sequence, timestamp: 7, ssrc, payload }));
    }
  }

  /** Sends comfort noise (RFC 3389), as a phone does that leaves silence out. */
  comfortNoise(): void {
    this.send(writeRtp(this.#packet(13, Uint8Array.of(60), this.timestamp, false)));
    this.timestamp = (this.timestamp + FRAME_SAMPLES) >>> 0;
  }

  send(datagram: Uint8Array): void {
    this.#socket.send(datagram, this.#remote!.port, this.#remote!.ip);
  }

  /** Goes on from another port with another SSRC, as a phone behind a NAT that lost its binding. */
  async move(): Promise<void> {
    const old = this.#socket;
    this.#socket = await openSocket(old.address().address);
    this.#listen(this.#socket);
    this.ssrc = (this.ssrc + 1) >>> 0;
    this.sequence = Math.floor(Math.random() * 2 ** 16);
    old.close();
  }

  /** Packets with sound, not events. */
  get audio(): Heard[] {
    return this.heard.filter((p) => p.payloadType === this.payloadType);
  }

  get events(): Heard[] {
    return this.heard.filter((p) => p.payloadType === EVENT_PAYLOAD_TYPE);
  }

  /** The next `ms` of sound, from now on. */
  async listen(ms: number): Promise<Int16Array> {
    const from = this.audio.length;
    const count = ms / 20;
    await waitFor(
      () => (this.audio.length - from >= count ? true : undefined),
      ms + 3000,
      () => `${this.audio.length - from} of ${count} packets`,
    );
    return this.decoded(from, count);
  }

  decoded(from: number, count: number): Int16Array {
    const decoder = new WaveformDecoder(this.codec, this.rate);
    return Int16Array.from(this.audio.slice(from, from + count).flatMap((p) => [...decoder.decode(p.payload)]));
  }

  /** Waits until these tones are heard, and those are not, for half a second on end. */
  async hears(wanted: readonly number[], unwanted: readonly number[] = []): Promise<void> {
    let last: Record<number, number> = {};
    for (let attempt = 0; attempt < 24; attempt++) {
      const sound = await this.listen(500);
      last = Object.fromEntries([...wanted, ...unwanted].map((hz) => [hz, Math.round(toneDb(sound, this.rate, hz))]));
      if (wanted.every((hz) => last[hz]! > -20) && unwanted.every((hz) => last[hz]! < -50)) return;
    }
    throw new Error(`wanted ${wanted.join()} and not ${unwanted.join()}, heard ${JSON.stringify(last)}`);
  }

  close(): void {
    this.hush();
    this.#socket.close();
  }

  #packet(payloadType: number, payload: Uint8Array, timestamp: number, marker: boolean): RtpPacket {
    this.sequence = (this.sequence + 1) & 0xffff;
    return { payloadType, payload, timestamp, marker, sequence: this.sequence, ssrc: this.ssrc };
  }

  #listen(socket: Socket): void {
    socket.on("message", (datagram) => {
      if (looksLikeRtcp(datagram)) this.reports.push(datagram);
      const packet = parseRtp(datagram);
      if (packet && !looksLikeRtcp(datagram)) this.heard.push({ ...packet, atMs: performance.now() });
    });
  }
}

async function openSocket(ip: string): Promise<Socket> {
  const socket = createSocket("udp4");
  socket.bind(0, ip);
  await once(socket, "listening");
  return socket;
}
