import { Changes } from "./changes.js";
import type { RtpRecording } from "./rtp-recording.js";
import type { RtpPacket } from "./rtp.js";
import { loudestDbfs, toneRemover } from "./tones.js";

/** What an ear may hear: the tones, in Hz, of the parties it is connected with, and sounds that are known packet by packet. */
export interface Permitted {
  readonly tones: readonly number[];
  readonly known: KnownSounds;
}

/**
 * How loud a tone gets, in dBFS in any window of 60 ms, in what is left of the sound between two times when all that is permitted has been taken out
 * of each packet. A sound that starts, stops or jumps does so between packets, so its click is taken out with it; a packet of somebody else's tone stays.
 */
export function leakDbfs(
  recording: RtpRecording,
  frequency: number,
  { tones, known }: Permitted,
  fromMs: number,
  toMs: number,
): number {
  const removers = new Map<number, (samples: Float32Array) => Float32Array>();
  const left = recording.sound(fromMs, toMs, (samples, packet, rate) => {
    if (known.has(packet)) return samples.fill(0);
    const remover = removers.get(samples.length) ?? toneRemover(rate, samples.length, tones);
    removers.set(samples.length, remover);
    return remover(samples);
  });
  return loudestDbfs(left, frequency);
}

type Contents = Pick<RtpPacket, "payloadType" | "payload">;

/** Packets by their contents: those of music on hold, which is encoded once and played in a loop. */
export class KnownSounds {
  readonly #payloads = new Set<string>();
  readonly #learnt = new Changes();
  #repeated = 0;
  #last = "";

  has(packet: Contents): boolean {
    return this.#payloads.has(keyOf(packet));
  }

  /** To be told every packet that came to an ear with which nobody was connected. */
  learn(packet: Contents): void {
    const key = keyOf(packet);
    if (key === this.#last) return; // silence says nothing about a loop
    this.#repeated = this.#payloads.has(key) ? this.#repeated + 1 : 0;
    this.#payloads.add(key);
    this.#last = key;
    this.#learnt.happened();
  }

  /** Waits until so many packets in a row brought nothing new: the loop has come round. */
  complete(inARow: number, withinMs: number): Promise<void> {
    const look = (): string | undefined =>
      this.#repeated >= inARow
        ? undefined
        : `${this.#payloads.size} packets have come, and the loop has not come round`;
    return this.#learnt.until(look, withinMs);
  }
}

const keyOf = ({ payloadType, payload }: Contents): string =>
  `${payloadType} ${Buffer.from(payload).toString("latin1")}`;
