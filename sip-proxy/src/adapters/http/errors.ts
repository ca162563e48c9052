import type { ApiError, ErrorCode } from "@legwork/shared/api";
import type { RequestHandler, Response } from "express";
import { REFUSALS } from "../../domain/refusals.js";
import type { Log } from "../../ports/log.js";
import type { SignedIn } from "./sessions-http.js";

/** Longer than any path of ours. */
const MAX_PATH = 128;

/** Every refusal is logged (CO-11): who asked for what, and why not; nothing of what was sent along, like numbers. */
export const logRefusals =
  (log: Log): RequestHandler =>
  (req, res, next) => {
    const path = `${req.baseUrl}${req.path}`.slice(0, MAX_PATH);
    res.once("finish", () => {
      const code = res.locals["refused"] as ErrorCode | undefined;
      if (code === undefined) return;
      const agent = (req as Partial<SignedIn>).session?.agent.id;
      const command = agent && (res.locals["command"] as string | undefined);
      const context = { agent, method: req.method, path, ...(command && { command }), code };
      // Anybody can send what is refused without a session; a full disk is not what that is for.
      log[agent === undefined ? "debug" : "info"](context, "a request was refused");
    });
    next();
  };

const STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  "bad-request": 400,
  "number-not-possible": 400,
  "not-signed-in": 401,
  "bad-credentials": 401,
  csrf: 403,
  "not-owner": 403,
  "not-yours": 403,
  forbidden: 403,
  "calling-not-allowed": 403,
  "not-found": 404,
  "too-many-requests": 429,
  internal: 500,
  unavailable: 503,
};

/** The one shape of every error (`apiError`); codes that are not listed are conflicts with the present state. */
export function sendError(
  res: Response,
  code: ErrorCode,
  more: Partial<ApiError["error"]> = {},
  status?: number,
): void {
  res.locals["refused"] = code;
  const error: ApiError["error"] = { message: REFUSALS[code], ...more, code };
  res.status(status ?? STATUS[code] ?? 409).json({ error } satisfies ApiError);
}
