import type { CdrRole } from "../protocol/notice.js";
import type { SipRequest, SipResponse } from "../sip/message.js";
import type { Context } from "./context.js";
import type { DialogRecord } from "./dialogs.js";
import type { ServerTransaction } from "./server-transaction.js";

// Call detail records: an attempt, a start and a stop for each call, with the message that caused them.

/** What an app sends: an attempt at a call, or the end of one, which is told once however often its BYE is sent. */
export function recordSent(context: Context, record: DialogRecord | null, request: SipRequest, text: string): void {
  const { courier } = context;
  if (record === null) {
    if (request.method === "INVITE") courier.cdr({ type: "attempt", source: "application" }, text);
  } else if (request.method === "BYE" && record.dialog.method === "INVITE" && !record.released) {
    record.released = true;
    courier.cdr({ type: "stop", source: "application", reason: "normal-release" }, text);
  }
}

/** The final response to an INVITE outside a dialog, sent by an app or by us for one. */
export function recordFinal(context: Context, invite: SipRequest, response: SipResponse, role: CdrRole): void {
  if (invite.method !== "INVITE") return;
  if (response.status < 300) return context.courier.cdr({ type: "start", source: "network", role }, response);
  const reason = response.status === 487 ? "call-canceled" : "call-rejected";
  context.courier.cdr({ type: "stop", source: "network", reason }, response);
}

/** A new call that we refuse on our own account. */
export function recordRefusal(context: Context, transaction: ServerTransaction, response: SipResponse): void {
  if (transaction.method !== "INVITE") return;
  context.courier.cdr({ type: "stop", source: "application", reason: "call-rejected" }, response);
}

/** A caller that gives up before the answer, by CANCEL or by BYE. */
export function recordCancel(context: Context, request: SipRequest): void {
  context.courier.cdr({ type: "stop", source: "network", reason: "call-canceled" }, request);
}
