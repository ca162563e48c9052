import { headerValue, listValues } from "../sip/message.js";
import type { SipRequest, SipResponse } from "../sip/message.js";
import { formatNameAddr, parseNameAddr, paramOf, withTag } from "../sip/name-addr.js";
import { parseUri } from "../sip/uri.js";

/** A SIP dialog (RFC 3261 12): pure data, changed only by the functions of this file. */
export interface Dialog {
  /** drachtio's id: Call-ID and the From tag of the request that created the dialog. */
  readonly id: string;
  readonly role: "uac" | "uas";
  /** Method that created the dialog. */
  readonly method: string;
  readonly callId: string;
  readonly localTag: string;
  /** Empty for a peer that sent no tag (RFC 2543). */
  readonly remoteTag: string;
  /** Our From header inside the dialog, tag included. */
  readonly local: string;
  /** Our To header inside the dialog, tag included. */
  readonly remote: string;
  readonly localSeq: number;
  /** Highest CSeq received; null before the peer's first request. */
  readonly remoteSeq: number | null;
  /** Contact URI of the peer. */
  readonly target: string;
  readonly routes: readonly string[];
  /** Contact header we offered, used when the app gives none later. */
  readonly contact: string;
}

/** Id drachtio-srf knows a dialog by. */
export function dialogIdOf(callId: string, fromTag: string): string {
  return `${callId};from-tag=${fromTag}`;
}

/** Key under which an incoming request finds its dialog (RFC 3261 12.2.2). */
export function dialogKey(callId: string, localTag: string, remoteTag: string): string {
  return `${callId}\n${localTag}\n${remoteTag}`;
}

/** The dialog a server enters by answering (12.1.1); without a usable Contact the From URI stands in for it. */
export function uasDialog(request: SipRequest, localTag: string, contact: string): Dialog | null {
  const from = address(request, "from");
  const to = address(request, "to");
  if (from === null || to === null) return null;
  const target = contactUri(request) ?? from.uri;
  const callId = headerValue(request, "call-id") ?? "";
  const remoteTag = paramOf(from, "tag") ?? "";
  const seq = Number.parseInt(headerValue(request, "cseq") ?? "0", 10);
  return {
    id: dialogIdOf(callId, remoteTag),
    role: "uas",
    method: request.method,
    callId,
    localTag,
    remoteTag,
    local: formatNameAddr(withTag(to, localTag)),
    remote: formatNameAddr(from),
    localSeq: seq,
    remoteSeq: seq,
    target,
    routes: listValues(request, "record-route"),
    contact,
  };
}

/**
 * The dialog a client enters by being answered (12.1.2). A missing Contact breaks the RFC but must still be
 * acknowledged, so the request's own URI then stands in for the remote target.
 */
export function uacDialog(request: SipRequest, response: SipResponse): Dialog | null {
  const from = address(request, "from");
  const to = address(response, "to");
  if (from === null || to === null) return null;
  const callId = headerValue(request, "call-id") ?? "";
  const localTag = paramOf(from, "tag") ?? "";
  return {
    id: dialogIdOf(callId, localTag),
    role: "uac",
    method: request.method,
    callId,
    localTag,
    remoteTag: paramOf(to, "tag") ?? "",
    local: formatNameAddr(from),
    remote: formatNameAddr(to),
    localSeq: Number.parseInt(headerValue(request, "cseq") ?? "0", 10),
    remoteSeq: null,
    target: contactUri(response) ?? request.uri,
    routes: listValues(response, "record-route").reverse(),
    contact: headerValue(request, "contact") ?? "",
  };
}

