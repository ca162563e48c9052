import type { CallQuality, QualityWarning } from "@legwork/shared/call-panel";

/** What a browser's statistics say of one leg (W3C WebRTC Statistics); counts are since the leg began. */
export interface QualitySample {
  readonly packetsReceived: number;
  /** RFC 3550 6.4.1: sinks when packets come late or twice. */
  readonly packetsLost: number;
  /** RFC 3550 6.4.1, in seconds. */
  readonly jitter: number | null;
  /** In seconds, from the other side's RTCP reports or the ICE checks; null while there are none. */
  readonly roundTripTime: number | null;
  /** What the other side misses of our packets: RTCP fraction lost, 0 to 1. */
  readonly fractionLost: number | null;
  /** As in SDP, without the audio/ in front. */
  readonly codec: string | null;
}

/** R of ITU-T G.107 with every parameter at its default (clause 7.7). */
const DEFAULT_R = 93.2;
/** Ie and Bpl of G.711 with concealment and random loss, as ITU-T G.113 Appendix I has them. Every browser conceals; Opus has no entry. */
const EQUIPMENT_IMPAIRMENT = 0;
const LOSS_ROBUSTNESS = 25.1;
/** Capture, a packet of 20 ms and playing: what is not on the network. */
const TERMINALS_MS = 40;
/** The buffer that evens out jitter, in jitters. */
const JITTER_BUFFER = 2;
/** From there delay disturbs a conversation. */
const DISTURBING_DELAY_MS = 177.3;

/**
 * An estimate of the mean opinion score, 1 to 4.5, of what one side hears: simplified E-model of ITU-T G.107, with the effective
 * equipment impairment of clause 7.5 for random loss (BurstR = 1), the score by Annex B, and delay by the approximation of Cole and
 * Rosenbluth (2001): Id = 0.024 d + 0.11 (d - 177.3) H(d - 177.3). One way is half the round trip.
 */
export function meanOpinionScore(figures: {
  readonly roundTripMs: number;
  readonly jitterMs: number;
  readonly lossPercent: number;
}): number {
  const delayMs = figures.roundTripMs / 2 + JITTER_BUFFER * figures.jitterMs + TERMINALS_MS;
  const delay = 0.024 * delayMs + 0.11 * Math.max(0, delayMs - DISTURBING_DELAY_MS);
  const loss = figures.lossPercent / (figures.lossPercent + LOSS_ROBUSTNESS);
  return scoreOf(DEFAULT_R - delay - EQUIPMENT_IMPAIRMENT - (95 - EQUIPMENT_IMPAIRMENT) * loss);
}

/** ITU-T G.107 Annex B. */
function scoreOf(r: number): number {
  if (r <= 0) return 1;
  return Math.max(1, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6); // the polynomial dips below 1 for small r
}

const LOSS_PERCENT = 3;
const DELAY_MS = 300;
const JITTER_MS = 40;
/** ITU-T G.107 Annex B: below it many users are dissatisfied. */
const POOR_SCORE = 3.6;

/** How a leg was between two samples. A leg on which nothing came has no loss: it may be on hold. */
export function qualityBetween(before: QualitySample, after: QualitySample): CallQuality {
  const received = after.packetsReceived - before.packetsReceived;
  const lost = Math.max(0, after.packetsLost - before.packetsLost);
  const lossPercent = received > 0 ? (100 * lost) / (received + lost) : 0;
  const sendingLossPercent = 100 * (after.fractionLost ?? 0);
  const roundTripMs = after.roundTripTime === null ? null : 1000 * after.roundTripTime;
  const jitterMs = 1000 * (after.jitter ?? 0);
  const score = meanOpinionScore({ roundTripMs: roundTripMs ?? 0, jitterMs, lossPercent });
  const figures = { roundTripMs, jitterMs, lossPercent, sendingLossPercent };
  return { ...figures, score, codec: after.codec, warning: warningOf({ ...figures, score }) };
}

/** What an agent may want to do something about; what the other side suffers comes first, nobody here hears that. */
function warningOf(quality: Omit<CallQuality, "codec" | "warning">): QualityWarning | null {
  if (quality.sendingLossPercent >= LOSS_PERCENT) return "sending-loss";
  if (quality.lossPercent >= LOSS_PERCENT) return "receiving-loss";
  if ((quality.roundTripMs ?? 0) >= DELAY_MS) return "delay";
  return quality.jitterMs >= JITTER_MS || quality.score < POOR_SCORE ? "jitter" : null;
}
