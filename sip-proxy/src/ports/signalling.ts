import type { AgentId, InteractionId, LegId, ReferralId } from "@legwork/shared/ids";
import type { Party } from "../domain/connected-party.js";
import type { EndCause } from "../domain/interaction-state.js";
import type { Route } from "../domain/outbound.js";

export interface Originate {
  readonly leg: LegId;
  readonly interaction: InteractionId;
  readonly to: { readonly agent: AgentId } | { readonly station: string } | { readonly route: Route };
  /** Shown to a called agent. */
  readonly caller: { readonly name: string; readonly number: string };
  /** Its agent has asked for this call, or had it already (SE-1): a station that can answers by itself. */
  readonly wanted: boolean;
}

/** The SIP legs, as the interactions use them. Nothing here throws or blocks; outcomes come back as events of the leg. */
export interface Signalling {
  /** INVITE to the agent's station, or through a trunk. */
  originate(call: Originate): void;
  /** 183 with our SDP on a leg that called us. */
  progress(leg: LegId): void;
  /** 200 on a leg that called us. */
  answer(leg: LegId): void;
  /** CANCEL, BYE or a final answer, whatever fits; also closes the leg's media. Idempotent. */
  end(leg: LegId, cause: EndCause): void;
  /** The interaction is over: what is left of its dialogs is ended. */
  closeInteraction(interaction: InteractionId): void;
  /** 202 to the REFER. */
  acceptReferral(referral: ReferralId): void;
  /** NOTIFY with a sipfrag; a final one (not 100) is answered before any BYE of the interaction goes out. */
  notifyReferrer(referral: ReferralId, status: number): void;
  /** AG-2: whom an agent's station speaks with on this leg; a telephone shows it. */
  connectedWith(leg: LegId, party: Party): void;
  /** SE-1: the agent's station is registered, whatever it is. */
  stationIsThere(agent: AgentId): boolean;
  /** SE-1: asks the other end whether it still knows the dialog. When it does not, `Conversations.dialogGone` is told, once. */
  probe(leg: LegId): Promise<"there" | "gone">;
  /** The far end of this leg is a browser. */
  isBrowser(leg: LegId): boolean;
  callIdOf(leg: LegId): string | null;
  focusUri(interaction: InteractionId): string;
}
