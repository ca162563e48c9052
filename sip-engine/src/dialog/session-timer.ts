import { hasToken } from "../sip/headers.js";
import { headerValue, headerValues } from "../sip/message.js";
import type { SipMessage, SipRequest, SipResponse } from "../sip/message.js";

/** Longest wait for a refresh of ours, seconds, however long the session may last. */
const LONGEST_WAIT = 43_200;

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
export function tooSmall(request: SipRequest, minSe: number): boolean {
  const wanted = sessionExpires(request);
  return wanted !== null && wanted.seconds < minSe;
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

/** What an operator says of session timers. */
export interface SessionChoices {
  /** Who refreshes when a request offers a session timer without naming one. */
  readonly defaultRefresher: "uac" | "uas" | "none";
  /** Shortest session interval, seconds: none is agreed on that is shorter (RFC 4028 5). */
  readonly minSe: number;
}

/** The session timer of a 2xx we send (RFC 4028 9): the app's header, else the caller's wish, else our default. */
export function answerSession(
  request: SipRequest,
  response: SipResponse,
  { defaultRefresher, minSe }: SessionChoices,
  rules: SessionRules,
): SessionAnswer {
  const own = sessionExpires(response);
  if (own !== null) {
    const session = { seconds: Math.max(minSe, own.seconds), weRefresh: own.refresher === "uas" };
    return { session, header: null, requireTimer: false };
  }
  const wanted = sessionExpires(request);
  const refresher = wanted?.refresher ?? (defaultRefresher === "none" ? null : defaultRefresher);
  if (wanted === null || refresher === null) return { session: null, header: null, requireTimer: false };
  const seconds = Math.max(minSe, wanted.seconds);
  return {
    session: { seconds, weRefresh: refresher === "uas" },
    header: `${seconds};refresher=${refresher}`,
    requireTimer:
      rules.timerRequired === "stated" && refresher === "uac" && hasToken(headerValues(request, "supported"), "timer"),
  };
}

/** The session timer a 2xx to our request sets (RFC 4028 7.2). A peer that names less than the minimum gets the minimum. */
export function agreedSession(response: SipResponse, minSe: number): Session | null {
  const agreed = sessionExpires(response);
  if (agreed === null) return null;
  return { seconds: Math.max(minSe, agreed.seconds), weRefresh: agreed.refresher !== "uas" };
}

/** The interval a 422 asks for, seconds (RFC 4028 7.3); null when it names none. */
export function demandedInterval(response: SipResponse): number | null {
  const header = headerValue(response, "min-se") ?? "";
  return /^\d{1,9}\b/.test(header) ? Number.parseInt(header, 10) : null;
}

/** When the side that refreshes does so: at half the interval (RFC 4028 7.2), or after half a day. Milliseconds. */
export function refreshAfter(session: Session): number {
  return Math.min(session.seconds / 2, LONGEST_WAIT) * 1000;
}

/** When a session whose peer is to refresh is given up: a little before it expires (RFC 4028 10). Milliseconds. */
export function expireAfter(session: Session, rules: SessionRules): number {
  const ahead = rules.sessionExpiry === "ahead" ? Math.min(32, session.seconds / 3) : 0;
  return (session.seconds - ahead) * 1000;
}
