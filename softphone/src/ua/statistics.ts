import type { QualitySample } from "../model/quality.js";

/** The parts of W3C WebRTC Statistics that are read here, by `type`. */
interface Report {
  readonly type: string;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly jitter?: number;
  readonly codecId?: string;
  readonly roundTripTime?: number;
  readonly fractionLost?: number;
  readonly nominated?: boolean;
  readonly currentRoundTripTime?: number;
  readonly mimeType?: string;
}

/** What a connection's statistics say of its sound; null before anything was received. */
export function sampleOf(stats: RTCStatsReport): QualitySample | null {
  const reports = [...(stats as ReadonlyMap<string, Report>).values()];
  const inbound = reports.find(({ type }) => type === "inbound-rtp");
  if (!inbound) return null;
  const remote = reports.find(({ type }) => type === "remote-inbound-rtp");
  const pair = reports.find(({ type, nominated }) => type === "candidate-pair" && nominated);
  const codec = (stats as ReadonlyMap<string, Report>).get(inbound.codecId ?? "");
  return {
    packetsReceived: inbound.packetsReceived ?? 0,
    packetsLost: inbound.packetsLost ?? 0,
    jitter: inbound.jitter ?? null,
    roundTripTime: remote?.roundTripTime ?? pair?.currentRoundTripTime ?? null,
    fractionLost: remote?.fractionLost ?? null,
    codec: codec?.mimeType?.replace(/^audio\//, "") ?? null,
  };
}
