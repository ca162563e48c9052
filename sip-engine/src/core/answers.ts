import { responseHeaders } from "../sip/compose.js";
import { hasToken } from "../sip/headers.js";
import { field, headerValue, headerValues, listValues } from "../sip/message.js";
import type { HeaderField, SipMessage, SipRequest, SipResponse } from "../sip/message.js";
import { formatNameAddr, paramOf, parseNameAddr, withTag } from "../sip/name-addr.js";
import { parseUri } from "../sip/uri.js";
import type { Uri } from "../sip/uri.js";
import { appHeaders, defaultContact, localise } from "./outgoing.js";
import type { Flow } from "./ports.js";

/** What an app's response is completed with. */
export interface AnswerParts {
  readonly request: SipRequest;
  readonly message: SipResponse;
  readonly flow: Flow;
  readonly localTag: string | null;
  readonly inDialog: boolean;
  /** RSeq of a reliable provisional response, null for any other. */
  readonly rseq: number | null;
  /** Whose To header it has. */
  readonly to: "of-the-request" | "of-the-app";
}

/** Writes an app's response: identity from the request (RFC 3261 8.2.6.2), Contact where one is due, the rest as given. */
export function composeAnswer(parts: AnswerParts): SipResponse {
  const { request, message, flow, rseq } = parts;
  const { status } = message;
  const headers = identityOf(parts);
  if (status > 100 && status < 300) headers.push(...request.headers.filter(({ key }) => key === "record-route"));
  const own = appHeaders(message, flow);
  if (needsContact(parts) && !own.some(({ key }) => key === "contact")) {
    headers.push(field("Contact", defaultContact(flow)));
  }
  headers.push(...own);
  if (rseq !== null) {
    if (!own.some(({ key }) => key === "require")) headers.push(field("Require", "100rel"));
    headers.push(field("RSeq", String(rseq)));
  }
  return { kind: "response", status, reason: message.reason, headers, body: message.body };
}

function identityOf({ request, message, flow, localTag, to }: AnswerParts): HeaderField[] {
  const headers = responseHeaders(request, message.status === 100 ? null : localTag);
  const own = to === "of-the-app" ? parseNameAddr(localise(headerValue(message, "to") ?? "", flow)) : null;
  if (own === null || localTag === null) return headers;
  const value = formatNameAddr(paramOf(own, "tag") === undefined ? withTag(own, localTag) : own);
  return headers.map((header) => (header.key === "to" ? field("To", value) : header));
}

function needsContact({ request, message: { status }, inDialog, rseq }: AnswerParts): boolean {
  if (request.method === "SUBSCRIBE") return true;
  if (request.method !== "INVITE") return false;
  return inDialog ? status > 100 : rseq !== null || (status >= 200 && status < 300);
}

/** True for the response that makes a dialog of a request outside one. */
export function makesDialog(
  method: string,
  status: number,
  { dialogAnswers }: { readonly dialogAnswers: "any-2xx" | "200-only" },
): boolean {
  if (method === "INVITE") return dialogAnswers === "200-only" ? status === 200 : status >= 200 && status < 300;
  return method === "SUBSCRIBE" && (status === 200 || status === 202);
}

/** Whether a provisional response is to be sent reliably (RFC 3262 3). */
export function reliability(request: SipRequest, message: SipResponse): "reliable" | "plain" | "unsupported" {
  if (request.method !== "INVITE" || message.status <= 100 || message.status >= 200) return "plain";
  const demanded = hasToken(headerValues(request, "require"), "100rel");
  if (!demanded && !hasToken(headerValues(message, "require"), "100rel")) return "plain";
  return demanded || hasToken(headerValues(request, "supported"), "100rel") ? "reliable" : "unsupported";
}

/** Addresses a granted REGISTER or SUBSCRIBE makes reachable, with seconds; zero for one taken back. */
export function grantedAddresses(
  request: SipRequest,
  response: SipResponse,
  untold: "as-asked" | "none",
): { uri: Uri; seconds: number }[] {
  const granted = expires(response) ?? (untold === "none" ? 0 : (expires(request) ?? 3600));
  return listValues(request, "contact").flatMap((contact) => {
    const uri = parseUri(parseNameAddr(contact)?.uri ?? "");
    // A contact taken back (expires=0) goes, even when the response lists others.
    return uri === null ? [] : [{ uri, seconds: expiresParam(contact) === 0 ? 0 : granted }];
  });
}

function expires(message: SipMessage): number | null {
  const param = expiresParam(listValues(message, "contact")[0] ?? "");
  if (param !== null) return param;
  const header = headerValue(message, "expires");
  return header !== undefined && /^\d{1,9}$/.test(header) ? Number(header) : null;
}

function expiresParam(contact: string): number | null {
  const match = /;\s*expires\s*=\s*(\d{1,9})/i.exec(contact);
  return match === null ? null : Number(match[1]);
}
