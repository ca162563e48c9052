import { sequenceDistance } from "./sequence.js";
import type { RtpPacket } from "./packet.js";

/** Where datagrams come from: `address:port`, or "" where the transport authenticates them itself. */
export type Origin = string;

/** `switched`: the first packet of a new stream; what was built from the old one (sequence numbers, decoder) is void. */
export type Verdict = "accepted" | "switched" | "probation" | "foreign";

interface Stream {
  readonly origin: Origin;
  readonly ssrc: number;
  sequence: number;
  lastMs: number;
}

/** Two packets in order make a source valid (RFC 3550 A.1, MIN_SEQUENTIAL); a random datagram never is. */
const MAX_STEP_IN_PROBATION = 5;
/** A new address is believed only when the locked one has fallen silent, so that nobody can take over a running stream. */
const SILENCE_BEFORE_TAKEOVER_MS = 200;

/**
 * Learns which stream is the peer's and stays with it: phones do not signal their SSRC, sit behind NATs, and change SSRC and port in
 * mid-call, while anyone at all can send datagrams to an open port.
 */
export class SourceLock {
  #locked: Stream | null = null;
  #candidate: Stream | null = null;
  #expected: Origin | null = null;

  get origin(): Origin | null {
    return this.#locked?.origin ?? null;
  }

  /** The SDP said where the peer sends from (so it is believed): learning starts anew. */
  expect(origin: Origin | null): void {
    if (origin === this.#expected) return;
    this.#expected = origin;
    this.#locked = null;
    this.#candidate = null;
  }

  judge(packet: RtpPacket, origin: Origin, nowMs: number): Verdict {
    const locked = this.#locked;
    if (locked && locked.origin === origin && locked.ssrc === packet.ssrc) {
      locked.sequence = packet.sequence;
      locked.lastMs = nowMs;
      return "accepted";
    }
    if (locked && locked.origin !== origin && nowMs - locked.lastMs < SILENCE_BEFORE_TAKEOVER_MS) return "foreign";
    if (!this.#passedProbation(packet, origin, nowMs)) return "probation";
    this.#locked = { origin, ssrc: packet.ssrc, sequence: packet.sequence, lastMs: nowMs };
    this.#candidate = null;
    return "switched";
  }

  #passedProbation(packet: RtpPacket, origin: Origin, nowMs: number): boolean {
    const candidate = this.#candidate;
    const same = candidate !== null && candidate.origin === origin && candidate.ssrc === packet.ssrc;
    const step = same ? sequenceDistance(candidate.sequence, packet.sequence) : 0;
    this.#candidate = { origin, ssrc: packet.ssrc, sequence: packet.sequence, lastMs: nowMs };
    return same && step > 0 && step <= MAX_STEP_IN_PROBATION;
  }
}
