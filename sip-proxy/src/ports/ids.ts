import type { InteractionId, LegId, ReferralId, RequestId, SeatId, WrapUpId } from "@legwork/shared/ids";

/** Makes ids nobody can guess or meet twice. */
export interface Ids {
  interaction(): InteractionId;
  seat(): SeatId;
  leg(): LegId;
  request(): RequestId;
  referral(): ReferralId;
  wrapUp(): WrapUpId;
  /** For credentials and cookies. */
  secret(): string;
}
