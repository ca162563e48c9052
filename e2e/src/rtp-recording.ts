import type { RtpPacket } from "./rtp.js";
import { eventDigit } from "./rtp.js";
import type { Sound } from "./tones.js";
import { decodeAlaw } from "./alaw.js";
import { decodeUlaw } from "./ulaw.js";

const RATE = 8000; // Hz, G.711
/** By payload type (RFC 3551 section 6). */
const DECODERS = new Map([
  [0, decodeUlaw],
  [8, decodeAlaw],
]);
const MAX_JUMP_SAMPLES = 10 * RATE; // a timestamp further off than this starts a new stretch

/** A packet and when it arrived. */
export interface Arrival extends RtpPacket {
  readonly atMs: number;
}

/** How whole the received stream is. */
export interface Continuity {
  readonly packets: number;
  readonly ssrcs: number;
  /** Sequence numbers that never came. */
  readonly lost: number;
  /** Packets that came after a later one, or twice. */
  readonly disordered: number;
  /** Times that the timestamp did not advance as the sequence numbers did. */
  readonly timestampJumps: number;
  /** The longest time between two arrivals, in ms. */
  readonly longestPauseMs: number;
}

/** Everything that arrived at one RTP port, in order of arrival. */
export class RtpRecording {
  readonly #arrivals: Arrival[] = [];
  /** Told every packet as it arrives. */
  whenArrived: (packet: RtpPacket) => void = () => undefined;

  get arrivals(): readonly Arrival[] {
    return this.#arrivals;
  }

  add(packet: RtpPacket, atMs: number): void {
    this.#arrivals.push({ ...packet, payload: Uint8Array.from(packet.payload), atMs });
    this.whenArrived(packet);
  }

  /**
   * The sound that arrived between two times, laid out by its timestamps; silence where nothing arrived. Of each packet that is heard what `leave`
   * leaves of its samples.
   */
  sound(
    fromMs: number,
    toMs: number,
    leave: (samples: Float32Array, packet: Arrival, rate: number) => Float32Array = (samples) => samples,
  ): Sound {
    const samples = new Float32Array(Math.max(0, Math.round(((toMs - fromMs) * RATE) / 1000)));
    let base: { ssrc: number; timestamp: number; position: number } | undefined;
    for (const packet of this.#between(fromMs, toMs)) {
      const decode = DECODERS.get(packet.payloadType);
      if (!decode) continue;
      const advance: number = base === undefined ? NaN : (packet.timestamp - base.timestamp) | 0;
      if (base === undefined || base.ssrc !== packet.ssrc || Math.abs(advance) > MAX_JUMP_SAMPLES) {
        const position = Math.round(((packet.atMs - fromMs) * RATE) / 1000);
        base = { ssrc: packet.ssrc, timestamp: packet.timestamp, position };
      }
      const at = base.position + ((packet.timestamp - base.timestamp) | 0);
      const payload = leave(decode(packet.payload), packet, RATE);
      if (at >= 0 && at < samples.length) samples.set(payload.subarray(0, samples.length - at), at);
    }
    return { fromMs, rate: RATE, samples };
  }

  /** Digits received as RFC 4733 events, each counted once however often it was repeated. */
  digits(fromMs = -Infinity): string {
    let last: number | undefined;
    let digits = "";
    for (const { payloadType, payload, timestamp } of this.#between(fromMs, Infinity)) {
      if (payloadType < 96 || payload.length !== 4 || timestamp === last) continue;
      last = timestamp;
      digits += eventDigit(payload) ?? "";
    }
    return digits;
  }

  /** Whether what arrived between two times is one whole stream. */
  continuity(fromMs = -Infinity, toMs = Infinity): Continuity {
    const packets = this.#between(fromMs, toMs);
    let highest: Arrival | undefined;
    let missing = 0;
    let disordered = 0;
    let timestampJumps = 0;
    let longestPauseMs = 0;
    packets.forEach((packet, i) => {
      if (i > 0) longestPauseMs = Math.max(longestPauseMs, packet.atMs - packets[i - 1]!.atMs);
      if (highest !== undefined && highest.ssrc === packet.ssrc) {
        const advance = ((packet.sequence - highest.sequence) << 16) >> 16;
        if (advance <= 0) {
          disordered += 1;
          missing -= advance < 0 ? 1 : 0;
          return;
        }
        missing += advance - 1;
        if (isAudio(packet) && isAudio(highest)) {
          const expected = advance * highest.payload.length;
          if (((packet.timestamp - highest.timestamp) | 0) !== expected) timestampJumps += 1;
        }
      }
      highest = packet;
    });
    const ssrcs = new Set(packets.map((packet) => packet.ssrc)).size;
    return { packets: packets.length, ssrcs, lost: Math.max(0, missing), disordered, timestampJumps, longestPauseMs };
  }

  #between(fromMs: number, toMs: number): Arrival[] {
    return this.#arrivals.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  }
}

const isAudio = (packet: RtpPacket): boolean => DECODERS.has(packet.payloadType);
