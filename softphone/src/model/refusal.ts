import type { ErrorCode } from "@legwork/shared/api";

export type PanelErrorCode = ErrorCode | "no-microphone" | "sip-failed" | "offline";

/** What a SIP request was for: the same status means different things. */
export type Purpose = "hold" | "unhold" | "invite" | "refer";

/** Complete by type: a code that is new in the API has to be named here. */
const API_CODES: Readonly<Record<ErrorCode, true>> = {
  "bad-request": true,
  "not-signed-in": true,
  "bad-credentials": true,
  csrf: true,
  "not-owner": true,
  "not-yours": true,
  forbidden: true,
  "not-found": true,
  "already-signed-in": true,
  "not-in-this-phase": true,
  "target-not-answered": true,
  "target-not-reachable": true,
  "in-conference": true,
  "busy-with-request": true,
  "hold-failed": true,
  "media-failed": true,
  "held-at-phone": true,
  "in-a-call": true,
  "no-station": true,
  "transfer-declined": true,
  "number-not-possible": true,
  "calling-not-allowed": true,
  "too-many-calls": true,
  "no-trunk": true,
  "already-submitted": true,
  "too-many-requests": true,
  internal: true,
  unavailable: true,
};
const isErrorCode = (text: string): text is ErrorCode => Object.hasOwn(API_CODES, text);

/** RFC 3261 20.43: `399 host "code: sentence"`, perhaps after other warnings. */
const OWN_WARNING = /(?:^|,)\s*399\s+\S+\s+"([a-z]+(?:-[a-z]+)*):/;

/** The error code of a refused SIP request: the server's own code from `Warning: 399` (CO-11), else by status. */
export function refusalCode(purpose: Purpose, status: number, warning: string | undefined): PanelErrorCode {
  const named = OWN_WARNING.exec(warning ?? "")?.[1];
  if (named && isErrorCode(named)) return named;
  if (purpose === "hold") return "hold-failed";
  if (purpose === "invite") return inviteRefusal(status);
  if (status === 403) return "not-owner";
  if (status === 408 || status === 480 || status === 503) return "unavailable";
  return purpose === "refer" ? "media-failed" : "sip-failed";
}

function inviteRefusal(status: number): PanelErrorCode {
  switch (status) {
    case 403:
      return "not-owner";
    case 491:
      return "busy-with-request";
    case 404:
    case 408:
    case 480:
    case 486:
    case 487:
    case 600:
    case 603:
    case 604:
      return "target-not-reachable";
    default:
      return status >= 500 ? "unavailable" : "sip-failed";
  }
}
