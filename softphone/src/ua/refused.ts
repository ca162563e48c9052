import { CallPanelError } from "@legwork/shared/call-panel";
import type { IncomingResponse } from "sip.js/lib/core/index.js";
import { type Purpose, refusalCode } from "../model/refusal.js";

/** A final response of 300 and above to one of our requests. */
export class SipRefusal extends Error {
  constructor(
    readonly status: number,
    readonly reason: string,
    readonly warning: string | undefined,
  ) {
    super(`${status} ${reason}`);
    this.name = "SipRefusal";
  }

  static of({ message }: IncomingResponse): SipRefusal {
    return new SipRefusal(message.statusCode ?? 0, message.reasonPhrase ?? "", message.getHeader("Warning"));
  }
}

/** What the panel's user gets to see of a failed request. */
export function panelError(purpose: Purpose, error: unknown): CallPanelError {
  if (error instanceof CallPanelError) return error;
  if (error instanceof SipRefusal) {
    return new CallPanelError(refusalCode(purpose, error.status, error.warning), error.message);
  }
  return new CallPanelError("sip-failed", error instanceof Error ? error.message : String(error));
}
