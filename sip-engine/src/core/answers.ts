import { responseHeaders } from "../sip/compose.js";
import { hasToken } from "../sip/headers.js";
import { field, headerValue, headerValues, listValues } from "../sip/message.js";
import type { HeaderField, SipMessage, SipRequest, SipResponse } from "../sip/message.js";
import { formatNameAddr, paramOf, parseNameAddr, withTag } from "../sip/name-addr.js";
import { parseUri, sameUri } from "../sip/uri.js";
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
  /** Header names that stay as the app writes them. */
  readonly preserved: ReadonlySet<string>;
}

/** Writes an app's response: identity from the request (RFC 3261 8.2.6.2), Contact where one is due, the rest as given. */
export function composeAnswer(parts: AnswerParts): SipResponse {
  const { request, message, flow, rseq } = parts;
  const { status } = message;
  const headers = identityOf(parts);
  if (status > 100 && status < 300) headers.push(...request.headers.filter(({ key }) => key === "record-route"));
  const own = appHeaders(message, flow, parts.preserved);
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

/** How the addresses of a registration are read. */
export interface GrantRules {
  readonly untoldExpiry: "as-asked" | "none";
  readonly grantedExpiry: "of-the-contact" | "of-the-first";
}

/**
 * Addresses a granted REGISTER or SUBSCRIBE makes reachable, with seconds; zero for one taken back. A 200 to REGISTER
 * lists all addresses of its account (RFC 3261 10.3), so each is looked for there: those of other devices say nothing of ours.
 */
export function grantedAddresses(
  request: SipRequest,
  response: SipResponse,
  { untoldExpiry, grantedExpiry }: GrantRules,
): { uri: Uri; seconds: number }[] {
  const untold = expiresHeader(response) ?? (untoldExpiry === "none" ? 0 : (expiresHeader(request) ?? 3600));
  const listed = listValues(response, "contact").map((contact) => ({ contact, uri: uriOf(contact) }));
  const first = listed[0] === undefined ? null : expiresParam(listed[0].contact);
  return listValues(request, "contact").flatMap((asked) => {
    const uri = uriOf(asked);
    if (uri === null) return [];
    const wanted = expiresParam(asked) ?? (grantedExpiry === "of-the-contact" ? expiresHeader(request) : null);
    // A contact taken back (expires=0) goes, even when the response lists others.
    if (wanted === 0) return [{ uri, seconds: 0 }];
    if (request.method === "SUBSCRIBE") return [{ uri, seconds: untold }];
    if (grantedExpiry === "of-the-first") return [{ uri, seconds: first ?? untold }];
    if (listed.length === 0) return [{ uri, seconds: untold }];
    const own = listed.find((one) => one.uri !== null && sameUri(one.uri, uri));
    const asWanted = untoldExpiry === "as-asked" ? expiresParam(asked) : null;
    return [{ uri, seconds: own === undefined ? 0 : (expiresParam(own.contact) ?? asWanted ?? untold) }];
  });
}

function uriOf(contact: string): Uri | null {
  return parseUri(parseNameAddr(contact)?.uri ?? "");
}

function expiresHeader(message: SipMessage): number | null {
  const header = headerValue(message, "expires");
  return header !== undefined && /^\d{1,9}$/.test(header) ? Number(header) : null;
}

function expiresParam(contact: string): number | null {
  const match = /;\s*expires\s*=\s*(\d{1,9})/i.exec(contact);
  return match === null ? null : Number(match[1]);
}
