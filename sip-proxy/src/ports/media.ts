import type { InteractionId, LegId } from "@legwork/shared/ids";
import type { ControlError, ControlEvent } from "@legwork/shared/control";
import type { LegPlan } from "@legwork/shared/media";

/** What came of a request to the media-server. `unreachable`: it is not connected, or did not answer in time. */
export type MediaOutcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: ControlError["code"] | "unreachable"; readonly message: string };

export type Direction = "sendrecv" | "sendonly" | "recvonly" | "inactive";

/** The media-server, as sip-proxy uses it. Failures are values; nothing here throws. */
export interface Media {
  openLeg(leg: LegId, interaction: InteractionId, transport: "webrtc" | "rtp"): Promise<MediaOutcome<null>>;
  /** Opened here and not closed yet: such a leg may stand in a plan. */
  isOpen(leg: LegId): boolean;
  setRemoteOffer(leg: LegId, sdp: string): Promise<MediaOutcome<{ sdp: string; remoteDirection: Direction }>>;
  createOffer(leg: LegId): Promise<MediaOutcome<{ sdp: string }>>;
  setRemoteAnswer(leg: LegId, sdp: string): Promise<MediaOutcome<{ remoteDirection: Direction }>>;
  rollback(leg: LegId): Promise<MediaOutcome<null>>;
  closeLeg(leg: LegId): void;
  applyPlan(interaction: InteractionId, revision: number, plan: LegPlan): Promise<MediaOutcome<null>>;
  sendDtmf(leg: LegId, digits: string): Promise<MediaOutcome<null>>;
  closeInteraction(interaction: InteractionId): void;
  dump(): Promise<MediaOutcome<object>>;
}

/** What the media-server says unasked, and that it came back: every plan is to be sent again. */
export type MediaNews = ControlEvent | { readonly event: "reconnected"; readonly sameInstance: boolean };
