import { sequenceDistance } from "./sequence.js";
import type { RtpPacket } from "./packet.js";

/** Where datagrams come from: `address:port`, or "" where the transport authenticates them itself. */
export type Origin = string;

/** `switched`: the first packet of a new stream; what was built from the old one (sequence numbers, decoder) is void. */
export type Verdict = "accepted" | "switched" | "probation" | "foreign";

interface Stream {
  readonly origin: Origin;
  readonly ssrc: number;
  lastMs: number;
}

interface Candidate extends Stream {
  readonly sequence: number;
}

/** Two packets in order make a source valid (RFC 3550 A.1, MIN_SEQUENTIAL); a random datagram never is. */
const MAX_STEP_IN_PROBATION = 5;
/** Another port is believed only when the locked one has fallen silent, so that nobody can take over a running stream. */
const SILENCE_BEFORE_TAKEOVER_MS = 200;
/** Another stream from the same address and port is believed when the locked one has ended; two at once are not mixed up, packet by packet. */
const SILENCE_BEFORE_NEW_SSRC_MS = 80;

/**
 * Learns which stream is the peer's and stays with it: phones do not signal their SSRC, sit behind NATs, and change SSRC and port in
 * mid-call, while anyone at all can send datagrams to an open port.
 *
 * Until a stream is found it may come from any host, as the description of a peer behind a NAT names a private one. From then on only that
 * host is believed, and the one that the description names, until a new description names yet another.
 */
export class SourceLock {
  #locked: Stream | null = null;
  #candidate: Candidate | null = null;
  #expected: Origin | null = null;
  /** The host that the stream was found at; null while it is to be found. */
  #host: string | null = null;

  get origin(): Origin | null {
    return this.#locked?.origin ?? null;
  }

  get ssrc(): number | null {
    return this.#locked?.ssrc ?? null;
  }

  /** Whether the stream that was found comes from there. */
  isAt(origin: Origin): boolean {
    return this.#locked?.origin === origin;
  }

  /** The description said where the peer is; null when it says nothing, as the old form of hold does. Learning starts anew with another one. */
  expect(origin: Origin | null): void {
    if (origin === null || origin === this.#expected) return;
    if (this.#expected === null || hostOf(origin) !== hostOf(this.#expected)) this.#host = null;
    this.#expected = origin;
    this.#locked = null;
    this.#candidate = null;
  }

  /** Whether a host may be the peer's at all. */
  admits(host: string): boolean {
    return this.#host === null || host === this.#host || this.#isNamed(host);
  }

  judge(packet: RtpPacket, origin: Origin, nowMs: number): Verdict {
    const locked = this.#locked;
    if (locked && locked.origin === origin && locked.ssrc === packet.ssrc) {
      locked.lastMs = nowMs;
      return "accepted";
    }
    const host = hostOf(origin);
    if (!this.admits(host) || this.#givesWay(origin, nowMs)) return "foreign";
    const passed = this.#passedProbation(packet, origin, nowMs);
    if (!passed || (locked?.origin === origin && nowMs - locked.lastMs < SILENCE_BEFORE_NEW_SSRC_MS))
      return "probation";
    this.#locked = { origin, ssrc: packet.ssrc, lastMs: nowMs };
    this.#host = host;
    this.#candidate = null;
    return "switched";
  }

  #isNamed(host: string): boolean {
    return this.#expected !== null && host === hostOf(this.#expected);
  }

  /** To a stream that runs every other source gives way, except one that the description speaks for more clearly. */
  #givesWay(origin: Origin, nowMs: number): boolean {
    const runs = (stream: Stream | null): stream is Stream =>
      stream !== null && stream.origin !== origin && nowMs - stream.lastMs < SILENCE_BEFORE_TAKEOVER_MS;
    const rank = this.#rank(origin);
    if (runs(this.#locked)) return rank <= this.#rank(this.#locked.origin);
    return runs(this.#candidate) && rank < this.#rank(this.#candidate.origin);
  }

  /** How clearly the description names a source: its address and port, its address, not at all. */
  #rank(origin: Origin): number {
    if (origin === this.#expected) return 2;
    return this.#isNamed(hostOf(origin)) ? 1 : 0;
  }

  #passedProbation(packet: RtpPacket, origin: Origin, nowMs: number): boolean {
    const candidate = this.#candidate;
    const same = candidate !== null && candidate.origin === origin && candidate.ssrc === packet.ssrc;
    const step = same ? sequenceDistance(candidate.sequence, packet.sequence) : 0;
    this.#candidate = { origin, ssrc: packet.ssrc, sequence: packet.sequence, lastMs: nowMs };
    return same && step > 0 && step <= MAX_STEP_IN_PROBATION;
  }
}

const hostOf = (origin: Origin): string => origin.slice(0, origin.lastIndexOf(":"));
