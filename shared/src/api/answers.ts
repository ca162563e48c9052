/** What every route may answer with: errors by their codes, and "done". */
import { z } from "zod";

/** Stable codes: a client decides by them, and shows a text of its own. */
export const errorCode = z.enum([
  "bad-request", // 400: the body does not fit the schema
  "not-signed-in", // 401
  "bad-credentials", // 401: unknown agent or wrong password, on purpose not told apart
  "csrf", // 403: the X-CSRF-Token header is missing or wrong
  "not-owner", // 403: CO-1, CO-11: only the owner may do this
  "not-yours", // 403: the agent has no seat in this interaction
  "forbidden", // 403: the agent's role does not allow it
  "not-found", // 404
  "already-signed-in", // 409: this agent has a desktop open elsewhere; send takeOver: true to move here
  "not-in-this-phase", // 409: not possible in the interaction's present phase
  "target-not-answered", // 409: the consulted party has not answered yet (DF-6)
  "target-not-reachable", // 409: AG-3
  "in-conference", // 409: CO-1: no consult from within a conference
  "busy-with-request", // 409: an earlier request of this interaction is still being carried out
  "hold-failed", // 409: the customer could not be put on hold, so nothing was done (CO-2)
  "media-failed", // 409: the new media plan did not come in force; everything is as before
  "held-at-phone", // 409: the agent's own telephone holds the line by its own key; only that key takes it off hold (HO-2)
  "in-a-call", // 409: not while the agent has a call (sign-out, state change)
  "no-station", // 409: the agent's station is not registered
  "transfer-declined", // 409: the consulted party's desktop said no, or nothing (CO-5)
  "number-not-possible", // 400: DN-1 to DN-4; ask GET /api/directory/number what is wrong
  "calling-not-allowed", // 403: this site does not let agents call this number (TK-1)
  "too-many-calls", // 409: a limit of the trunk or of the agent (TK-1)
  "no-trunk", // 409: no trunk takes this number
  "already-submitted", // 409: the wrap-up is done
  "too-many-requests", // 429
  "internal", // 500
  "unavailable", // 503: a part of the system is not there; try again
]);
export type ErrorCode = z.infer<typeof errorCode>;

/** Something wrong with what was sent, and where it is: keys and positions from the outside in. */
export const mistake = z.object({ path: z.array(z.union([z.string(), z.number()])), message: z.string() });
export type Mistake = z.infer<typeof mistake>;

/** Why the session that a request was sent with is no more. */
export const sessionEnd = z.enum([
  "signed-out", // by the agent
  "taken-over", // the agent signed in elsewhere, with takeOver
  "idle", // nothing was heard from the page for too long
  "expired", // signed in for too long: sign in again
  "disabled", // the rest by an administrator (DI-1): the agent may not sign in
  "removed", // there is no such agent any more
  "password-changed",
  "station-changed", // the extension the agent was signed in with is theirs no more
]);
export type SessionEnd = z.infer<typeof sessionEnd>;

export const apiError = z.object({
  error: z.object({
    code: errorCode,
    message: z.string(),
    /** All that is wrong, with `bad-request` in the administration (DI-1). */
    mistakes: z.array(mistake).optional(),
    /** With `not-signed-in`: why, when the cookie is that of a session that has ended, and the server still knows. */
    ended: sessionEnd.optional(),
  }),
});
export type ApiError = z.infer<typeof apiError>;

/** A change that was done, and has nothing more to say. */
export const done = z.object({ ok: z.literal(true) });