/** The dialog a NOTIFY creates when it overtakes the 2xx to our SUBSCRIBE (RFC 6665 4.4.1). */
export function notifiedDialog(subscribe: SipRequest, notify: SipRequest): Dialog | null {
  const from = address(subscribe, "from");
  const remote = address(notify, "from");
  const target = contactUri(notify);
  if (from === null || remote === null || target === null) return null;
  const callId = headerValue(subscribe, "call-id") ?? "";
  const localTag = paramOf(from, "tag") ?? "";
  return {
    id: dialogIdOf(callId, localTag),
    role: "uac",
    method: "SUBSCRIBE",
    callId,
    localTag,
    remoteTag: paramOf(remote, "tag") ?? "",
    local: formatNameAddr(from),
    remote: formatNameAddr(remote),
    localSeq: Number.parseInt(headerValue(subscribe, "cseq") ?? "0", 10),
    remoteSeq: null,
    target,
    routes: listValues(notify, "record-route"),
    contact: headerValue(subscribe, "contact") ?? "",
  };
}

function address(message: SipRequest | SipResponse, key: string): ReturnType<typeof parseNameAddr> {
  return parseNameAddr(headerValue(message, key) ?? "");
}

/** URI of the first Contact, or null when there is none that could be a target. */
export function contactUri(message: SipRequest | SipResponse): string | null {
  const contact = listValues(message, "contact")[0];
  const parsed = contact === undefined ? null : parseNameAddr(contact);
  return parsed === null || parseUri(parsed.uri) === null ? null : parsed.uri;
}

/** Methods that refresh the remote target (RFC 3261 12.2, RFC 3311, RFC 6665). */
const TARGET_REFRESH = new Set(["INVITE", "UPDATE", "SUBSCRIBE", "NOTIFY", "REFER"]);

/** How strictly a dialog takes what its peer sends. */
export interface DialogRules {
  readonly cseqOrder: "checked" | "ignored";
  readonly targetRefresh: "followed" | "ignored";
}

/** What a request received inside the dialog changes, or why it must be refused (12.2.2). */
export function receiveInDialog(
  dialog: Dialog,
  request: SipRequest,
  cseq: number,
  rules: DialogRules,
): Dialog | { readonly refuse: 500 } {
  const late = dialog.remoteSeq !== null && cseq < dialog.remoteSeq;
  if (late && rules.cseqOrder === "checked") return { refuse: 500 };
  const refreshes = rules.targetRefresh === "followed" && TARGET_REFRESH.has(request.method);
  return { ...dialog, remoteSeq: cseq, target: (refreshes ? contactUri(request) : null) ?? dialog.target };
}

/** What a 2xx to a request of ours changes: its Contact is the new remote target (12.2.1.2). */
export function answeredInDialog(dialog: Dialog, method: string, response: SipResponse, rules: DialogRules): Dialog {
  if (
    rules.targetRefresh === "ignored" ||
    !TARGET_REFRESH.has(method) ||
    response.status < 200 ||
    response.status >= 300
  )
    return dialog;
  const target = contactUri(response);
  return target === null ? dialog : { ...dialog, target };
}

/** Consumes the next CSeq for a request of ours; ACK and CANCEL reuse the one of their INVITE. */
export function nextSequence(dialog: Dialog): Dialog {
  return { ...dialog, localSeq: dialog.localSeq + 1 };
}

/** Where a request in the dialog goes (12.2.1.1). */
export interface Path {
  readonly requestUri: string;
  /** Route header values, none for an empty route set. */
  readonly routes: readonly string[];
  /** URI that decides the next hop. */
  readonly nextHop: string;
}

/** Request-URI, Route headers and next hop by the dialog's route set, loose or strict (RFC 3261 12.2.1.1). */
export function pathOf(dialog: Dialog): Path {
  const first = dialog.routes[0];
  const parsed = first === undefined ? null : parseNameAddr(first);
  const uri = parsed === null ? null : parseUri(parsed.uri);
  if (parsed === null || uri === null) return { requestUri: dialog.target, routes: [], nextHop: dialog.target };
  if (uri.params.has("lr")) return { requestUri: dialog.target, routes: dialog.routes, nextHop: parsed.uri };
  // Strict router: it becomes the Request-URI, our target goes last.
  return { requestUri: parsed.uri, routes: [...dialog.routes.slice(1), `<${dialog.target}>`], nextHop: parsed.uri };
}
