/**
 * The facts an interaction is made of. The shell creates them, gives them their time and every id they carry, appends them to the
 * interaction's event log, and only then acts on them: replaying the log through `decide` gives the same states.
 */
import type { AgentId, EntryPointId, LegId, QueueId, ReferralId, RequestId, SeatId } from "../ids/index.js";

/** Why a leg that was asked to come in did not. Closed, so that it can be a metric label and choose the answer to the other side. */
export type LegFailure =
  | { readonly kind: "declined"; readonly status: number } // 603, 403, 480 … by the person or their station
  | { readonly kind: "busy" } // 486, 600
  | { readonly kind: "no-answer" } // 408, or our own ring time-out
  | { readonly kind: "unreachable"; readonly why: "not-registered" | "agent-state" | "transport" } // AG-3, 503, 410
  | { readonly kind: "no-common-codec" } // 488
  | { readonly kind: "internal"; readonly message: string };

/** Somebody who is reached through a trunk only: a number, an expert (DF-4). */
export interface Outside {
  /** As it is dialled: E.164 with its plus, or a short number (DN-3, DN-4). */
  readonly number: string;
  /** An expert's name; null when only the number is known. */
  readonly name: string | null;
}

/** Digits sent after the answer, `:` a pause of one second (DN-5); empty for none. */
export type DigitsAfterAnswer = string;

/** Whom a consult or a blind transfer may go to. An entry point leads to the queue it is given with (CO-14). */
export type ConsultTarget =
  | { readonly kind: "agent"; readonly agent: AgentId }
  | { readonly kind: "queue"; readonly queue: QueueId }
  | { readonly kind: "entry-point"; readonly entryPoint: EntryPointId; readonly queue: QueueId }
  | { readonly kind: "outside"; readonly outside: Outside; readonly digits: DigitsAfterAnswer };

/** Something a person wants. It is answered exactly once, by `acceptRequest` or `refuseRequest`. */
export type Asked =
  | { readonly type: "holdRequested" }
  | { readonly type: "unholdRequested" }
  /**
   * The target's seat and leg are made by the shell; a queue brings those of the agent it finds with `offerStarted`. `line` is the owner's own
   * consult dialog, null when media is re-planned on one leg.
   */
  | {
      readonly type: "consultRequested";
      readonly target: ConsultTarget;
      readonly seat: SeatId;
      readonly leg: LegId;
      readonly line: LegId | null;
    }
  | { readonly type: "resumeRequested" }
  /**
   * `referral` is null when it was not asked by REFER. `askable`: the consulted party sits at a desktop that can be asked (CO-5); a desk phone and
   * an outside party cannot.
   */
  | { readonly type: "transferRequested"; readonly referral: ReferralId | null; readonly askable: boolean }
  /** CO-5: the answer of the consulted party's desktop. */
  | { readonly type: "transferAccepted" }
  | { readonly type: "transferDeclined" }
  /** BT-1. Seat and leg are made by the shell for an agent or an outside party; a queue brings those of the agent it finds. */
  | {
      readonly type: "blindTransferRequested";
      readonly target: ConsultTarget;
      readonly seat: SeatId;
      readonly leg: LegId;
      readonly referral: ReferralId | null;
    }
  /** `focus`: the owner's own dialog with the focus (RFC 4579), their INVITE with its media leg open; null when there is none. */
  | { readonly type: "conferenceRequested"; readonly referral: ReferralId | null; readonly focus: LegId | null }
  /**
   * RFC 3891: the asker's end of the call that has the leg `named`, on either side of us, goes on on `leg`: their INVITE, its media leg open.
   */
  | { readonly type: "handOffRequested"; readonly named: LegId; readonly leg: LegId }
  | { readonly type: "endConsultRequested" }
  | { readonly type: "backToCustomerRequested" }
  | { readonly type: "leaveRequested" }
  | { readonly type: "endRequested" }
  /** The station's own hold key (HO-2, HO-5): the direction in its offer changed. */
  | { readonly type: "legHeld"; readonly leg: LegId }
  | { readonly type: "legUnheld"; readonly leg: LegId };

/** `by` is null when the asker has no seat in the interaction any more. */
export type Request = Asked & { readonly request: RequestId; readonly by: SeatId | null };

export type TimerName = "ring" | "hold" | "no-answer" | "transfer-plan" | "transfer-up" | "transfer-answer" | "joining";

/** Site policy, as far as an interaction is ruled by it. */
export interface InteractionPolicy {
  readonly consultEnd: "end-interaction" | "back-to-customer"; // CO-7
  readonly consultReturn: "automatic" | "stay-held"; // CO-9
  readonly transferAccept: "automatic" | "ask"; // CO-5
  readonly seatLost: "queue" | "end"; // SE-1
}

/** The policy it is ruled by to its end, so that its log tells the same when the site's is another; absent in older logs. */
interface Ruled {
  readonly policy?: InteractionPolicy;
}

/** What happened by itself. A late report is ignored in silence. */
export type Report =
  | ({
      readonly type: "callArrived";
      readonly seat: SeatId;
      readonly leg: LegId;
      readonly number: string;
      readonly name: string;
      readonly entryPoint: EntryPointId;
      readonly queue: QueueId;
    } & Ruled)
  /**
   * OB-1: an agent, taken for this by the shell, calls a number. `station` is the agent's leg, `invited`: it is the agent's own INVITE; otherwise
   * the agent's telephone is called first.
   */
  | ({
      readonly type: "callPlaced";
      readonly seat: SeatId;
      readonly agent: AgentId;
      readonly station: LegId;
      readonly invited: boolean;
      readonly customerSeat: SeatId;
      readonly leg: LegId;
      readonly outside: Outside;
      readonly digits: DigitsAfterAnswer;
    } & Ruled)
  | { readonly type: "offerStarted"; readonly seat: SeatId; readonly agent: AgentId; readonly leg: LegId }
  | { readonly type: "legAnswered"; readonly leg: LegId }
  | { readonly type: "legFailed"; readonly leg: LegId; readonly failure: LegFailure }
  /** BYE, CANCEL, or a transport given up on. */
  | { readonly type: "legEnded"; readonly leg: LegId }
  /** SE-1: its page, network or telephone has gone without a word; `legUp` follows when it is back. */
  | { readonly type: "legLost"; readonly leg: LegId }
  /** SE-1: it was kept long enough. */
  | { readonly type: "legGivenUp"; readonly leg: LegId }
  /** SE-1: the station of a lost seat is there again; `leg` is the one to call it on. */
  | { readonly type: "stationReturned"; readonly seat: SeatId; readonly leg: LegId }
  /** ICE and DTLS are up, or RTP or RTCP came (CO-4). */
  | { readonly type: "legUp"; readonly leg: LegId }
  /** The plan of the present state is heard (HO-4). */
  | { readonly type: "mediaInForce" }
  | { readonly type: "mediaFailed" }
  | { readonly type: "timerFired"; readonly timer: TimerName }
  /** The log took this request after it had been refused for want of a log: nothing came of it. */
  | { readonly type: "requestVoided"; readonly request: RequestId };

/** `at`: milliseconds since 1970, made by the shell. */
export type InteractionEvent = (Request | Report) & { readonly at: number };
