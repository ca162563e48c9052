import { headerValue } from "../sip/message.js";
import type { SipRequest } from "../sip/message.js";
import { parseNameAddr } from "../sip/name-addr.js";
import { parseUri } from "../sip/uri.js";
import type { ProxyOptions } from "./command.js";

/** Where a new request of some method goes: asked of a web server, or always to the same app. */
export type RouteRule =
  | { readonly type: "ask"; readonly post: boolean; readonly url: string }
  | { readonly type: "connect"; readonly address: AppAddress };

/** An app that listens for the engine (`srf.listen`). */
export interface AppAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

/** What is to be done with a new request. */
export type RouteDecision =
  | { readonly action: "connect"; readonly address: AppAddress }
  | { readonly action: "tag"; readonly tag: string }
  | { readonly action: "reject"; readonly status: number; readonly reason: string | undefined }
  | { readonly action: "redirect"; readonly contacts: readonly string[] }
  | { readonly action: "proxy"; readonly options: ProxyOptions };

/** Rules by lower-case method; `*` is for all others. */
export type RouteTable = ReadonlyMap<string, RouteRule>;

/** Reads a rule, `METHOD=[POST ]URL` with `http`, `https`, `tcp` or `tls`; null when malformed. */
export function parseRule(text: string): { readonly method: string; readonly rule: RouteRule } | null {
  const match = /^([A-Za-z*]+)=(POST |GET )?(https?|tcp|tls):\/\/(.+)$/i.exec(text);
  if (match === null) return null;
  const [, method, verb, scheme, rest] = match as unknown as [string, string, string | undefined, string, string];
  if (/^http/i.test(scheme)) {
    const rule: RouteRule = { type: "ask", post: /post/i.test(verb ?? ""), url: `${scheme}://${rest}` };
    return { method: method.toLowerCase(), rule };
  }
  const address = appAddress(`${rest};transport=${scheme}`);
  return address === null ? null : { method: method.toLowerCase(), rule: { type: "connect", address } };
}

function appAddress(text: string): AppAddress | null {
  const match = /^(?:sip:)?(\[[^\]]+\]|[^:;]+):(\d{1,5})(;.*)?$/.exec(text);
  if (match === null) return null;
  const host = match[1]!.replace(/^\[|\]$/g, "");
  return { host, port: Number(match[2]), tls: /;transport=tls\b/i.test(match[3] ?? "") };
}

/** What a web server is told about a request, as query parameters. */
export function routingQuery(request: SipRequest, protocol: string, source: string): [string, string][] {
  const uri = parseUri(request.uri);
  const user = (header: string): string => {
    const address = parseNameAddr(headerValue(request, header) ?? "");
    return (address === null ? null : parseUri(address.uri)?.user) ?? "";
  };
  return [
    ["method", request.method],
    ["domain", uri?.host ?? ""],
    ["protocol", protocol],
    ["source_address", source],
    ["fromUser", user("from")],
    ["toUser", user("to")],
    ["uriUser", uri?.user ?? ""],
    ["contentType", headerValue(request, "content-type") ?? ""],
    ["uri", request.uri],
    ...(uri === null ? [] : uri.params),
  ];
}

/** Decodes a web server's answer, `{ action, data }`; null when it makes no sense. */
export function decodeDecision(answer: unknown): RouteDecision | null {
  if (!isRecord(answer)) return null;
  const data = isRecord(answer["data"]) ? answer["data"] : {};
  switch (answer["action"]) {
    case "route":
      return decodeRoute(data);
    case "reject": {
      const status = data["status"];
      if (typeof status !== "number" || status < 300 || status > 699) return null;
      return { action: "reject", status, reason: text(data["reason"]) };
    }
    case "redirect": {
      const contacts = texts(data["contact"]);
      return contacts.length === 0 ? null : { action: "redirect", contacts };
    }
    case "proxy": {
      const destinations = texts(data["destination"]);
      return destinations.length === 0 ? null : { action: "proxy", options: proxyOptions(data, destinations) };
    }
    default:
      return null;
  }
}

function decodeRoute(data: Record<string, unknown>): RouteDecision | null {
  const tag = text(data["tag"]);
  if (tag !== undefined) return { action: "tag", tag };
  const address = appAddress(text(data["uri"]) ?? "");
  return address === null ? null : { action: "connect", address };
}

function proxyOptions(data: Record<string, unknown>, destinations: readonly string[]): ProxyOptions {
  return {
    recordRoute: data["recordRoute"] === true,
    fullResponse: false,
    followRedirects: data["followRedirects"] !== false,
    simultaneous: data["simultaneous"] === true,
    provisionalTimeout: milliseconds(data["provisionalTimeout"]),
    finalTimeout: milliseconds(data["finalTimeout"]),
    destinations: destinations.map((one) => (/^(sips?|tel):/i.test(one) ? one : `sip:${one}`)),
  };
}

function milliseconds(value: unknown): number | null {
  const match = /^(\d{1,7})(ms|s)$/.exec(text(value) ?? "");
  return match === null ? null : Number(match[1]) * (match[2] === "s" ? 1000 : 1);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && !/[\r\n]/.test(value) ? value : undefined;
}

function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).flatMap((one) => text(one) ?? []);
}
