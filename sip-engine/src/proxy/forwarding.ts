import { field, headerValue, listValues } from "../sip/message.js";
import type { HeaderField, SipRequest, SipResponse } from "../sip/message.js";
import { parseNameAddr } from "../sip/name-addr.js";
import { parseVia, viaParam } from "../sip/via.js";

/** Max-Forwards after this hop (RFC 3261 16.6 step 3), or null when the request may not go further. */
export function hopsLeft(request: SipRequest): number | null {
  const header = headerValue(request, "max-forwards");
  if (header === undefined || !/^\d{1,3}$/.test(header)) return 70;
  return Number(header) === 0 ? null : Number(header) - 1;
}

/** What a proxied copy of a request is made of (RFC 3261 16.6). */
export interface ForwardParts {
  readonly request: SipRequest;
  readonly requestUri: string;
  readonly via: HeaderField;
  readonly hops: number;
  /** Our `<uri;lr>` when we stay in the path, one for each side where they differ; none otherwise. */
  readonly recordRoute: readonly string[];
  /** Route headers still to be followed. */
  readonly routes: readonly string[];
  readonly extra: readonly HeaderField[];
}

/** The copy of a request that goes to one target. */
export function forwardedRequest(parts: ForwardParts): SipRequest {
  const { request } = parts;
  const kept = request.headers.filter(({ key }) => key !== "max-forwards" && key !== "route");
  const headers: HeaderField[] = [parts.via];
  const [outward] = parts.recordRoute;
  // RFC 3327: a registration is kept reachable by Path, not by Record-Route.
  if (outward !== undefined && request.method === "REGISTER") {
    headers.push(field("Path", outward), field("Require", "path"));
  } else headers.push(...parts.recordRoute.map((route) => field("Record-Route", route)));
  headers.push(...parts.routes.map((route) => field("Route", route)));
  headers.push(field("Max-Forwards", String(parts.hops)), ...kept, ...parts.extra);
  return { ...request, uri: parts.requestUri, headers };
}

/** A response on its way back: our Via is taken off (16.7 step 3). */
export function returnedResponse(response: SipResponse): SipResponse {
  const index = response.headers.findIndex(({ key }) => key === "via");
  const first = response.headers[index];
  if (first === undefined) return response;
  const rest = listValues({ headers: [first] }, "via").slice(1);
  const kept = rest.length === 0 ? [] : [{ ...first, value: rest.join(", ") }];
  return { ...response, headers: [...response.headers.slice(0, index), ...kept, ...response.headers.slice(index + 1)] };
}

/** Where a response goes by its (new) top Via: `received` and `rport` before sent-by (RFC 3261 18.2.2, RFC 3581). */
export function responseTarget(response: SipResponse): { transport: string; host: string; port: number } | null {
  const via = parseVia(listValues(response, "via")[0] ?? "");
  if (via === null) return null;
  const host = viaParam(via, "received") ?? via.host;
  const rport = Number(viaParam(via, "rport") ?? "");
  const port = Number.isInteger(rport) && rport > 0 ? rport : (via.port ?? 5060);
  return { transport: via.transport.toLowerCase(), host: host.replace(/^\[|\]$/g, ""), port };
}

/** URIs of a redirection's Contacts. */
export function redirectTargets(response: SipResponse): string[] {
  return listValues(response, "contact").flatMap((contact) => parseNameAddr(contact)?.uri ?? []);
}

/** Nonces of all challenges in a 401 or 407. */
export function challengeNonces(response: SipResponse): string[] {
  const text = [...listValues(response, "www-authenticate"), ...listValues(response, "proxy-authenticate")].join(",");
  return [...text.matchAll(/nonce="([^"]+)"/g)].map((match) => match[1]!);
}

/** Nonces a request answers. */
export function answeredNonces(request: SipRequest): string[] {
  const text = [...listValues(request, "authorization"), ...listValues(request, "proxy-authorization")].join(",");
  return [...text.matchAll(/nonce="([^"]+)"/g)].map((match) => match[1]!);
}
