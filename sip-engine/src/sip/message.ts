import { headerKey, splitList } from "./headers.js";

/**
 * SIP text is held as octet strings throughout: one character per byte (latin1), so lengths are byte lengths
 * and UTF-8 or binary content passes through untouched.
 */
export interface HeaderField {
  /** Spelling on the wire. */
  readonly name: string;
  /** Lower-case long name, see {@link headerKey}. */
  readonly key: string;
  readonly value: string;
}

export interface SipRequest {
  readonly kind: "request";
  readonly method: string;
  readonly uri: string;
  readonly headers: readonly HeaderField[];
  readonly body: string;
}

export interface SipResponse {
  readonly kind: "response";
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly HeaderField[];
  readonly body: string;
}

export type SipMessage = SipRequest | SipResponse;

/** A header field from its wire name and value. */
export function field(name: string, value: string): HeaderField {
  return { name, key: headerKey(name), value };
}

/** Value of the first header of that key, or undefined. */
export function headerValue(message: { readonly headers: readonly HeaderField[] }, key: string): string | undefined {
  for (const header of message.headers) if (header.key === key) return header.value;
  return undefined;
}

/** Values of all headers of that key, unsplit, in order. */
export function headerValues(message: { readonly headers: readonly HeaderField[] }, key: string): string[] {
  const values: string[] = [];
  for (const header of message.headers) if (header.key === key) values.push(header.value);
  return values;
}

/** All values of a comma-list header such as Via, Route or Contact, in order. */
export function listValues(message: { readonly headers: readonly HeaderField[] }, key: string): string[] {
  const values: string[] = [];
  for (const header of message.headers) if (header.key === key) values.push(...splitList(header.value));
  return values;
}

/** Text of a message; Content-Length is computed, whatever the headers say (RFC 3261 20.14). */
export function serialise(message: SipMessage): string {
  let text =
    message.kind === "request"
      ? `${message.method} ${message.uri} SIP/2.0\r\n`
      : `SIP/2.0 ${message.status} ${message.reason}\r\n`;
  for (const header of message.headers) {
    if (header.key !== "content-length") text += `${header.name}: ${header.value}\r\n`;
  }
  return `${text}Content-Length: ${message.body.length}\r\n\r\n${message.body}`;
}
