import type { AgentId, EntryPointId, LegId, QueueId, ReferralId, RequestId, SeatId } from "@legwork/shared/ids";
import type {
  ConsultTarget,
  DigitsAfterAnswer,
  InteractionPolicy,
  LegFailure,
  Outside,
  TimerName,
} from "@legwork/shared/interaction";
import type { ErrorCode } from "@legwork/shared/api";

export type { InteractionPolicy };

/** A leg as the interaction sees it. */
export interface Wire {
  readonly leg: LegId;
  /** The station at its far end has put it on hold by SDP. */
  readonly held: boolean;
  /** ICE and DTLS are up, or RTP or RTCP has come from it: ever, not now (CO-4). */
  readonly up: boolean;
  /** Gone without a word, and kept for a while (SE-1). */
  readonly lost: boolean;
}

export interface CustomerSeat {
  readonly seat: SeatId;
  readonly wire: Wire;
}

/** `wire` is the dialog the customer's call came to the agent on (A in the signal table), or the only one. */
export interface AgentSeat {
  readonly seat: SeatId;
  readonly agent: AgentId;
  readonly wire: Wire;
  /** SE-1: the leg on which a station that had gone is called back; null when none is. */
  readonly returning: LegId | null;
}

/** Who is reached through a trunk. No agent of ours: commands nothing, owns nothing, wraps up nothing. */
export interface OutsideSeat {
  readonly seat: SeatId;
  readonly outside: Outside;
  readonly wire: Wire;
}

/** Whom an owner may talk with beside the customer. */
export type PartySeat = AgentSeat | OutsideSeat;

/** Who somebody is, for texts. */
export type Who = { readonly agent: AgentId } | { readonly outside: Outside };

/** The consulted party, and the owner's own dialog for the consult (B), null when the owner's station has one leg. */
export interface Consult {
  readonly target: ConsultTarget;
  /** Null while a queue looks for somebody. */
  readonly consulted: PartySeat | null;
  readonly line: Wire | null;
  readonly since: number;
}

/** A consult whose target has answered. */
export type MetConsult = Consult & { readonly consulted: PartySeat };

/** HO-3, HO-4: a hold is in force or it is not; on the way there it is neither. */
export type Hold =
  | { readonly kind: "none" }
  | { readonly kind: "starting"; readonly request: RequestId }
  | { readonly kind: "in-force" };

/** With whom the owner talks in an answered consult (CO-3); `held`: both sides are on hold, and an un-hold on the owner's only leg goes back to that one. */
export interface Talk {
  readonly side: "customer" | "consult";
  readonly held: boolean;
}

/**
 * What a switch that was asked for has changed, until it is heard: put back when the media could not be switched, for what was refused changes
 * nothing (CO-11).
 */
export interface Undo {
  /** The leg whose own hold began or ended by it; null when none did. */
  readonly leg: LegId | null;
  /** The hold of the customer, or the talk, that it ended; null: it was about that leg alone. */
  readonly was: "hold" | Talk | null;
}

export type Stage =
  /** The customer's hold is not in force yet: nobody is called (CO-2). */
  | {
      readonly kind: "holding";
      readonly request: RequestId;
      /** Who had asked for that hold before the consult was asked for; null: nobody. */
      readonly hold: RequestId | null;
    }
  /** In a queue: its music for the owner until an agent is found (CO-14). */
  | { readonly kind: "queued" }
  | { readonly kind: "ringing" }
  | { readonly kind: "answered"; readonly talk: Talk };

interface Contact {
  /** The queue it came through, whose music is played; null for a call of ours (OB-1). */
  readonly queue: QueueId | null;
  readonly entryPoint: EntryPointId | null;
  readonly customer: CustomerSeat;
  /** When this phase began: milliseconds since 1970. */
  readonly since: number;
  /** Absent when no switch waits to be heard. */
  readonly undo?: Undo;
}
interface Queued extends Contact {
  readonly queue: QueueId;
}
interface Owned extends Contact {
  readonly owner: AgentSeat;
}
interface Consulted extends Owned {
  readonly consult: Consult;
}
interface Met extends Owned {
  readonly consult: MetConsult;
}
/** Asked by REFER or by API; the answer goes out when the new plan is in force, or failed. */
interface Pending {
  readonly request: RequestId;
  readonly referral: ReferralId | null;
  /** With whom the owner talked: what a roll-back goes back to. */
  readonly talk: Talk;
}

