/** Why a call is likely to sound bad: the figure that is worst for the conversation. */
export type QualityWarning = "sending-loss" | "receiving-loss" | "delay" | "jitter";

/** How one call of this browser was in the last two seconds. */
export interface CallQuality {
  /** Null while nobody has told. */
  readonly roundTripMs: number | null;
  readonly jitterMs: number;
  /** Of the packets that should have come, 0 to 100. */
  readonly lossPercent: number;
  /** Of the packets sent from here, as the other side reports them. */
  readonly sendingLossPercent: number;
  /** Estimated mean opinion score (ITU-T G.107, simplified) of what is heard here, 1 to 4.5. */
  readonly score: number;
  readonly codec: string | null;
  readonly warning: QualityWarning | null;
}
