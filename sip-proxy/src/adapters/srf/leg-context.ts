import type { LegId } from "@legwork/shared/ids";
import type { LegFailure } from "@legwork/shared/interaction";
import type { Party } from "../../domain/connected-party.js";
import type { Log } from "../../ports/log.js";
import type { Media } from "../../ports/media.js";
import type { OutgoingInvite } from "./outgoing-invite.js";
import type { SipLeg } from "./sip-leg.js";
import type { Headers, SrfApi, SrfDialog, SrfRequest, SrfResponse } from "./srf-api.js";

/** What a leg tells the interactions. */
export interface LegEvents {
  answered(leg: LegId): void;
  /** CO-4: no sign of life is to be waited for. */
  up(leg: LegId): void;
  failed(leg: LegId, failure: LegFailure): void;
  ended(leg: LegId): void;
  /** The dialog is there: in-dialog requests are listened to from this moment on. */
  established(leg: SipLeg, dialog: SrfDialog): void;
  /** The other end does not know the dialog any more. */
  gone(leg: LegId): void;
  over(leg: SipLeg): void;
}

export interface LegContext {
  readonly srf: SrfApi;
  readonly media: Media;
  readonly events: LegEvents;
  readonly domain: string;
  readonly log: Log;
}

export type LegState =
  | { readonly kind: "inviting"; readonly invite: OutgoingInvite | null } // null until there is an offer
  | { readonly kind: "invited"; readonly req: SrfRequest; readonly res: SrfResponse; readonly answer: string }
  | { readonly kind: "established"; readonly dialog: SrfDialog }
  /** Its party is in the conference on another leg: kept a moment for a REFER to the focus (RFC 4579 section 5.6). */
  | { readonly kind: "lingering"; readonly dialog: SrfDialog; readonly timer: NodeJS.Timeout }
  | { readonly kind: "over" };

export const ALLOW = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, NOTIFY, REFER, UPDATE";

/** Whom to call, and what the INVITE says. */
export interface CallOut {
  readonly uri: string;
  /** Next hop; null: where the URI leads. */
  readonly proxy: string | null;
  readonly headers: Headers;
  /** Whom a station's display names by it; null: it is no station of ours. */
  readonly shown: Party | null;
  /** There is nothing where it leads, or nothing that says a word: what to call instead; null: nothing. */
  instead?(why: "gone" | "silent"): CallOut | null;
  /** RFC 4028. */
  readonly sessionTimer: boolean;
  /** For challenges; null: none are answered. */
  readonly auth: { readonly username: string; readonly password: string } | null;
}

/** One leg as it is made. */
export interface NewLeg {
  readonly id: LegId;
  readonly interaction: SipLeg["interaction"];
  readonly transport: "webrtc" | "rtp";
  /** The station's account; null: it is no station of ours. */
  readonly account: string | null;
  /** The call is the station's own, though we may have sent the INVITE. */
  readonly initiator: boolean;
  /** RFC 4579: the dialog is with the focus of its interaction, and says so. */
  readonly focus?: boolean;
}
