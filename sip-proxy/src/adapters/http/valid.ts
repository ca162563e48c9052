import type { Response } from "express";
import { z } from "zod";
import { sendError } from "./errors.js";

/** What was sent as the contract wants it; null when the request was answered with what is wrong with it. */
export function valid<S extends z.ZodType>(schema: S, sent: unknown, res: Response): z.output<S> | null {
  const parsed = schema.safeParse(sent);
  if (parsed.success) return parsed.data;
  sendError(res, "bad-request", { message: z.prettifyError(parsed.error) });
  return null;
}
