import { wireName } from "../sip/headers.js";
import { field, headerValue } from "../sip/message.js";
import type { HeaderField, SipMessage, SipRequest, SipResponse } from "../sip/message.js";
import { formatNameAddr, parseNameAddr, paramOf, withTag } from "../sip/name-addr.js";
import { bareHost, hostPort, parseUri, uriHeaders, withoutHeaders } from "../sip/uri.js";
import type { Uri } from "../sip/uri.js";
import type { Flow, Target, Transport } from "./ports.js";

/** Headers an app may not set: they belong to the engine (drachtio drops the same ones). */
const ENGINE_HEADERS = new Set(
  "via route record-route rseq content-length from to call-id cseq max-forwards".split(" "),
);
/** Headers in which `@localhost` stands for our own address. */
const LOCALISED = new Set(["contact", "p-asserted-identity"]);

/** Contact URI of a transport: `<sip:host:port;transport=x>`; `;transport=` is left out for UDP only. */
export function defaultContact(flow: Flow): string {
  const { host, port } = flow.advertised;
  const secure = flow.transport === "tls" || flow.transport === "wss";
  const transport = flow.transport === "udp" ? "" : `;transport=${flow.transport}`;
  return `<${secure ? "sips" : "sip"}:${hostPort(host, port)}${transport}>`;
}

/** Our Via on this path with a fresh branch; the port is left out when it is 5060 over UDP or TCP. */
export function ownVia(flow: Flow, branch: string): HeaderField {
  const { host, port } = flow.advertised;
  const plain = port === 5060 && (flow.transport === "udp" || flow.transport === "tcp");
  const rport = flow.transport === "udp" ? ";rport" : "";
  const sentBy = hostPort(host, plain ? null : port);
  return field("Via", `SIP/2.0/${flow.transport.toUpperCase()} ${sentBy}${rport};branch=z9hG4bK${branch}`);
}

/** Puts our address where the app wrote `@localhost`. */
export function localise(value: string, flow: Flow): string {
  if (!value.includes("@localhost")) return value;
  return value.replace(/@localhost(?=[;>?,\s]|$)/g, `@${hostPort(flow.advertised.host, flow.advertised.port)}`);
}

/**
 * The app's own headers as they go to the wire, without those the engine writes.
 * @param preserved names that stay as the app writes them
 */
export function appHeaders(message: SipMessage, flow: Flow, preserved: ReadonlySet<string>): HeaderField[] {
  const headers: HeaderField[] = [];
  for (const header of message.headers) {
    if (ENGINE_HEADERS.has(header.key)) continue;
    const value = LOCALISED.has(header.key) ? localise(header.value, flow) : header.value;
    headers.push({ name: wireName(header.name, preserved), key: header.key, value });
  }
  if (message.body !== "" && headerValue(message, "content-type") === undefined) {
    headers.push(field("Content-Type", "application/sdp"));
  }
  return headers;
}

/** False for a body whose type nobody can tell: no Content-Type and no SDP. */
export function bodyIsTyped(message: SipMessage): boolean {
  return message.body === "" || message.body.startsWith("v=0") || headerValue(message, "content-type") !== undefined;
}

/** Makes a Request-URI of what an app wrote: `host` and `user@host` become `sip:` URIs. Null when hopeless. */
export function normaliseUri(text: string): { readonly text: string; readonly uri: Uri } | null {
  const bare = text.replace(/^<|>$/g, "");
  const full = /^(sips?|tel):/i.test(bare) ? bare : `sip:${bare}`;
  const uri = parseUri(full);
  return uri === null ? null : { text: withoutHeaders(full), uri };
}

/** What a request outside any dialog is made of. */
export interface OutgoingParts {
  readonly message: SipRequest;
  readonly uriText: string;
  readonly uri: Uri;
  readonly flow: Flow;
  readonly branch: string;
  readonly tag: string;
  readonly callId: string;
  readonly cseq: number;
  /** Header names that stay as the app writes them. */
  readonly preserved: ReadonlySet<string>;
}

/** Writes a request outside a dialog (RFC 3261 8.1.1) from what the app gave and defaults for the rest. */
export function composeRequest(parts: OutgoingParts): SipRequest | null {
  const { message, flow, preserved } = parts;
  const from = parseNameAddr(localise(headerValue(message, "from") ?? defaultContact(flow), flow));
  const to = parseNameAddr(localise(headerValue(message, "to") ?? `<${parts.uriText}>`, flow));
  if (from === null || to === null) return null;
  const headers: HeaderField[] = [
    ownVia(flow, parts.branch),
    field("Max-Forwards", headerValue(message, "max-forwards") ?? "70"),
    field("From", formatNameAddr(paramOf(from, "tag") === undefined ? withTag(from, parts.tag) : from)),
    field("To", formatNameAddr(to)),
    field("Call-ID", parts.callId),
    field("CSeq", `${parts.cseq} ${message.method}`),
  ];
  const own = appHeaders(message, flow, preserved);
  const extra = uriHeaders(parts.uri).map(({ name, value }) => field(wireName(name, preserved), value));
  if (needsContact(message.method) && !own.some((header) => header.key === "contact")) {
    headers.push(field("Contact", defaultContact(flow)));
  }
  headers.push(...own, ...extra);
  return { kind: "request", method: message.method, uri: parts.uriText, headers, body: message.body };
}

function needsContact(method: string): boolean {
  return method === "INVITE" || method === "SUBSCRIBE";
}

/** CSeq number an app set, as drachtio-srf does for a request repeated with credentials. */
export function appSequence(message: SipRequest): number | null {
  const match = /^(\d{1,10})/.exec(headerValue(message, "cseq") ?? "");
  return match === null || Number(match[1]) >= 2 ** 31 ? null : Number(match[1]);
}

/** To tag the app chose for its response, if any. */
export function appTag(message: SipResponse): string | null {
  const to = headerValue(message, "to");
  const match = to === undefined ? null : /;\s*tag=([^;\s>]+)\s*(?:;[^>]*)?$/i.exec(to);
  return match?.[1] ?? null;
}

/** Next hop of a URI by the plain rules of RFC 3263: explicit transport, else TLS for sips, else the preferred one. */
export function targetOf(uri: Uri, preferred: Transport): Target | null {
  if (uri.scheme === "tel") return null;
  const named = uri.params.get("transport")?.toLowerCase();
  const secure = uri.scheme === "sips";
  const transport = named === undefined || named === "" ? (secure ? "tls" : preferred) : named;
  if (!isTransport(transport)) return null;
  const safe = secure && transport === "tcp" ? "tls" : secure && transport === "ws" ? "wss" : transport;
  const host = bareHost(uri.params.get("maddr") ?? uri.host);
  const port = uri.port ?? DEFAULT_PORT[safe];
  return { transport: safe, host, port, portOpen: uri.port === null, transportOpen: !named };
}

function isTransport(name: string): name is Transport {
  return name === "udp" || name === "tcp" || name === "tls" || name === "ws" || name === "wss";
}

const DEFAULT_PORT: Readonly<Record<Transport, number>> = { udp: 5060, tcp: 5060, tls: 5061, ws: 80, wss: 443 };
