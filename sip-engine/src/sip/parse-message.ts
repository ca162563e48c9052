import { headerKey, longName } from "./headers.js";
import type { HeaderField, SipMessage } from "./message.js";

/** Why a text is not a SIP message, or how it is broken. `garbage` and `empty` deserve no answer. */
export type ParseProblem =
  "empty" | "garbage" | "version" | "header" | "short-body" | "content-length" | "request-line" | "request-uri";

export type ParseResult =
  | { readonly ok: true; readonly message: SipMessage }
  /** `message` holds what could be read, so that a broken request can be refused by its Via. */
  | { readonly ok: false; readonly problem: ParseProblem; readonly message: SipMessage | null };

type StartLine =
  | { readonly kind: "request"; readonly method: string; readonly uri: string }
  | { readonly kind: "response"; readonly status: number; readonly reason: string };

const TOKEN = /^[A-Za-z0-9\-.!%*_+`'~]+$/;
const RESPONSE_LINE = /^SIP\/(\d+\.\d+) +([1-6]\d\d)(?: (.*))?$/i;
const REQUEST_TAIL = /^SIP\/(\d+\.\d+)$/i;
/** No honest peer comes near this many lines. */
const MAX_HEADERS = 512;

/**
 * Parses one whole message (a datagram, a WebSocket message, or what the stream reader cut out). Never throws.
 * @param trustLength false for messages from an app: drachtio-srf counts characters, the frame has the truth
 */
export function parseMessage(octets: string, trustLength = true): ParseResult {
  const begin = skipBlank(octets);
  if (begin === octets.length) return { ok: false, problem: "empty", message: null };
  const split = splitHead(octets, begin);
  const lines = split.head.split("\n");
  const start = parseStartLine(trimEnd(lines[0] ?? ""));
  if (start === null) return { ok: false, problem: "garbage", message: null };
  const { headers, broken } = parseHeaders(lines);
  const length = trustLength ? contentLength(headers) : "absent";
  const body = typeof length === "number" ? split.body.slice(0, length) : split.body;
  const message = withContent(start.line, headers, body);
  if (start.version !== "2.0") return { ok: false, problem: "version", message };
  if (start.problem !== null) return { ok: false, problem: start.problem, message };
  if (broken) return { ok: false, problem: "header", message };
  if (length === "invalid") return { ok: false, problem: "content-length", message };
  if (typeof length === "number" && split.body.length < length) return { ok: false, problem: "short-body", message };
  return { ok: true, message };
}

/** Written out, because V8 takes microseconds to add a property to a copy made with `...`, and this is every message's way. */
function withContent(line: StartLine, headers: readonly HeaderField[], body: string): SipMessage {
  return line.kind === "request"
    ? { kind: "request", method: line.method, uri: line.uri, headers, body }
    : { kind: "response", status: line.status, reason: line.reason, headers, body };
}

function skipBlank(octets: string): number {
  let i = 0;
  while (i < octets.length && (octets[i] === "\r" || octets[i] === "\n" || octets.charCodeAt(i) === 0)) i++;
  return i;
}

/** The head ends at the first empty line; CRLF and bare LF both count as line ends. */
function splitHead(octets: string, begin: number): { head: string; body: string } {
  const crlf = octets.indexOf("\r\n\r\n", begin);
  const lf = octets.indexOf("\n\n", begin);
  if (crlf >= 0 && (lf < 0 || crlf < lf)) return { head: octets.slice(begin, crlf), body: octets.slice(crlf + 4) };
  if (lf >= 0) return { head: octets.slice(begin, lf), body: octets.slice(lf + 2) };
  return { head: octets.slice(begin), body: "" };
}

function trimEnd(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

interface ParsedStart {
  readonly line: StartLine;
  readonly version: string;
  /** What is wrong with a line that can be read all the same. */
  readonly problem: "request-line" | "request-uri" | null;
}

function parseStartLine(text: string): ParsedStart | null {
  if (/^SIP\//i.test(text)) {
    const match = RESPONSE_LINE.exec(text);
    if (match === null) return null;
    const status = Number(match[2]);
    return { line: { kind: "response", status, reason: match[3] ?? "" }, version: match[1]!, problem: null };
  }
  const line = text.trimEnd();
  const first = line.indexOf(" ");
  const last = line.lastIndexOf(" ");
  if (first <= 0 || last <= first) return null;
  const method = line.slice(0, first);
  const uri = line.slice(first + 1, last);
  const tail = REQUEST_TAIL.exec(line.slice(last + 1));
  if (tail === null || !TOKEN.test(method) || uri.trim() === "") return null;
  const spaced = /[\s<>"]/.test(uri);
  const problem = spaced ? "request-uri" : line.length < text.length ? "request-line" : null;
  return { line: { kind: "request", method, uri }, version: tail[1]!, problem };
}

function parseHeaders(lines: readonly string[]): { headers: HeaderField[]; broken: boolean } {
  const headers: HeaderField[] = [];
  const broken = lines.length > MAX_HEADERS;
  const end = Math.min(lines.length, MAX_HEADERS);
  for (let i = 1; i < end; i++) {
    let line = trimEnd(lines[i]!);
    // Folding (RFC 3261 7.3.1): a line that begins with white space continues the one before.
    while (i + 1 < end && (lines[i + 1]!.startsWith(" ") || lines[i + 1]!.startsWith("\t"))) {
      line = `${line.trimEnd()} ${trimEnd(lines[++i]!).trim()}`;
    }
    const colon = line.indexOf(":");
    const name = colon > 0 ? line.slice(0, colon).trimEnd() : "";
    // An unreadable line is left out; if a header that matters was lost with it, admission refuses the request.
    if (!TOKEN.test(name)) continue;
    headers.push({ name: longName(name), key: headerKey(name), value: line.slice(colon + 1).trim() });
  }
  return { headers, broken };
}

function contentLength(headers: readonly HeaderField[]): number | "absent" | "invalid" {
  let found: number | "absent" = "absent";
  for (const header of headers) {
    if (header.key !== "content-length") continue;
    if (!/^\d{1,9}$/.test(header.value)) return "invalid";
    const value = Number(header.value);
    if (found !== "absent" && found !== value) return "invalid";
    found = value;
  }
  return found;
}
