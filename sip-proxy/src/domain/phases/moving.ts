import type { ErrorCode } from "@legwork/shared/api";
import type { In, InteractionCommand, NoticeKind, Step } from "../interaction-state.js";
import { contactOf, endReferral, holdsAll, ownerStays, tell, to } from "./steps.js";

/** A consult on its way to a transfer or a conference: asked, its new plan not in force yet. */
type Moving = In<"asking" | "transferring" | "joining">;

/** The answer to who asked: to a REFER by exactly one final NOTIFY, and to the API. */
export const outcome = (s: Moving, done: true | ErrorCode): InteractionCommand[] => [
  ...endReferral(s.referral, done === true ? 200 : 503),
  done === true
    ? { type: "acceptRequest", request: s.request, when: "now" }
    : { type: "refuseRequest", request: s.request, why: done },
];

/** The consult as before; the owner is told. HO-2: who holds every line by its own key meanwhile talks with nobody. */
export const rollBack = (
  s: Moving,
  why: ErrorCode,
  notice: NoticeKind,
  ...first: readonly InteractionCommand[]
): Step =>
  to(
    {
      phase: "consulting",
      ...contactOf(s),
      owner: s.owner,
      consult: s.consult,
      stage: { kind: "answered", talk: { ...s.talk, held: s.talk.held || holdsAll(s) } },
      since: s.since,
    },
    ...first,
    ...outcome(s, why),
    ...ownerStays(s),
    tell(s.owner.agent, notice, s.consult.consulted),
  );
