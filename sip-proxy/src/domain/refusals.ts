import type { ErrorCode } from "@legwork/shared/api";

/** The text a refusal is explained with, to people who read logs and Warning headers. */
export const REFUSALS: Readonly<Record<ErrorCode, string>> = {
  "bad-request": "The request does not have the right form",
  "not-signed-in": "Sign in first",
  "bad-credentials": "Unknown agent or wrong password",
  csrf: "The X-CSRF-Token header is missing or wrong",
  "not-owner": "Only the owner of the interaction may do this",
  "not-yours": "You have no part in this",
  forbidden: "Your role does not allow this",
  "not-found": "There is no such thing, or not any more",
  "already-signed-in": "You are signed in somewhere else",
  "not-in-this-phase": "Not possible now",
  "target-not-answered": "The consulted party has not answered yet",
  "target-not-reachable": "The agent cannot be reached now",
  "in-conference": "Not possible from within a conference",
  "busy-with-request": "An earlier request is still being carried out",
  "hold-failed": "The customer could not be put on hold",
  "media-failed": "The audio could not be switched; everything is as before",
  "in-a-call": "Not possible during a call",
  "no-station": "The station is not registered",
  "already-submitted": "The wrap-up is already submitted",
  "too-many-requests": "Too many requests; wait a little",
  internal: "Something went wrong on the server",
  unavailable: "A part of the system is not available; try again",
};
