import { contactUri } from "../dialog/dialog.js";
import type { RequestEnvelope } from "../sip/envelope.js";
import { headerValue, listValues } from "../sip/message.js";
import type { SipResponse } from "../sip/message.js";
import { parseNameAddr } from "../sip/name-addr.js";
import { bareHost, isAddress, parseUri } from "../sip/uri.js";
import type { Context } from "./context.js";
import type { Flow } from "./ports.js";
import { isReliable } from "./ports.js";

/**
 * The path of a dialog a peer opened: its connection; over UDP the source when NAT makes the Contact useless
 * (drachtio's rule), else null, so that route set and target decide.
 */
export function callerPath(context: Context, envelope: RequestEnvelope, flow: Flow): Flow | null {
  if (isReliable(flow.transport)) return flow;
  if (!context.options.natDetection || headerValue(envelope.message, "record-route") !== undefined) return null;
  const contact = parseUri(parseNameAddr(listValues(envelope.message, "contact")[0] ?? "")?.uri ?? "");
  if (contact === null) return flow;
  const same = bareHost(contact.host) === flow.remote.host && (contact.port ?? 5060) === flow.remote.port;
  return same ? null : flow;
}

/**
 * The path of a dialog we opened. Over UDP one of its own is kept only when the peer's Contact, or the first
 * proxy, is an address this peer evidently cannot be reached by (drachtio's NAT rule).
 */
export function calleePath(context: Context, response: SipResponse, from: Flow): Flow | null {
  if (isReliable(from.transport)) return from;
  if (!context.options.natDetection) return null;
  const route = listValues(response, "record-route").at(-1);
  if (route !== undefined) {
    const uri = parseUri(parseNameAddr(route)?.uri ?? "");
    return uri !== null && isPrivate(uri.host) && bareHost(uri.host) !== from.remote.host ? from : null;
  }
  const contact = parseUri(contactUri(response) ?? "");
  if (contact === null || !isAddress(contact.host)) return contact === null ? from : null;
  return bareHost(contact.host) === from.remote.host ? null : from;
}

function isPrivate(host: string): boolean {
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(host);
}
