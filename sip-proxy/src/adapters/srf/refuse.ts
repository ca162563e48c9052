import type { ErrorCode } from "@legwork/shared/api";
import { refusalWarning, statusOfRefusal } from "../../domain/sip-status.js";
import type { Log } from "../../ports/log.js";
import type { SrfResponse } from "./srf-api.js";

/** CO-11: SIP 403 with Warning 399, or what fits the reason better. `about`: for the log, and no number of anybody's in it. */
export function refuse(
  res: SrfResponse,
  why: ErrorCode,
  { domain, log }: { readonly domain: string; readonly log: Log },
  about: object,
): void {
  const { status, reason } = statusOfRefusal(why);
  log.info({ ...about, status, why }, "a request was refused");
  res.send(status, reason, { headers: { Warning: refusalWarning(domain, why) } });
}
