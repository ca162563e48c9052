import { nextSequence, pathOf } from "../dialog/dialog.js";
import { field, headerValue, serialise } from "../sip/message.js";
import type { HeaderField, SipMessage, SipRequest } from "../sip/message.js";
import { formatNameAddr, parseNameAddr, withTag } from "../sip/name-addr.js";
import type { CdrStop } from "../protocol/notice.js";
import type { Context } from "./context.js";
import type { DialogRecord, UnackedAnswer } from "./dialogs.js";
import { appHeaders, localise, ownVia } from "./outgoing.js";
import type { Flow } from "./ports.js";
import { routeIn, whenRouted } from "./routing.js";

const EMPTY: SipRequest = { kind: "request", method: "", uri: "", headers: [], body: "" };
/** Methods whose Contact makes or refreshes a target, so one is added when the app gives none. */
const WITH_CONTACT = new Set(["INVITE", "SUBSCRIBE", "REFER"]);

/** Keeps the session description of a message of ours that is in force. */
export function keepSdp(record: DialogRecord, message: SipMessage): void {
  if (message.body.startsWith("v=0")) record.localSdp = message.body;
}

/** True for a dialog in which requests may be sent and received: confirmed, or early and known to both sides. */
export function isUsable(context: Context, record: DialogRecord): boolean {
  return record.stage === "confirmed" || record.reliable || context.options.behaviour.earlyDialogs === "tagged";
}

/** Writes a request inside a dialog with the next CSeq, which is thereby used up. */
export function composeInDialog(
  context: Context,
  record: DialogRecord,
  method: string,
  message: SipRequest | null,
  flow: Flow,
): SipRequest {
  record.dialog = nextSequence(record.dialog);
  return write(context, record, method, record.dialog.localSeq, message ?? { ...EMPTY, method }, flow);
}

/** Writes the ACK to a 2xx: the CSeq number is that of the INVITE it acknowledges (RFC 3261 13.2.2.4). */
function composeAck(
  context: Context,
  record: DialogRecord,
  answer: UnackedAnswer,
  message: SipRequest | null,
  flow: Flow,
): SipRequest {
  const latest = answer.reinvite && context.options.behaviour.reinviteAck === "latest-number";
  const cseq = latest ? record.dialog.localSeq : answer.cseq;
  const ack = write(context, record, "ACK", cseq, message ?? { ...EMPTY, method: "ACK" }, flow);
  return { ...ack, headers: [...ack.headers, ...answer.credentials] };
}

function write(
  context: Context,
  record: DialogRecord,
  method: string,
  cseq: number,
  message: SipRequest,
  flow: Flow,
): SipRequest {
  const { dialog } = record;
  const { behaviour } = context.options;
  const path = pathOf(dialog);
  const own = appHeaders(message, flow, context.options.preservedHeaders);
  // What an INVITE or UPDATE offers holds from its 2xx on.
  if (method !== "INVITE" && method !== "UPDATE") keepSdp(record, message);
  const headers: HeaderField[] = [
    ownVia(flow, context.ids.token()),
    ...path.routes.map((route) => field("Route", route)),
    field("Max-Forwards", headerValue(message, "max-forwards") ?? "70"),
    field("From", localFrom(record, message, flow)),
    field("To", dialog.remote),
    field("Call-ID", (behaviour.appCallId === "everywhere" && headerValue(message, "call-id")) || dialog.callId),
    field("CSeq", `${cseq} ${method}`),
  ];
  const withContact = WITH_CONTACT.has(method) || (method === "UPDATE" && behaviour.updateContact === "added");
  if (withContact && dialog.contact !== "" && !own.some((header) => header.key === "contact")) {
    headers.push(field("Contact", dialog.contact));
  }
  return { kind: "request", method, uri: path.requestUri, headers: [...headers, ...own], body: message.body };
}

/** An app may show another identity (RFC 4916), but the tag is the dialog's. */
function localFrom(record: DialogRecord, message: SipRequest, flow: Flow): string {
  const wanted = headerValue(message, "from");
  const address = wanted === undefined ? null : parseNameAddr(localise(wanted, flow));
  return address === null ? record.dialog.local : formatNameAddr(withTag(address, record.dialog.localTag));
}

/**
 * Ends a dialog on the engine's own account: BYE to the peer, an `unsolicited` frame to the app.
 * The dialog is gone at once; what the peer answers changes nothing.
 */
export function releaseDialog(
  context: Context,
  record: DialogRecord,
  reason: string,
  tellApp = true,
  stop: CdrStop = "system-initiated-termination",
): void {
  context.dialogs.end(record);
  whenRouted(context, routeIn(context, record), (flow) => {
    if (typeof flow === "string") return;
    const bye = composeInDialog(context, record, "BYE", null, flow);
    const request: SipRequest = { ...bye, headers: [...bye.headers, field("Reason", reason)] };
    const text = serialise(request);
    context.transactions.client(request, flow, { responded: () => undefined, failed: () => undefined }).start();
    if (tellApp) context.courier.unsolicited(record.app, flow, record.dialog.id, text);
    context.courier.cdr({ type: "stop", source: "application", reason: stop }, text);
  });
}

/** Sends the ACK for an answer and keeps it for retransmissions; returns its text. */
export function sendAck(
  context: Context,
  record: DialogRecord,
  answer: UnackedAnswer,
  message: SipRequest | null,
  flow: Flow,
): string {
  const text = serialise(composeAck(context, record, answer, message, flow));
  record.acks.set(answer.cseq, { text, flow });
  context.transactions.transmit(flow, text, () => undefined);
  return text;
}

/**
 * Answers a repeated 2xx with the ACK it got before (RFC 3261 13.2.2.4); false when it has got none yet.
 * @param from where the 2xx came from: there goes the ACK when the connection it was sent on is gone
 */
export function repeatAck(context: Context, record: DialogRecord, cseq: number, from: Flow): boolean {
  const ack = record.acks.get(cseq);
  if (ack === undefined) return false;
  context.transactions.transmit(ack.flow.closed ? from : ack.flow, ack.text, () => undefined);
  return true;
}
