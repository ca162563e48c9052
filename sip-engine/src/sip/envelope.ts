import { headerValue, listValues } from "./message.js";
import type { HeaderField, SipMessage, SipRequest, SipResponse } from "./message.js";
import { parseNameAddr, paramOf } from "./name-addr.js";
import type { ParseProblem } from "./parse-message.js";
import { parseUri } from "./uri.js";
import { formatVia, parseVia, viaParam } from "./via.js";
import type { Via } from "./via.js";

interface Identity {
  readonly via: Via;
  readonly branch: string;
  readonly callId: string;
  readonly fromTag: string;
  /** Empty when the To header has no tag. */
  readonly toTag: string;
  readonly cseq: number;
  /** Method named by the CSeq header. */
  readonly cseqMethod: string;
}

/** A request with everything needed to find its transaction and dialog, read once. */
export interface RequestEnvelope extends Identity {
  readonly message: SipRequest;
}

/** A response with everything needed to find its transaction. */
export interface ResponseEnvelope extends Identity {
  readonly message: SipResponse;
}

/** How a broken request is refused. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
}

/** Checks a parsed request (RFC 3261 8.1.1: the six headers every request has) and reads its identity. */
export function admitRequest(message: SipRequest): RequestEnvelope | Refusal {
  const identity = readIdentity(message);
  if ("status" in identity) return identity;
  if (identity.cseqMethod !== message.method) return bad("CSeq");
  // No word or token has a bar in it (25.1), and to apps it separates the dialog's id from what follows.
  if (identity.callId.includes("|")) return bad("Call-ID");
  if (identity.fromTag.includes("|")) return bad("From");
  if (identity.toTag.includes("|")) return bad("To");
  return identity;
}

/**
 * Why a Request-URI cannot be served, or null. Only for requests outside dialogs: inside one the dialog says
 * who is meant, and peers that mangle our Contact are still their callers' only line.
 */
export function uriRefusal(uri: string): Refusal | null {
  if (/^(sips?|tel):/i.test(uri)) return parseUri(uri) === null ? { status: 400, reason: "Bad Request-URI" } : null;
  if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(uri)) return { status: 416, reason: "Unsupported URI Scheme" };
  return { status: 400, reason: "Bad Request-URI" };
}

/** Reads a response's identity, or null when it lacks one and must be dropped. */
export function admitResponse(message: SipResponse): ResponseEnvelope | null {
  const identity = readIdentity(message);
  return "status" in identity ? null : identity;
}

/** The answer to a request that did not even parse, or null when it deserves none. */
export function refusalFor(problem: ParseProblem): Refusal | null {
  switch (problem) {
    case "empty":
    case "garbage":
      return null;
    case "version":
      return { status: 505, reason: "Version Not Supported" };
    case "request-uri":
      return { status: 400, reason: "Bad Request-URI" };
    case "content-length":
      return { status: 400, reason: "Bad Content-Length Header" };
    case "header":
    case "short-body":
      return { status: 400, reason: "Bad Request" };
  }
}

function readIdentity<Message extends SipMessage>(message: Message): (Identity & { message: Message }) | Refusal {
  const via = topVia(message);
  if (via === null) return bad("Via");
  const callId = headerValue(message, "call-id");
  if (callId === undefined || callId === "" || /\s/.test(callId)) return bad("Call-ID");
  const fromTag = tagOf(headerValue(message, "from"));
  if (fromTag === null) return bad("From");
  const toTag = tagOf(headerValue(message, "to"));
  if (toTag === null) return bad("To");
  const cseq = /^(\d{1,10})\s+(\S+)$/.exec(headerValue(message, "cseq") ?? "");
  if (cseq === null || Number(cseq[1]) > 0xffffffff) return bad("CSeq");
  const branch = viaParam(via, "branch") ?? "";
  return { via, branch, callId, fromTag, toTag, cseq: Number(cseq[1]), cseqMethod: cseq[2]!, message };
}

function bad(header: string): Refusal {
  return { status: 400, reason: `Bad ${header} Header` };
}

function topVia(message: SipMessage): Via | null {
  const value = listValues(message, "via")[0];
  return value === undefined ? null : parseVia(value);
}

function tagOf(value: string | undefined): string | null {
  if (value === undefined) return null;
  const address = parseNameAddr(value);
  return address === null ? null : (paramOf(address, "tag") ?? "");
}

/** Replaces the topmost Via value, leaving the others and all other headers as they came. */
export function replaceTopVia(headers: readonly HeaderField[], via: Via): HeaderField[] {
  const index = headers.findIndex((header) => header.key === "via");
  const first = headers[index];
  if (first === undefined) return [...headers];
  const rest = listValues({ headers: [first] }, "via").slice(1);
  const replaced = [formatVia(via), ...rest].map((value) => ({ ...first, value }));
  return [...headers.slice(0, index), ...replaced, ...headers.slice(index + 1)];
}