export type InteractionState =
  | ({ readonly phase: "waiting" } & Queued)
  | ({ readonly phase: "offered"; readonly offer: AgentSeat } & Queued)
  /** OB-1: `calling` the agent's own telephone first, or the number already. Nobody owns anything before the answer. */
  | ({
      readonly phase: "dialling";
      readonly caller: AgentSeat;
      readonly calling: "station" | "customer";
      readonly invited: boolean;
      readonly outside: Outside;
      readonly digits: DigitsAfterAnswer;
    } & Contact)
  | ({ readonly phase: "connected"; readonly hold: Hold } & Owned)
  | ({ readonly phase: "consulting"; readonly stage: Stage } & Consulted)
  /** CO-5: the consulted party's desktop is asked; the owner's wrap-up is open already. */
  | ({ readonly phase: "asking" } & Pending & Met)
  /** `heard`: the new plan is in force; what is missing is a sign of life from a leg (CO-4). `asked`: the owner's wrap-up is open already (CO-5). */
  | ({ readonly phase: "transferring"; readonly heard: boolean; readonly asked: boolean } & Pending & Met)
  /** BT-1: the target is called; `from` may have hung up already, and wraps up. */
  | ({
      readonly phase: "blind-transferring";
      readonly from: AgentSeat | null;
      readonly callee: PartySeat;
      readonly digits: DigitsAfterAnswer;
      readonly referral: ReferralId | null;
    } & Contact)
  /** `focus`: the owner's own dialog with the focus, which carries the conference once it is in force. */
  | ({ readonly phase: "joining"; readonly focus: Wire | null } & Pending & Met)
  | ({ readonly phase: "conference" } & Met)
  /** CO-4, CF-2: the customer and an outside party by themselves: nobody may command it, the first to hang up ends it. */
  | ({ readonly phase: "unowned"; readonly other: OutsideSeat } & Contact)
  | { readonly phase: "ended" };

export type In<P extends InteractionState["phase"]> = Extract<InteractionState, { phase: P }>;

/** Why a leg of ours is ended; the SIP adapter turns it into a status or a Reason header. */
export type EndCause =
  | "normal"
  | "no-answer"
  | "cancelled"
  | "transferred"
  | "joined" // into the conference on the owner's other leg
  | "in-focus" // the same on the owner's dialog with the focus, where the station may still refer it to (RFC 4579)
  | "moved" // to another leg of the same seat (RFC 3891)
  | "answered-elsewhere" // it came too late
  | { readonly refused: ErrorCode }
  | { readonly failed: LegFailure };

/** How an agent's part in an interaction ended, as far as the agent's own state goes (AG-1, AG-3). */
export type Release = "handled" | "consulted" | "not-answered" | "caller-gone";

export type NoticeKind =
  | "consult-declined"
  | "consult-busy"
  | "consult-no-answer"
  | "consult-unreachable"
  | "consult-left"
  | "transfer-failed"
  | "transfer-declined"
  | "conference-failed"
  | "customer-left"
  | "became-owner"
  | "outbound-declined"
  | "outbound-busy"
  | "outbound-no-answer"
  | "outbound-unreachable";

/** Orders, carried out by the shell in this order. Stopping or ending twice does no harm. */
export type InteractionCommand =
  | {
      readonly type: "originateLeg";
      readonly leg: LegId;
      readonly to: Who;
      /** Take the agent first (AG-3); a queue has done so already, and an outside party is nobody's to take. */
      readonly reserve: boolean;
      /** SE-1: the call is given back to a station that had lost it. */
      readonly rejoin: boolean;
      /** The agent has asked for this call at the desktop, or had it before: a station that can answers by itself. */
      readonly wanted: boolean;
    }
  /** DN-5: keys for the far end of a leg, `:` a pause of one second. */
  | { readonly type: "sendDigits"; readonly leg: LegId; readonly digits: DigitsAfterAnswer }
  /** Early media on a leg that called us (183 with SDP). */
  | { readonly type: "progressLeg"; readonly leg: LegId }
  | { readonly type: "answerLeg"; readonly leg: LegId }
  | { readonly type: "endLeg"; readonly leg: LegId; readonly cause: EndCause }
  | { readonly type: "acceptRequest"; readonly request: RequestId; readonly when: "now" | "heard" }
  | { readonly type: "refuseRequest"; readonly request: RequestId; readonly why: ErrorCode }
  /** RFC 3515: the sipfrag status. The answer to the REFER itself goes out with the request's first command. */
  | { readonly type: "acceptReferral"; readonly referral: ReferralId }
  | { readonly type: "notifyReferrer"; readonly referral: ReferralId; readonly status: number }
  | { readonly type: "startTimer"; readonly timer: TimerName }
  | { readonly type: "stopTimer"; readonly timer: TimerName }
  /** `front`: before all who wait (BT-1, SE-1); who is in the queue already keeps the place (QU-1). */
  | { readonly type: "enqueue"; readonly queue: QueueId; readonly front: boolean }
  | { readonly type: "leaveQueue"; readonly queue: QueueId }
  | { readonly type: "engageAgent"; readonly agent: AgentId }
  | { readonly type: "releaseAgent"; readonly agent: AgentId; readonly how: Release }
  /** WU-2: a period of ownership begins or ends; the wrap-up follows from it. */
  | { readonly type: "ownershipBegan"; readonly agent: AgentId }
  | { readonly type: "ownershipEnded"; readonly agent: AgentId }
  | { readonly type: "notifyAgent"; readonly agent: AgentId; readonly kind: NoticeKind; readonly who: Who | null }
  /** Nothing is left to do: the shell forgets the interaction. */
  | { readonly type: "closeInteraction" };

export interface Step {
  readonly state: InteractionState;
  readonly commands: readonly InteractionCommand[];
}
