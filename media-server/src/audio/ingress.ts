import { FRAME_MS, type AudioDecoder, type MixRate } from "./codec.js";
import type { JitterBuffer } from "./jitter-buffer.js";

/** Packets covered up in a row before there is nothing but silence. */
const MAX_CONCEALED = 5;

/** One party's sound on its way into a mix: jitter buffer, decoder, and a queue that makes frames of 20 ms of any packet size. */
export class Ingress {
  readonly jitter: JitterBuffer;
  readonly #frameLength: number;
  readonly #decoder: AudioDecoder;
  readonly #samplesPerMs: number;
  #queue: Int16Array;
  #queued = 0;
  #concealed = MAX_CONCEALED;
  #cold = true;
  /** How many samples in the queue are from before the last `mark`; Infinity until the first packet after it is decoded. */
  #staleSamples = Infinity;
  #staleFrame = false;

  constructor(rate: MixRate, decoder: AudioDecoder, jitter: JitterBuffer) {
    this.jitter = jitter;
    this.#decoder = decoder;
    this.#samplesPerMs = rate / 1000;
    this.#frameLength = FRAME_MS * this.#samplesPerMs;
    this.#queue = new Int16Array(this.#frameLength * 8);
  }

  /** The next 20 ms, or null for silence. */
  pull(): Int16Array | null {
    this.#staleFrame = false;
    const frame = this.#frame();
    if (frame === null || !this.jitter.takeExcess()) return frame;
    const next = this.#frame();
    return next === null ? frame : crossFade(frame, next);
  }

  /** What is here now is stale: said before somebody began to listen. */
  mark(): void {
    this.jitter.mark();
    this.#staleSamples = Infinity;
  }

  /** True when the last frame has nothing of before the last `mark`, nor will the next ones have. */
  get fresh(): boolean {
    return !this.#staleFrame && this.#staleSamples === 0;
  }

  close(): void {
    this.#decoder.close();
    this.jitter.rest();
  }

  #frame(): Int16Array | null {
    while (this.#queued < this.#frameLength) {
      const sound = this.#decodeNext();
      if (sound === null) {
        if (this.#queued === 0) return null;
        this.#append(new Int16Array(this.#frameLength - this.#queued));
      } else this.#append(sound);
    }
    const frame = this.#queue.slice(0, this.#frameLength);
    this.#queue.copyWithin(0, this.#frameLength, this.#queued);
    this.#queued -= this.#frameLength;
    if (this.#staleSamples > 0) this.#staleFrame = true;
    this.#staleSamples = Math.max(0, this.#staleSamples - this.#frameLength);
    return frame;
  }

  #decodeNext(): Int16Array | null {
    const pulled = this.jitter.pull(this.#queued / this.#samplesPerMs);
    if (pulled.kind === "packet") {
      if (this.#cold) for (const payload of this.jitter.warmUp()) this.#decoder.decode(payload);
      this.#cold = false;
      const sound = this.#decoder.decode(pulled.payload);
      if (sound !== null && sound.length > 0) {
        if (pulled.fresh) this.#staleSamples = Math.min(this.#staleSamples, this.#queued);
        this.#concealed = 0;
        return sound;
      }
    }
    if (this.#concealed >= MAX_CONCEALED) return null;
    this.#concealed += 1;
    return this.#decoder.conceal();
  }

  #append(sound: Int16Array): void {
    if (this.#queued + sound.length > this.#queue.length) {
      const larger = new Int16Array(this.#queued + 2 * sound.length);
      larger.set(this.#queue.subarray(0, this.#queued));
      this.#queue = larger;
    }
    this.#queue.set(sound, this.#queued);
    this.#queued += sound.length;
  }
}

/** Two frames in the time of one: the delay shrinks by 20 ms without a click. */
function crossFade(from: Int16Array, to: Int16Array): Int16Array {
  return from.map((sample, n) => Math.round(sample + ((to[n]! - sample) * n) / from.length));
}
