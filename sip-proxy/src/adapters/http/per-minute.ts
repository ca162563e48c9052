import type { RequestHandler } from "express";
import { rateLimit } from "express-rate-limit";
import { sendError } from "./errors.js";

/** At most so many requests a minute from one address. */
export const perMinute = (limit: number): RequestHandler =>
  rateLimit({
    windowMs: 60_000,
    limit,
    standardHeaders: true,
    legacyHeaders: false,
    // Anybody may send X-Forwarded-For; that it is there says nothing about how we are set up.
    validate: { xForwardedForHeader: false },
    handler: (_req, res) => sendError(res, "too-many-requests"),
  });
