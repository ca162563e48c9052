import { parse, serialize } from "cookie";
import type { NextFunction, Request, Response } from "express";
import type { IncomingMessage } from "node:http";
import type { Session as SessionView } from "@legwork/shared/api";
import { AGE_MS } from "../../app/session-times.js";
import type { Session, Sessions } from "../../app/sessions.js";
import { sendError } from "./errors.js";

const COOKIE = "legwork";
/** The server ends sessions; the cookie outlives them, so that a page can be told why. */
const COOKIE_S = AGE_MS / 1000 + 86_400;

/** A request of a signed-in agent. */
export interface SignedIn extends Request {
  session: Session;
}

const tokenOf = (req: IncomingMessage): string => parse(req.headers.cookie ?? "")[COOKIE] ?? "";

export const sessionOf = (req: IncomingMessage, sessions: Sessions): Session | undefined => sessions.get(tokenOf(req));

/** 401 without a session, with the reason if there was one; 403 for a change without the session's CSRF token. */
export const requireSession =
  (sessions: Sessions) =>
  (req: Request, res: Response, next: NextFunction): void => {
    const session = sessionOf(req, sessions);
    const ended = sessions.endOf(tokenOf(req));
    if (!session) return sendError(res, "not-signed-in", ended && { ended });
    if (req.method !== "GET" && req.get("X-CSRF-Token") !== session.csrf) return sendError(res, "csrf");
    sessions.heard(session);
    (req as SignedIn).session = session;
    next();
  };

/** Never readable by a script, never sent from another site. */
export function setCookie(res: Response, session: Session | null, secure: boolean): void {
  const options = { httpOnly: true, sameSite: "strict", path: "/", secure } as const;
  const value = session?.token ?? "";
  res.append("Set-Cookie", serialize(COOKIE, value, { ...options, maxAge: session ? COOKIE_S : 0 }));
}

export const sessionView = (session: Session, domain: string): SessionView => ({
  agent: { id: session.agent.id, name: session.agent.name, role: session.agent.role },
  station: session.station,
  csrf: session.csrf,
  sip:
    session.station.kind === "browser"
      ? {
          uri: `sip:${session.agent.id}@${domain}`,
          username: session.agent.id,
          password: session.sipPassword,
          realm: domain,
          path: "/sip",
        }
      : null,
});
