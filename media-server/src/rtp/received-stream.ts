import { sequenceDistance } from "./sequence.js";
import type { RtpPacket } from "./packet.js";

/** What a report says of one stream that is received (RFC 3550 section 6.4.1). */
export interface ReportBlock {
  readonly ssrc: number;
  /** Since the last report, in 256ths. */
  readonly fractionLost: number;
  /** Since the stream began; negative when more came than were sent. */
  readonly lost: number;
  /** The highest sequence number, with the wrap-arounds above it. */
  readonly highest: number;
  /** In units of the RTP clock. */
  readonly jitter: number;
  /** The middle of the last sender report's NTP time, and how long ago it came, in 65536ths of a second; 0 before the first. */
  readonly lastReport: number;
  readonly sinceLastReport: number;
}

/** A jump beyond this is a restart of the source, as in `OutgoingStream`. */
const MAX_STEP = 100;
const MAX_LOST = 0x7fffff;

interface Stream {
  readonly ssrc: number;
  readonly first: number;
  /** Extended sequence number. */
  highest: number;
  received: number;
  transit: number | null;
  jitter: number;
  reported: { readonly expected: number; readonly received: number };
}

/** Counts the packets of the peer's stream for our reports (RFC 3550 appendices A.3 and A.8). */
export class ReceivedStream {
  #stream: Stream | null = null;
  #heardReport: { readonly ssrc: number; readonly ntp: number; readonly atMs: number } | null = null;

  /** `clockRate`: of a packet of sound; null for one whose timestamp says nothing of its time, as an event's. */
  packet(packet: RtpPacket, clockRate: number | null, nowMs: number): void {
    let stream = this.#stream;
    const step = stream === null ? 0 : sequenceDistance(stream.highest & 0xffff, packet.sequence);
    if (stream === null || stream.ssrc !== packet.ssrc || Math.abs(step) > MAX_STEP) {
      const { ssrc, sequence } = packet;
      stream = { ssrc, first: sequence, highest: sequence, received: 0, transit: null, jitter: 0, reported: { expected: 0, received: 0 } }; // prettier-ignore
      this.#stream = stream;
    } else if (step > 0) stream.highest += step;
    stream.received += 1;
    if (clockRate === null) return;
    const transit = ((nowMs * clockRate) / 1000 - packet.timestamp) | 0;
    if (stream.transit !== null) stream.jitter += (Math.abs((transit - stream.transit) | 0) - stream.jitter) / 16;
    stream.transit = transit;
  }

  /** A sender report came; `ntp` is the middle of its time. */
  senderReport(ssrc: number, ntp: number, nowMs: number): void {
    this.#heardReport = { ssrc, ntp, atMs: nowMs };
  }

  /** What to report now, once for each interval; null when no stream has come. */
  report(nowMs: number): ReportBlock | null {
    const stream = this.#stream;
    if (stream === null) return null;
    const expected = stream.highest - stream.first + 1;
    const expectedNow = expected - stream.reported.expected;
    const lostNow = expectedNow - (stream.received - stream.reported.received);
    stream.reported = { expected, received: stream.received };
    const heard = this.#heardReport?.ssrc === stream.ssrc ? this.#heardReport : null;
    return {
      ssrc: stream.ssrc,
      fractionLost: expectedNow <= 0 || lostNow <= 0 ? 0 : Math.min(255, Math.floor((lostNow * 256) / expectedNow)),
      lost: Math.max(-MAX_LOST - 1, Math.min(MAX_LOST, expected - stream.received)),
      highest: stream.highest >>> 0,
      jitter: Math.floor(stream.jitter),
      lastReport: heard?.ntp ?? 0,
      sinceLastReport: heard === null ? 0 : Math.round(((nowMs - heard.atMs) * 65536) / 1000),
    };
  }
}
