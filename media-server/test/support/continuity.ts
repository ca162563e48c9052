import { monitorEventLoopDelay } from "node:perf_hooks";
import type { RtpPacket } from "../../src/rtp/packet.js";
import { sequenceDistance, timestampDistance } from "../../src/rtp/sequence.js";

export interface Continuity {
  readonly ssrcs: number;
  /** Steps of the sequence number other than 1. */
  readonly sequenceBreaks: number;
  /** Timestamps that do not move forward. */
  readonly timestampBreaks: number;
  /** The longest time from one packet to the next by the sender's clock: the RTP timestamp. 20 ms where there is no gap. */
  readonly longestStepMs: number;
}

/** What a receiver sees of a stream of 20 ms packets that should have no seam. */
export function continuityOf(packets: readonly RtpPacket[], clockRate = 8000): Continuity {
  let sequenceBreaks = 0;
  let timestampBreaks = 0;
  let longestStepMs = 0;
  packets.slice(1).forEach((packet, i) => {
    const before = packets[i]!;
    const step = timestampDistance(before.timestamp, packet.timestamp);
    if (sequenceDistance(before.sequence, packet.sequence) !== 1) sequenceBreaks += 1;
    if (step <= 0) timestampBreaks += 1;
    longestStepMs = Math.max(longestStepMs, (step * 1000) / clockRate);
  });
  return { ssrcs: new Set(packets.map((p) => p.ssrc)).size, sequenceBreaks, timestampBreaks, longestStepMs };
}

/** Watches for how long the machine held this process up: its phones were silent meanwhile, and that is no gap of the server's. */
export function watchStalls(): { longestMs(): number } {
  const histogram = monitorEventLoopDelay({ resolution: 5 });
  histogram.enable();
  return {
    longestMs: () => {
      histogram.disable();
      return histogram.max / 1e6;
    },
  };
}
