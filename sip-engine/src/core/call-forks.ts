import { contactUri, uacDialog } from "../dialog/dialog.js";
import type { ResponseEnvelope } from "../sip/envelope.js";
import type { SipResponse } from "../sip/message.js";
import type { ClientRequest } from "./client-request.js";
import { sequenceOf } from "./client-request.js";
import type { Context } from "./context.js";
import { calleePath } from "./dialog-path.js";
import { DialogRecord } from "./dialogs.js";
import type { UnackedAnswer } from "./dialogs.js";
import { releaseDialog, repeatAck, sendAck } from "./dialog-requests.js";
import type { Flow } from "./ports.js";

/** The early dialog of a tagged provisional response (RFC 3261 12.1.2). */
export function earlyFork(
  context: Context,
  one: ClientRequest,
  response: ResponseEnvelope,
  from: Flow,
): DialogRecord | null {
  if (response.toTag === "") return null;
  const known = one.forks.get(response.toTag);
  if (known !== undefined) return known;
  const dialog = uacDialog(one.request, response.message);
  if (dialog === null) return null;
  const record = new DialogRecord(dialog, one.app, calleePath(context, response.message, from));
  one.forks.set(response.toTag, record);
  context.dialogs.add(record);
  return record;
}

/** The confirmed dialog of a 2xx: route set and target are computed anew from it (RFC 3261 13.2.2.4). */
export function confirmFork(
  context: Context,
  one: ClientRequest,
  response: ResponseEnvelope,
  from: Flow,
): DialogRecord | null {
  for (const [tag, fork] of one.forks) if (tag !== response.toTag) context.dialogs.end(fork);
  const dialog = uacDialog(one.request, response.message);
  if (dialog === null) return null;
  const { callId, localTag, remoteTag } = dialog;
  const early = one.forks.get(response.toTag) ?? context.dialogs.byTags(callId, localTag, remoteTag);
  const flow = calleePath(context, response.message, from);
  const record = early ?? new DialogRecord(dialog, one.app, flow);
  // Requests sent in the early dialog (PRACK, UPDATE) have used up sequence numbers already.
  const localSeq = Math.max(record.dialog.localSeq, dialog.localSeq);
  record.dialog = { ...dialog, localSeq, remoteSeq: record.dialog.remoteSeq };
  record.flow = flow;
  record.stage = "confirmed";
  one.forks.set(response.toTag, record);
  context.dialogs.add(record);
  return record;
}

/** What has to be known when a 2xx to an INVITE is acknowledged. */
export function unackedAnswer(context: Context, one: ClientRequest, response: SipResponse): UnackedAnswer {
  const { ackCredentials, noContact } = context.options.behaviour;
  const credentials = one.request.headers.filter(({ key }) => key === "authorization" || key === "proxy-authorization");
  const unusable = noContact === "hung-up" && one.record === null && contactUri(response) === null;
  return {
    cseq: sequenceOf(one.request),
    reinvite: one.record !== null,
    credentials: ackCredentials === "repeated" ? credentials : [],
    // RFC 3261 14.1: a re-INVITE that is accepted before its CANCEL has changed the session, and the call goes on.
    release: one.record === null && one.cancel.stage !== "none" ? "cancelled" : unusable ? "no-contact" : null,
  };
}

/** A further 2xx to an INVITE: a retransmission wants our ACK again, another fork is not wanted at all. */
export function furtherAnswer(context: Context, one: ClientRequest, response: ResponseEnvelope, from: Flow): void {
  const record = one.record ?? one.forks.get(response.toTag);
  if (record !== undefined && (one.record !== null || record.stage === "confirmed")) {
    repeatAck(context, record, response.cseq, from);
    return;
  }
  if (context.options.behaviour.secondFork === "first-ack-again") {
    for (const fork of one.forks.values()) repeatAck(context, fork, response.cseq, from);
    return;
  }
  // RFC 3261 13.2.2.4: the second callee is acknowledged and hung up on.
  const dialog = uacDialog(one.request, response.message);
  if (dialog === null) return;
  const fork = new DialogRecord(dialog, one.app, calleePath(context, response.message, from) ?? from);
  one.forks.set(response.toTag, fork);
  fork.stage = "confirmed";
  sendAck(context, fork, unackedAnswer(context, one, response.message), null, fork.flow ?? from);
  releaseDialog(context, fork, 'SIP;cause=200;text="Call completed elsewhere"', false);
}

/** No answer comes any more: the early dialogs are over. */
export function endForks(context: Context, one: ClientRequest): void {
  for (const fork of one.forks.values()) context.dialogs.end(fork);
  one.forks.clear();
}
