import type { ApiError, ErrorCode } from "@legwork/shared/api";
import type { Response } from "express";
import { REFUSALS } from "../../domain/refusals.js";

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
  const error: ApiError["error"] = { message: REFUSALS[code], ...more, code };
  res.status(status ?? STATUS[code] ?? 409).json({ error } satisfies ApiError);
}
