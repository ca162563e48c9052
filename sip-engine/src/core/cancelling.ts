import { cancelFor } from "../sip/compose.js";
import type { HeaderField } from "../sip/message.js";
import type { ClientRequest } from "./client-request.js";
import type { Context } from "./context.js";

/** Reason of the BYE that follows when a 2xx crossed our CANCEL. */
export const CANCEL_RACE = 'SIP;cause=200;text="ACK-BYE due to cancel race condition"';

/** Sends the CANCEL of an INVITE that has had a provisional response (RFC 3261 9.1). */
export function sendCancel(context: Context, one: ClientRequest, headers: readonly HeaderField[]): void {
  one.cancel = { stage: "sent" };
  const ignore = { responded: () => undefined, failed: () => undefined };
  context.transactions.client(cancelFor(one.request, headers), one.flow, ignore).start();
  one.transaction?.cancelSent();
}

/** Headers of an app's CANCEL that may go out with it; identity and Contact are the INVITE's business. */
export function cancelHeaders(headers: readonly HeaderField[]): HeaderField[] {
  const skip = new Set(["contact", "p-asserted-identity", "content-type"]);
  return headers.filter((header) => !skip.has(header.key));
}
