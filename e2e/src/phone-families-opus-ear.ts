import OpusScript from "opusscript";
import type { Listener } from "./hearing.js";
import type { NetworkTap } from "./network-tap.js";
import type { PhonePorts } from "./wire-ear.js";
import { parseRtp, type RtpPacket } from "./rtp.js";
import type { Sound } from "./tones.js";

const RATE = 48_000; // Hz
const FULL_SCALE = 32_768;

interface Heard {
  readonly atMs: number;
  readonly samples: Float32Array;
}

/** What reaches a real telephone that speaks Opus, heard on the wire (RFC 7587). */
export class OpusEar implements Listener {
  readonly #decoder = new OpusScript(RATE, 1, OpusScript.Application.VOIP);
  readonly #heard: Heard[] = [];
  readonly #stop: () => void;

  constructor(
    readonly name: string,
    ports: PhonePorts,
    tap: NetworkTap,
  ) {
    const [first, last] = ports.rtp;
    this.#stop = tap.listen(({ atMs, to, data }) => {
      if (to < first || to > last) return;
      const packet = parseRtp(data);
      if (packet && isOpus(packet)) this.#hear(atMs, Buffer.from(packet.payload));
    });
  }

  /** One packet behind the other, each from when it came. */
  sound(fromMs: number, toMs: number): Promise<Sound> {
    const samples = new Float32Array(Math.max(0, Math.round(((toMs - fromMs) * RATE) / 1000)));
    let next = 0;
    for (const { atMs, samples: heard } of this.#heard) {
      if (atMs < fromMs || atMs >= toMs) continue;
      const at = Math.max(next, Math.round(((atMs - fromMs) * RATE) / 1000));
      if (at < samples.length) samples.set(heard.subarray(0, samples.length - at), at);
      next = at + heard.length;
    }
    return Promise.resolve({ fromMs, rate: RATE, samples });
  }

  close(): void {
    this.#stop();
    this.#decoder.delete();
  }

  #hear(atMs: number, payload: Buffer): void {
    const pcm = this.#decoder.decode(payload);
    const words = new Int16Array(pcm.buffer, pcm.byteOffset, pcm.length / 2);
    this.#heard.push({ atMs, samples: Float32Array.from(words, (word) => word / FULL_SCALE) });
  }
}

/** The only other thing with a dynamic payload type is a telephone event, of four bytes (RFC 4733 2.3). */
const isOpus = ({ payloadType, payload }: RtpPacket): boolean => payloadType >= 96 && payload.length !== 4;
