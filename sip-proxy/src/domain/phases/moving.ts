import type { In, InteractionCommand, NoticeKind, Step } from "../interaction-state.js";
import { contactOf, tell, to } from "./steps.js";

/** A consult on its way to a transfer or a conference: asked, its new plan not in force yet. */
type Moving = In<"transferring" | "joining">;

/** The answer to who asked: to a REFER by exactly one final NOTIFY, and to the API. */
export const outcome = (s: Moving, done: boolean): InteractionCommand[] => [
  ...(s.referral ? [{ type: "notifyReferrer", referral: s.referral, status: done ? 200 : 503 } as const] : []),
  done
    ? { type: "acceptRequest", request: s.request, when: "now" }
    : { type: "refuseRequest", request: s.request, why: "media-failed" },
];

/** The consult as before, the customer still held; the owner is told. */
export const rollBack = (s: Moving, notice: NoticeKind, ...first: readonly InteractionCommand[]): Step =>
  to(
    {
      phase: "consulting",
      ...contactOf(s),
      owner: s.owner,
      consult: s.consult,
      stage: { kind: "answered", active: "consult" },
      since: s.since,
    },
    ...first,
    ...outcome(s, false),
    tell(s.owner.agent, notice, s.consult.consulted.agent),
  );
