import type { ErrorCode } from "@legwork/shared/api";
import type { LegFailure } from "@legwork/shared/interaction";
import type { EndCause } from "./interaction-state.js";
import { REFUSALS } from "./refusals.js";

export interface SipStatus {
  readonly status: number;
  readonly reason: string;
}

/** The final answer to a leg that called us and is not let in, or did not get through. */
export function statusOfEnd(cause: EndCause): SipStatus {
  if (typeof cause === "object")
    return "refused" in cause ? statusOfRefusal(cause.refused) : statusOfFailure(cause.failed);
  switch (cause) {
    case "no-answer":
      return { status: 480, reason: "Temporarily Unavailable" };
    case "cancelled":
    case "answered-elsewhere":
    case "moved":
      return { status: 487, reason: "Request Terminated" };
    case "normal":
    case "transferred":
    case "joined":
    case "in-focus":
      return { status: 480, reason: "Temporarily Unavailable" };
  }
}

/** CO-11: 403 with a Warning says who may; 5xx says that it was not the asker's fault. */
export function statusOfRefusal(why: ErrorCode): SipStatus {
  switch (why) {
    case "hold-failed":
    case "media-failed":
    case "unavailable":
    case "too-many-calls":
      return { status: 503, reason: "Service Unavailable" };
    case "not-found":
    case "number-not-possible":
    case "no-trunk":
      return { status: 404, reason: "Not Found" };
    case "busy-with-request":
      return { status: 491, reason: "Request Pending" };
    case "target-not-reachable":
      return { status: 480, reason: "Temporarily Unavailable" };
    case "internal":
      return { status: 500, reason: "Server Internal Error" };
    default:
      return { status: 403, reason: "Forbidden" };
  }
}

/** What a leg that did not come in means to who waits for it. */
export function statusOfFailure(failure: LegFailure): SipStatus {
  switch (failure.kind) {
    case "declined":
      return { status: 603, reason: "Decline" };
    case "busy":
      return { status: 486, reason: "Busy Here" };
    case "no-answer":
    case "unreachable":
      return { status: 480, reason: "Temporarily Unavailable" };
    case "no-common-codec":
      return { status: 488, reason: "Not Acceptable Here" };
    case "internal":
      return { status: 500, reason: "Server Internal Error" };
  }
}

/** What a final answer of 300 or more to our INVITE means. */
export function failureOfStatus(status: number): LegFailure {
  switch (status) {
    case 486:
    case 600:
      return { kind: "busy" };
    case 408:
      return { kind: "no-answer" };
    case 401: // a trunk that does not take our credentials
    case 407:
    case 404:
    case 410:
    case 503:
      return { kind: "unreachable", why: "transport" };
    case 488:
    case 606:
      return { kind: "no-common-codec" };
    default:
      return { kind: "declined", status };
  }
}

/** CO-11: why a request was refused: the same stable code as in the API, then the words. */
export const refusalWarning = (host: string, why: ErrorCode): string => warning(host, `${why}: ${REFUSALS[why]}`);

/** RFC 3261 section 20.43: agent text of our own, code 399. Quotes and backslashes are escaped. */
export const warning = (host: string, text: string): string => `399 ${host} "${text.replace(/(["\\])/g, "\\$1")}"`;

/** A display name as a quoted string (RFC 3261 section 25.1), control characters left out. */
export const quoted = (name: string): string => `"${name.replace(/\p{Cc}/gu, "").replace(/(["\\])/g, "\\$1")}"`;

/** A number or name as the user of a SIP URI: `+` stays as it is (RFC 3261 section 25.1, RFC 3966). */
export const userPart = (user: string): string => encodeURIComponent(user).replace(/%2B/g, "+");

/** RFC 3261 section 21: the words of the statuses that a referrer is told (RFC 3515 section 2.4.5). */
const REASONS: Readonly<Record<number, string>> = {
  100: "Trying",
  200: "OK",
  480: "Temporarily Unavailable",
  486: "Busy Here",
  488: "Not Acceptable Here",
  500: "Server Internal Error",
  503: "Service Unavailable",
  603: "Decline",
};

export const statusLine = (status: number): string => `SIP/2.0 ${status} ${REASONS[status] ?? "Failed"}`;
