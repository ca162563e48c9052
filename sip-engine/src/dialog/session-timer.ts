import { hasToken } from "../sip/headers.js";
import { headerValue, headerValues } from "../sip/message.js";
import type { SipMessage, SipRequest, SipResponse } from "../sip/message.js";

/** Shortest session interval accepted, seconds (RFC 4028 5). */
export const MIN_SE = 90;

/** A Session-Expires value: seconds and who is to refresh, if said. */
export interface SessionExpires {
  readonly seconds: number;
  readonly refresher: "uac" | "uas" | null;
}

/** What a dialog has agreed on. `weRefresh` is about our side, whatever role it has in a transaction. */
export interface Session {
  readonly seconds: number;
  readonly weRefresh: boolean;
}

/** Reads the Session-Expires header; null when absent or unreadable. */
export function sessionExpires(message: SipMessage): SessionExpires | null {
  const match = /^(\d{1,9})\s*(;.*)?$/.exec(headerValue(message, "session-expires") ?? "");
  if (match === null) return null;
  const refresher = /;\s*refresher\s*=\s*(uac|uas)\b/i.exec(match[2] ?? "")?.[1]?.toLowerCase();
  return { seconds: Number(match[1]), refresher: refresher === "uac" || refresher === "uas" ? refresher : null };
}

/** True for a refresh inside a dialog that wants a shorter interval than allowed: answered 422 (RFC 4028 6). */
export function tooSmall(request: SipRequest): boolean {
  const wanted = sessionExpires(request);
  return wanted !== null && wanted.seconds < MIN_SE;
}

/** What our 2xx says and agrees to. `header` is null when the app wrote its own, or there is no timer. */
export interface SessionAnswer {
  readonly session: Session | null;
  readonly header: string | null;
  /** RFC 4028 9: who is to refresh must know that it must. */
  readonly requireTimer: boolean;
}

/** How closely a session timer follows the RFC. */
export interface SessionRules {
  readonly timerRequired: "stated" | "unstated";
  readonly sessionExpiry: "ahead" | "on-time";
}

/** The session timer of a 2xx we send (RFC 4028 9): the app's header, else the caller's wish, else our default. */
export function answerSession(
  request: SipRequest,
  response: SipResponse,
  defaultRefresher: "uac" | "uas" | "none",
  rules: SessionRules,
): SessionAnswer {
  const own = sessionExpires(response);
  if (own !== null) {
    return { session: { seconds: own.seconds, weRefresh: own.refresher === "uas" }, header: null, requireTimer: false };
  }
  const wanted = sessionExpires(request);
  const refresher = wanted?.refresher ?? (defaultRefresher === "none" ? null : defaultRefresher);
  if (wanted === null || refresher === null) return { session: null, header: null, requireTimer: false };
  const seconds = Math.max(MIN_SE, wanted.seconds);
  return {
    session: { seconds, weRefresh: refresher === "uas" },
    header: `${seconds};refresher=${refresher}`,
    requireTimer:
      rules.timerRequired === "stated" && refresher === "uac" && hasToken(headerValues(request, "supported"), "timer"),
  };
}

/** The session timer a 2xx to our request sets (RFC 4028 7.2). */
export function agreedSession(response: SipResponse): Session | null {
  const agreed = sessionExpires(response);
  return agreed === null ? null : { seconds: agreed.seconds, weRefresh: agreed.refresher !== "uas" };
}

/** When the side that refreshes does so: at half the interval (RFC 4028 7.2). Milliseconds. */
export function refreshAfter(session: Session): number {
  return session.seconds * 500;
}

/** When a session whose peer is to refresh is given up: a little before it expires (RFC 4028 10). Milliseconds. */
export function expireAfter(session: Session, rules: SessionRules): number {
  const ahead = rules.sessionExpiry === "ahead" ? Math.min(32, session.seconds / 3) : 0;
  return (session.seconds - ahead) * 1000;
}
