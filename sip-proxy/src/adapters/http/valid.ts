import type { Response } from "express";
import { z } from "zod";
import { sendError } from "./errors.js";

/** What was sent as the contract wants it; null when the request was answered with what is wrong with it. */
export function valid<S extends z.ZodType>(
  schema: S,
  sent: unknown,
  res: Response,
  refuse: (res: Response, error: z.ZodError) => void = inWords,
): z.output<S> | null {
  const parsed = schema.safeParse(sent);
  if (parsed.success) return parsed.data;
  refuse(res, parsed.error);
  return null;
}

const inWords = (res: Response, error: z.ZodError): void =>
  sendError(res, "bad-request", { message: z.prettifyError(error) });
