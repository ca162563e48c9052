import { sequenceDistance, timestampDistance } from "../../src/rtp/sequence.js";
import type { Heard } from "./rtp-phone.js";

export interface Continuity {
  readonly ssrcs: number;
  /** Steps of the sequence number other than 1. */
  readonly sequenceBreaks: number;
  /** Timestamps that do not move forward. */
  readonly timestampBreaks: number;
  /** The longest time without sound; packets that came in a burst after a pause were only late. */
  readonly longestGapMs: number;
}

const NEIGHBOURS = 10;

/** What a receiver sees of a stream of 20 ms packets that should have no seam. */
export function continuityOf(packets: readonly Heard[]): Continuity {
  let sequenceBreaks = 0;
  let timestampBreaks = 0;
  packets.slice(1).forEach((packet, i) => {
    const before = packets[i]!;
    if (sequenceDistance(before.sequence, packet.sequence) !== 1) sequenceBreaks += 1;
    if (timestampDistance(before.timestamp, packet.timestamp) <= 0) timestampBreaks += 1;
  });
  // How late each packet is against 50 in a second; what stays late is a gap, what catches up was a busy machine.
  const late = packets.map((packet, i) => packet.atMs - 20 * i);
  const gaps = late.map((_, i) =>
    i === 0
      ? 0
      : Math.min(...late.slice(i, i + NEIGHBOURS)) - Math.min(...late.slice(Math.max(0, i - NEIGHBOURS), i)) + 20,
  );
  const ssrcs = new Set(packets.map((p) => p.ssrc)).size;
  return { ssrcs, sequenceBreaks, timestampBreaks, longestGapMs: Math.max(0, ...gaps) };
}
