import type { ErrorCode } from "@legwork/shared/api";

export type PanelErrorCode = ErrorCode | "no-microphone" | "sip-failed" | "offline";

/** What a SIP request was for: the same status means different things. */
export type Purpose = "hold" | "unhold" | "invite" | "refer";

const CODES_IN_WARNINGS: readonly ErrorCode[] = [
  "not-owner",
  "not-yours",
  "not-found",
  "forbidden",
  "not-in-this-phase",
  "target-not-answered",
  "target-not-reachable",
  "in-conference",
  "busy-with-request",
  "hold-failed",
  "media-failed",
  "no-station",
  "unavailable",
];

/** The error code of a refused SIP request: the server's own code from `Warning: 399` (CO-11), else by status. */
export function refusalCode(purpose: Purpose, status: number, warning: string | undefined): PanelErrorCode {
  const words = new Set(warning?.match(/[a-z]+(?:-[a-z]+)*/g));
  const named = CODES_IN_WARNINGS.find((code) => words.has(code));
  if (named) return named;
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
