/** A sip, sips or tel URI (RFC 3261 19.1, RFC 3966). `host` keeps the brackets of an IPv6 literal. */
export interface Uri {
  readonly scheme: "sip" | "sips" | "tel";
  /** User part as written, password included; for `tel` the number; null when absent. */
  readonly user: string | null;
  readonly host: string;
  readonly port: number | null;
  readonly params: ReadonlyMap<string, string>;
  /** The part after `?`, unescaped by nobody yet; null when absent. */
  readonly headers: string | null;
}

const SCHEME = /^(sips?|tel):/i;
const HOST_PORT = /^(\[[0-9A-Fa-f:.%]+\]|[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_.])?)(?::(\d{1,5}))?$/;

/** Parses a URI without angle brackets; null when it is none of sip, sips, tel, or malformed. */
export function parseUri(text: string): Uri | null {
  const match = SCHEME.exec(text);
  if (match === null || /[\s<>"]/.test(text)) return null;
  const scheme = match[1]!.toLowerCase() as Uri["scheme"];
  let rest = text.slice(match[0].length);
  if (scheme === "tel") {
    const [number, ...params] = rest.split(";");
    return number ? { scheme, user: number, host: "", port: null, params: paramMap(params), headers: null } : null;
  }
  // The user part may hold ";" and "?" (RFC 3261 25.1, user-unreserved), so the last "@" before any header decides.
  const at = rest.indexOf("@");
  const user = at >= 0 ? rest.slice(0, at) : null;
  if (user === "") return null;
  rest = rest.slice(at + 1);
  const question = rest.indexOf("?");
  const headers = question >= 0 ? rest.slice(question + 1) : null;
  if (question >= 0) rest = rest.slice(0, question);
  const [hostPort, ...params] = rest.split(";");
  const place = HOST_PORT.exec(hostPort ?? "");
  if (place === null) return null;
  const port = place[2] === undefined ? null : Number(place[2]);
  if (port !== null && port > 65535) return null;
  return { scheme, user, host: place[1]!, port, params: paramMap(params), headers };
}

function paramMap(params: readonly string[]): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const param of params) {
    const equals = param.indexOf("=");
    if (equals < 0) map.set(param.toLowerCase(), "");
    else map.set(param.slice(0, equals).toLowerCase(), param.slice(equals + 1));
  }
  return map;
}

/** Text of the URI without its `?headers`. */
export function withoutHeaders(text: string): string {
  const at = text.indexOf("@");
  const question = text.indexOf("?", at + 1);
  return question < 0 ? text : text.slice(0, question);
}

/** Headers a URI asks for (`?Replaces=…&X-H=1`), unescaped; `body` and the headers a UA must not take are left out. */
export function uriHeaders(uri: Uri): { readonly name: string; readonly value: string }[] {
  if (uri.headers === null) return [];
  return uri.headers.split("&").flatMap((pair) => {
    const equals = pair.indexOf("=");
    const name = unescape(equals < 0 ? pair : pair.slice(0, equals));
    const value = unescape(equals < 0 ? "" : pair.slice(equals + 1));
    return FORBIDDEN.has(name.toLowerCase()) || !/^[\w.!%*+`'~-]+$/.test(name) || /[\r\n]/.test(value)
      ? []
      : [{ name, value }];
  });
}

/** RFC 3261 19.1.5: headers that describe the request's identity are not taken from a URI. */
const FORBIDDEN = new Set("body from to call-id cseq via route record-route contact content-length".split(" "));

function unescape(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/** What tells one registered Contact from another: user with password, lower-case host, port if written. */
export function contactKey(uri: Uri): string | null {
  if (uri.user === null || uri.scheme === "tel") return null;
  return `${unescape(uri.user)}@${hostPort(uri.host.toLowerCase(), uri.port)}`;
}

/** The URI without the password of its user. */
export function withoutPassword(uri: Uri): Uri {
  const colon = uri.user?.indexOf(":") ?? -1;
  return colon < 0 ? uri : { ...uri, user: uri.user!.slice(0, colon) };
}

/** URI parameters that tell two URIs apart even when only one of them has it (RFC 3261 19.1.4). */
const DECISIVE = ["user", "ttl", "method", "maddr", "transport"];

/** True when two URIs name the same place (RFC 3261 19.1.4); headers count as text. */
export function sameUri(a: Uri, b: Uri): boolean {
  if (a.scheme !== b.scheme || a.host.toLowerCase() !== b.host.toLowerCase() || a.port !== b.port) return false;
  if (unescape(a.user ?? "") !== unescape(b.user ?? "") || (a.headers ?? "") !== (b.headers ?? "")) return false;
  for (const name of new Set([...DECISIVE, ...a.params.keys()])) {
    const [one, other] = [a.params.get(name), b.params.get(name)];
    if (one === undefined && other === undefined) continue;
    const known = one !== undefined && other !== undefined;
    if (known ? one.toLowerCase() !== other.toLowerCase() : DECISIVE.includes(name)) return false;
  }
  return true;
}

/** Host without IPv6 brackets, lower case: as sockets and resolvers want it. */
export function bareHost(host: string): string {
  return (host.startsWith("[") ? host.slice(1, -1) : host).toLowerCase();
}

/** `host:port` as it is written in SIP, with brackets around IPv6 literals. */
export function hostPort(host: string, port: number | null): string {
  const written = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  return port === null ? written : `${written}:${port}`;
}

/** True for an IPv4 or IPv6 literal. */
export function isAddress(host: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(host) || bareHost(host).includes(":");
}
