import { addSequence, addTimestamp, sequenceDistance, timestampDistance } from "./sequence.js";
import { writeRtp, type RtpPacket } from "./packet.js";

/** A pause of more than this after the end of a packet moves the timestamp on with the clock; a shorter one is jitter. */
const JITTER_MS = 40;
/** Jumps beyond these are a restart of the source, not loss. */
const MAX_SEQUENCE_STEP = 100;
const MAX_TIMESTAMP_STEP_S = 2;

/** How packets of one source stream are renumbered into ours. */
interface Mapping {
  readonly source: string;
  sequenceOffset: number;
  readonly timestampOffset: number;
  /** The highest source sequence number passed on. */
  highest: number;
  highestTimestamp: number;
  /** Source packets at or below this one are too late: numbers after them are taken. */
  floor: number | null;
}

/**
 * The one stream that a leg sends for its whole life: one SSRC, sequence numbers and timestamps without a seam, whatever feeds it.
 * Packets made here continue the numbering; relayed ones are renumbered, so that loss and reordering stay visible to the receiver.
 */
export class OutgoingStream {
  readonly ssrc: number;
  packets = 0;
  octets = 0;
  #sequence: number;
  #timestamp: number;
  #clockRate = 8000;
  #durationMs = 0;
  #lastMs: number | null = null;
  #mapping: Mapping | null = null;

  constructor(start: { ssrc: number; sequence: number; timestamp: number }) {
    this.ssrc = start.ssrc;
    this.#sequence = start.sequence;
    this.#timestamp = start.timestamp;
  }

  /** When the last audio packet left, in ms; null before the first. */
  get lastMs(): number | null {
    return this.#lastMs;
  }

  /** How much sound the last audio packet carried. */
  get lastDurationMs(): number {
    return this.#durationMs;
  }

  /** The timestamp at `nowMs`, for a sender report or the start of an event. */
  timestampAt(nowMs: number): number {
    const elapsed = this.#lastMs === null ? 0 : Math.max(0, nowMs - this.#lastMs);
    return addTimestamp(this.#timestamp, Math.round((elapsed * this.#clockRate) / 1000));
  }

  /** Sends sound made here: `durationMs` of it, at the scheduled time `nowMs`. */
  write(payload: Uint8Array, payloadType: number, clockRate: number, durationMs: number, nowMs: number): Uint8Array {
    this.#mapping = null;
    const { timestamp, jumped } = this.#next(nowMs);
    this.#clockRate = clockRate;
    this.#sequence = addSequence(this.#sequence, 1);
    return this.#emit(
      { payloadType, marker: jumped, sequence: this.#sequence, timestamp, ssrc: this.ssrc, payload },
      durationMs,
      nowMs,
    );
  }

  /** Passes a packet of `source` on; null when it comes too late to have a number. */
  relay(
    packet: RtpPacket,
    source: string,
    payloadType: number,
    clockRate: number,
    durationMs: number,
    nowMs: number,
  ): Uint8Array | null {
    let mapping = this.#mapping;
    if (mapping !== null && !this.#continues(mapping, packet, source, clockRate)) mapping = null;
    let marker = packet.marker;
    if (mapping === null) {
      const { timestamp, jumped } = this.#next(nowMs);
      marker ||= jumped;
      mapping = {
        source,
        sequenceOffset: sequenceDistance(packet.sequence, addSequence(this.#sequence, 1)),
        timestampOffset: timestampDistance(packet.timestamp, timestamp),
        highest: addSequence(packet.sequence, -1),
        highestTimestamp: packet.timestamp,
        floor: addSequence(packet.sequence, -1),
      };
      this.#mapping = mapping;
      this.#clockRate = clockRate;
    }
    if (mapping.floor !== null && sequenceDistance(mapping.floor, packet.sequence) <= 0) return null;
    const sequence = addSequence(packet.sequence, mapping.sequenceOffset);
    const timestamp = addTimestamp(packet.timestamp, mapping.timestampOffset);
    const out = { payloadType, marker, sequence, timestamp, ssrc: this.ssrc, payload: packet.payload };
    if (sequenceDistance(mapping.highest, packet.sequence) > 0) {
      mapping.highest = packet.sequence;
      mapping.highestTimestamp = packet.timestamp;
      this.#sequence = sequence;
      return this.#emit(out, durationMs, nowMs);
    }
    this.packets += 1;
    this.octets += packet.payload.length;
    return writeRtp(out);
  }

  /** Sends something that is no sound (an event) between the sound: a number of its own, the timestamp it is given. */
  insert(payload: Uint8Array, payloadType: number, marker: boolean, timestamp: number): Uint8Array {
    this.#sequence = addSequence(this.#sequence, 1);
    if (this.#mapping) {
      this.#mapping.sequenceOffset += 1;
      this.#mapping.floor = this.#mapping.highest;
    }
    this.packets += 1;
    this.octets += payload.length;
    return writeRtp({ payloadType, marker, sequence: this.#sequence, timestamp, ssrc: this.ssrc, payload });
  }

  /** A packet of the relayed source that is not passed on as it is leaves no hole in our numbers: nobody has lost anything. */
  skip(packet: RtpPacket, source: string): void {
    const mapping = this.#mapping;
    if (mapping === null || mapping.source !== source || sequenceDistance(mapping.highest, packet.sequence) <= 0)
      return;
    mapping.sequenceOffset -= 1;
    mapping.highest = packet.sequence;
    mapping.floor = packet.sequence;
  }

  #continues(mapping: Mapping, packet: RtpPacket, source: string, clockRate: number): boolean {
    return (
      mapping.source === source &&
      Math.abs(sequenceDistance(mapping.highest, packet.sequence)) <= MAX_SEQUENCE_STEP &&
      Math.abs(timestampDistance(mapping.highestTimestamp, packet.timestamp)) <= MAX_TIMESTAMP_STEP_S * clockRate
    );
  }

  /** The timestamp of the next packet: where the last one ends, or later by whole milliseconds of silence. */
  #next(nowMs: number): { timestamp: number; jumped: boolean } {
    if (this.#lastMs === null) return { timestamp: this.#timestamp, jumped: true };
    const elapsed = nowMs - this.#lastMs;
    const jumped = elapsed >= this.#durationMs + JITTER_MS;
    const advanceMs = jumped ? Math.floor(elapsed / 20) * 20 : this.#durationMs;
    return { timestamp: addTimestamp(this.#timestamp, (advanceMs * this.#clockRate) / 1000), jumped };
  }

  #emit(packet: RtpPacket, durationMs: number, nowMs: number): Uint8Array {
    this.#timestamp = packet.timestamp;
    this.#durationMs = durationMs;
    this.#lastMs = nowMs;
    this.packets += 1;
    this.octets += packet.payload.length;
    return writeRtp(packet);
  }
}
