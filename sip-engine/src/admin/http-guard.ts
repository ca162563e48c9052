import type { IncomingHttpHeaders } from "node:http";
import { bareHost } from "../sip/uri.js";
import { plainAddress } from "../transport/listener.js";

/**
 * Why a request is refused, or null. The endpoint is for programs on this machine and for the operator's own browser, not for pages
 * from elsewhere that a browser here has open: their requests name another host (also when that host's name has been pointed at
 * loopback: DNS rebinding) or tell their origin.
 * @param local address the request came in on
 */
export function refusalOf(headers: IncomingHttpHeaders, local: string): string | null {
  const host = hostOf(headers.host ?? "");
  if (host === null || (host !== "localhost" && host !== plainAddress(local))) {
    return "call this endpoint by its address or as localhost";
  }
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "none" && site !== "same-origin") return "not for pages of other sites";
  if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`)
    return "not for pages of other origins";
  return null;
}

/** Host without port and brackets; null when it is malformed. */
function hostOf(value: string): string | null {
  const match = /^(\[[0-9A-Fa-f:.]+\]|[^:[\]]+)(?::\d{1,5})?$/.exec(value);
  return match === null ? null : bareHost(match[1]!);
}
