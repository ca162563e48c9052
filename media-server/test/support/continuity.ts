import { sequenceDistance, timestampDistance } from "../../src/rtp/sequence.js";
import type { Heard } from "./rtp-phone.js";

export interface Continuity {
  readonly ssrcs: number;
  /** Steps of the sequence number other than 1. */
  readonly sequenceBreaks: number;
  /** Timestamps that do not move forward. */
  readonly timestampBreaks: number;
  readonly longestPauseMs: number;
}

/** What a receiver sees of a stream that should have no seam. */
export function continuityOf(packets: readonly Heard[]): Continuity {
  let sequenceBreaks = 0;
  let timestampBreaks = 0;
  let longestPauseMs = 0;
  packets.slice(1).forEach((packet, i) => {
    const before = packets[i]!;
    if (sequenceDistance(before.sequence, packet.sequence) !== 1) sequenceBreaks += 1;
    if (timestampDistance(before.timestamp, packet.timestamp) <= 0) timestampBreaks += 1;
    longestPauseMs = Math.max(longestPauseMs, packet.atMs - before.atMs);
  });
  return { ssrcs: new Set(packets.map((p) => p.ssrc)).size, sequenceBreaks, timestampBreaks, longestPauseMs };
}
