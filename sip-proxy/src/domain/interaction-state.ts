import type { AgentId, EntryPointId, LegId, QueueId, ReferralId, RequestId, SeatId } from "@legwork/shared/ids";
import type { ConsultTarget, LegFailure, TimerName } from "@legwork/shared/interaction";
import type { ErrorCode } from "@legwork/shared/api";

/** A leg as the interaction sees it. */
export interface Wire {
  readonly leg: LegId;
  /** The station at its far end has put it on hold by SDP. */
  readonly held: boolean;
  /** ICE and DTLS are up, or RTP or RTCP has come from it: ever, not now (CO-4). */
  readonly up: boolean;
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
}

/** The consulted party, and the owner's own dialog for the consult (B), null when the owner's station has one leg. */
export interface Consult {
  readonly target: ConsultTarget;
  /** Null while a queue looks for somebody. */
  readonly consulted: AgentSeat | null;
  readonly line: Wire | null;
  readonly since: number;
}

/** A consult whose target has answered. */
export type MetConsult = Consult & { readonly consulted: AgentSeat };

/** HO-3, HO-4: a hold is in force or it is not; on the way there it is neither. */
export type Hold =
  | { readonly kind: "none" }
  | { readonly kind: "starting"; readonly request: RequestId }
  | { readonly kind: "in-force" };

/** With whom the owner talks (CO-3). */
export type Active = "customer" | "consult" | "none";

export type Stage =
  /** The customer's hold is not in force yet: nobody is called (CO-2). */
  | { readonly kind: "holding"; readonly request: RequestId }
  /** In a queue: its music for the owner until an agent is found (CO-14). */
  | { readonly kind: "queued" }
  | { readonly kind: "ringing" }
  | { readonly kind: "answered"; readonly active: Active };

interface Contact {
  readonly queue: QueueId;
  readonly entryPoint: EntryPointId;
  readonly customer: CustomerSeat;
  /** When this phase began: milliseconds since 1970. */
  readonly since: number;
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
}

export type InteractionState =
  | ({ readonly phase: "waiting" } & Contact)
  | ({ readonly phase: "offered"; readonly offer: AgentSeat } & Contact)
  | ({ readonly phase: "connected"; readonly hold: Hold } & Owned)
  | ({ readonly phase: "consulting"; readonly stage: Stage } & Consulted)
  /** `heard`: the new plan is in force; what is missing is a sign of life from a leg (CO-4). */
  | ({ readonly phase: "transferring"; readonly heard: boolean } & Pending & Met)
  | ({ readonly phase: "joining" } & Pending & Met)
  | ({ readonly phase: "conference" } & Met)
  | { readonly phase: "ended" };

export type In<P extends InteractionState["phase"]> = Extract<InteractionState, { phase: P }>;

/** Why a leg of ours is ended; the SIP adapter turns it into a status or a Reason header. */
export type EndCause =
  | "normal"
  | "no-answer"
  | "cancelled"
  | "transferred"
  | "joined" // into the conference on the owner's other leg
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
  | "conference-failed"
  | "customer-left"
  | "became-owner";

/** Orders, carried out by the shell in this order. Stopping or ending twice does no harm. */
export type InteractionCommand =
  | {
      readonly type: "originateLeg";
      readonly leg: LegId;
      readonly agent: AgentId;
      /** Take the agent first (AG-3); a queue has done so already. */
      readonly reserve: boolean;
    }
  /** Early media on a leg that called us (183 with SDP). */
  | { readonly type: "progressLeg"; readonly leg: LegId }
  | { readonly type: "answerLeg"; readonly leg: LegId }
  | { readonly type: "endLeg"; readonly leg: LegId; readonly cause: EndCause }
  | { readonly type: "acceptRequest"; readonly request: RequestId; readonly when: "now" | "heard" }
  | { readonly type: "refuseRequest"; readonly request: RequestId; readonly why: ErrorCode }
  /** RFC 3515: the sipfrag status. The answer to the REFER itself goes out with the request's first command. */
  | { readonly type: "acceptReferral"; readonly referral: ReferralId }
  | { readonly type: "notifyReferrer"; readonly referral: ReferralId; readonly status: 100 | 200 | 503 }
  | { readonly type: "startTimer"; readonly timer: TimerName }
  | { readonly type: "stopTimer"; readonly timer: TimerName }
  | { readonly type: "enqueue"; readonly queue: QueueId }
  | { readonly type: "leaveQueue"; readonly queue: QueueId }
  | { readonly type: "engageAgent"; readonly agent: AgentId }
  | { readonly type: "releaseAgent"; readonly agent: AgentId; readonly how: Release }
  /** WU-2: a period of ownership begins or ends; the wrap-up follows from it. */
  | { readonly type: "ownershipBegan"; readonly agent: AgentId }
  | { readonly type: "ownershipEnded"; readonly agent: AgentId }
  | { readonly type: "notifyAgent"; readonly agent: AgentId; readonly kind: NoticeKind; readonly who: AgentId | null }
  /** Nothing is left to do: the shell forgets the interaction. */
  | { readonly type: "closeInteraction" };

export interface Step {
  readonly state: InteractionState;
  readonly commands: readonly InteractionCommand[];
}

/** Site policy, as far as an interaction is ruled by it. */
export interface InteractionPolicy {
  readonly consultEnd: "end-interaction" | "back-to-customer"; // CO-7
  readonly consultReturn: "automatic" | "stay-held"; // CO-9
}
