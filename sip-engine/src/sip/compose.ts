import { field, headerValue, listValues } from "./message.js";
import type { HeaderField, SipRequest, SipResponse } from "./message.js";
import { formatNameAddr, parseNameAddr, withTag } from "./name-addr.js";
import { reasonPhrase } from "./status.js";

/** Headers copied from the request into every response to it (RFC 3261 8.2.6.2), with the To tag given. */
export function responseHeaders(request: SipRequest, toTag: string | null): HeaderField[] {
  const headers: HeaderField[] = [];
  for (const header of request.headers) if (header.key === "via") headers.push(header);
  for (const key of ["from", "to", "call-id", "cseq", "timestamp"]) {
    const header = request.headers.find((candidate) => candidate.key === key);
    if (header === undefined) continue;
    headers.push(key === "to" && toTag !== null ? field("To", tagged(header.value, toTag)) : header);
  }
  return headers;
}

function tagged(value: string, tag: string): string {
  const address = parseNameAddr(value);
  return address === null ? value : formatNameAddr(withTag(address, tag));
}

/** A response the engine makes on its own. */
export function ownResponse(
  request: SipRequest,
  status: number,
  toTag: string | null,
  extra: readonly HeaderField[] = [],
  reason = reasonPhrase(status),
): SipResponse {
  return { kind: "response", status, reason, headers: [...responseHeaders(request, toTag), ...extra], body: "" };
}

/** A response made up locally for a request of ours that got none (408, 503, …). */
export function localResponse(request: SipRequest, status: number, toTag: string, reason?: string): SipResponse {
  return ownResponse(request, status, toTag, [], reason);
}

function sameTransaction(request: SipRequest, method: string, to: string): HeaderField[] {
  const seq = Number.parseInt(headerValue(request, "cseq") ?? "0", 10);
  return [
    field("Via", listValues(request, "via")[0] ?? ""),
    ...listValues(request, "route").map((route) => field("Route", route)),
    field("Max-Forwards", headerValue(request, "max-forwards") ?? "70"),
    field("From", headerValue(request, "from") ?? ""),
    field("To", to),
    field("Call-ID", headerValue(request, "call-id") ?? ""),
    field("CSeq", `${seq} ${method}`),
  ];
}

/** ACK to a non-2xx final response (RFC 3261 17.1.1.3). */
export function ackFor(invite: SipRequest, response: SipResponse): SipRequest {
  const to = headerValue(response, "to") ?? headerValue(invite, "to") ?? "";
  return { kind: "request", method: "ACK", uri: invite.uri, headers: sameTransaction(invite, "ACK", to), body: "" };
}

/** CANCEL for an INVITE of ours (RFC 3261 9.1) with further headers such as Reason. */
export function cancelFor(invite: SipRequest, extra: readonly HeaderField[]): SipRequest {
  const to = headerValue(invite, "to") ?? "";
  const headers = [...sameTransaction(invite, "CANCEL", to), ...extra];
  return { kind: "request", method: "CANCEL", uri: invite.uri, headers, body: "" };
}
