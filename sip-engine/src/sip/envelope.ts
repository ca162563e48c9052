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
  if (/^(sips?|tel):/i.test(uri)) {
    const parsed = parseUri(uri);
    // RFC 3261 19.1.1: a Request-URI has no headers. Passed on they would end up in somebody's request.
    return parsed === null || parsed.headers !== null ? { status: 400, reason: "Bad Request-URI" } : null;
  }
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
    case "request-line":
      return { status: 400, reason: "Bad Request-Line" };
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
  const twice = repeatedHeader(message);
  if (twice !== null) return bad(twice);
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
  return {
    via,
    // RFC 4475 3.2.1: the cookie alone tells nothing apart, so such a peer is one of RFC 2543.
    branch: branch === BRANCH_COOKIE ? "" : branch,
    callId,
    fromTag,
    toTag,
    cseq: Number(cseq[1]),
    cseqMethod: cseq[2]!,
    message,
  };
}

const BRANCH_COOKIE = "z9hG4bK";

/** Headers that a message has once (RFC 3261 7.3.1), as a refusal names them. */
const SINGLE = ["Call-ID", "CSeq", "From", "To", "Max-Forwards"];
const SINGLE_BITS: ReadonlyMap<string, number> = new Map(SINGLE.map((name, index) => [name.toLowerCase(), 1 << index]));

/** Name of a header that says two things where one is allowed: nobody could tell which was meant. */
function repeatedHeader({ headers }: SipMessage): string | null {
  let seen = 0;
  for (const { key } of headers) {
    const bit = SINGLE_BITS.get(key) ?? 0;
    if ((seen & bit) !== 0) return SINGLE[Math.log2(bit)]!;
    seen |= bit;
  }
  return null;
}

function bad(header: string): Refusal {
  return { status: 400, reason: `Bad ${header} Header` };
}

/** The topmost Via; null when one of them is none at all. */
function topVia(message: SipMessage): Via | null {
  const values = listValues(message, "via");
  const [first] = values;
  return first !== undefined && values.every((value) => /^SIP\b/i.test(value)) ? parseVia(first) : null;
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
