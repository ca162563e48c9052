import {
  MediaStreamTrack,
  RTCPeerConnection,
  RTCRtpCodecParameters,
  RtpHeader,
  RtpPacket as WeriftPacket,
} from "werift";
import type { RtpPacket } from "../../src/rtp/packet.js";
import { scriptOpus } from "../../src/adapters/opus/script-opus.js";
import type { OpusDecoder, OpusEncoder } from "../../src/audio/opus-codec.js";
import { sine, toneDb } from "./tone.js";
import { waitFor } from "./control-client.js";

const OPUS = new RTCRtpCodecParameters({ mimeType: "audio/opus", clockRate: 48000, channels: 2, payloadType: 111 });

export interface HeardOpus extends RtpPacket {
  readonly atMs: number;
}

/** A WebRTC peer in Node, without a browser: real ICE, DTLS and SRTP, an Opus tone out, packets in. */
export class WeriftPeer {
  readonly pc: RTCPeerConnection;
  readonly heard: HeardOpus[] = [];
  readonly #track = new MediaStreamTrack({ kind: "audio" });
  readonly #encoder: OpusEncoder = scriptOpus.encoder(48000, "music");
  readonly #decoder: OpusDecoder = scriptOpus.decoder(48000);
  readonly #wave: (n: number) => number;
  #timer: NodeJS.Timeout | null = null;
  #sample = 0;
  #sequence = 1;

  constructor(hz: number) {
    this.#wave = sine(hz, 48000);
    this.pc = new RTCPeerConnection({
      codecs: { audio: [OPUS] },
      iceServers: [],
      iceAdditionalHostAddresses: ["127.0.0.1"],
      bundlePolicy: "max-bundle",
    });
    const transceiver = this.pc.addTransceiver(this.#track, { direction: "sendrecv" });
    transceiver.onTrack.subscribe((track) =>
      track.onReceiveRtp.subscribe(({ header, payload }) => {
        const { payloadType, marker, sequenceNumber: sequence, timestamp, ssrc } = header;
        this.heard.push({ payloadType, marker, sequence, timestamp, ssrc, payload, atMs: performance.now() });
      }),
    );
  }

  async offer(): Promise<string> {
    await this.pc.setLocalDescription(await this.pc.createOffer());
    return this.pc.localDescription!.sdp;
  }

  async accept(answer: string): Promise<void> {
    await this.pc.setRemoteDescription({ type: "answer", sdp: answer });
  }

  async answer(offer: string): Promise<string> {
    await this.pc.setRemoteDescription({ type: "offer", sdp: offer });
    await this.pc.setLocalDescription(await this.pc.createAnswer());
    return this.pc.localDescription!.sdp;
  }

  talk(): void {
    let next = performance.now();
    const step = (): void => {
      for (; performance.now() >= next; next += 20) this.#sendFrame();
      this.#timer = setTimeout(step, Math.max(1, next - performance.now()));
    };
    step();
  }

  /** Waits until these tones are heard, and those are not, for half a second on end. */
  async hears(wanted: readonly number[], unwanted: readonly number[] = []): Promise<void> {
    let levels: Record<number, number> = {};
    for (let attempt = 0; attempt < 24; attempt++) {
      const from = this.heard.length;
      await waitFor(
        () => (this.heard.length >= from + 25 ? true : undefined),
        4000,
        () => `${this.heard.length - from} packets`,
      );
      const sound = Int16Array.from(
        this.heard.slice(from, from + 25).flatMap((p) => [...(this.#decoder.decode(p.payload) ?? [])]),
      );
      levels = Object.fromEntries([...wanted, ...unwanted].map((hz) => [hz, Math.round(toneDb(sound, 48000, hz))]));
      if (wanted.every((hz) => levels[hz]! > -20) && unwanted.every((hz) => levels[hz]! < -45)) return;
    }
    throw new Error(`wanted ${wanted.join()} and not ${unwanted.join()}, heard ${JSON.stringify(levels)}`);
  }

  async close(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    await this.pc.close();
  }

  #sendFrame(): void {
    const frame = Int16Array.from({ length: 960 }, () => this.#wave(this.#sample++));
    const header = new RtpHeader({
      payloadType: 111,
      sequenceNumber: this.#sequence++ & 0xffff,
      timestamp: this.#sample >>> 0,
      padding: false,
      extension: false,
      marker: false,
    });
    this.#track.writeRtp(new WeriftPacket(header, Buffer.from(this.#encoder.encode(frame))));
  }
}
