/** Compact header names (RFC 3261 7.3.3 and the IANA registry) and the long names they stand for. */
const COMPACT: Readonly<Record<string, string>> = {
  a: "Accept-Contact",
  b: "Referred-By",
  c: "Content-Type",
  d: "Request-Disposition",
  e: "Content-Encoding",
  f: "From",
  i: "Call-ID",
  j: "Reject-Contact",
  k: "Supported",
  l: "Content-Length",
  m: "Contact",
  n: "Identity-Info",
  o: "Event",
  r: "Refer-To",
  s: "Subject",
  t: "To",
  u: "Allow-Events",
  v: "Via",
  x: "Session-Expires",
  y: "Identity",
};

const KNOWN = `Accept Accept-Contact Accept-Encoding Accept-Language Accept-Resource-Priority Alert-Info Allow
Allow-Events Answer-Mode Authentication-Info Authorization Call-ID Call-Info Contact Content-Disposition
Content-Encoding Content-ID Content-Language Content-Length Content-Type CSeq Date Diversion Encryption Error-Info
Event Expires Flow-Timer From Geolocation Hide History-Info Identity Identity-Info In-Reply-To Join Max-Breadth
Max-Forwards MIME-Version Min-Expires Min-SE Organization P-Access-Network-Info P-Asserted-Identity
P-Asserted-Service P-Associated-URI P-Called-Party-ID P-Charging-Function-Addresses P-Charging-Vector P-Early-Media
P-Preferred-Identity P-Preferred-Service P-Visited-Network-ID Path Permission-Missing Priority Privacy
Proxy-Authenticate Proxy-Authorization Proxy-Require RAck Reason Recv-Info Record-Route Refer-Sub Refer-To
Referred-By Reject-Contact Remote-Party-ID Replaces Reply-To Request-Disposition Require Resource-Priority
Response-Key Retry-After Route RSeq Security-Client Security-Server Security-Verify Server Service-Route
Session-Expires Session-ID SIP-ETag SIP-If-Match Subject Subscription-State Supported Target-Dialog Timestamp To
Unsupported User-Agent User-to-User Via Warning WWW-Authenticate`.split(/\s+/);

const CANONICAL = new Map(KNOWN.map((name) => [name.toLowerCase(), name]));
const COMPACT_KEYS = new Map(Object.entries(COMPACT).map(([short, long]) => [short, long.toLowerCase()]));
const keys = new Map<string, string>();
/** Spellings seen in the wild repeat; the cap keeps an attacker from growing the table. */
const KEY_CACHE_LIMIT = 2000;

/** The lower-case long name under which a header is looked up, whatever its spelling. */
export function headerKey(name: string): string {
  const seen = keys.get(name);
  if (seen !== undefined) return seen;
  const lower = name.toLowerCase();
  const key = COMPACT_KEYS.get(lower) ?? lower;
  if (keys.size < KEY_CACHE_LIMIT) keys.set(name, key);
  return key;
}

/** A received header's name as the app shall see it: compact forms are spelled out, all others stay as they came. */
export function longName(name: string): string {
  return name.length === 1 ? (COMPACT[name.toLowerCase()] ?? name) : name;
}

/**
 * How a header written by the app is spelled on the wire: registered names canonical, `X-` names untouched.
 * @param preserved further names that stay as the app writes them, in lower case
 */
export function wireName(name: string, preserved: ReadonlySet<string>): string {
  const canonical = CANONICAL.get(headerKey(name));
  if (canonical !== undefined) return canonical;
  if (/^x-/i.test(name) || preserved.has(name.toLowerCase())) return name;
  return name.replace(/(^|-)([a-z])/g, (_all, dash: string, letter: string) => dash + letter.toUpperCase());
}

/** Splits a comma-separated header value at its top level: commas in quotes or angle brackets do not count. */
export function splitList(value: string): string[] {
  if (!value.includes(",")) return value === "" ? [] : [value];
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  let angle = false;
  for (let i = 0; i < value.length; i++) {
    const c = value[i];
    if (quoted) {
      if (c === "\\") i++;
      else if (c === '"') quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === "<") angle = true;
    else if (c === ">") angle = false;
    else if (c === "," && !angle) {
      parts.push(value.slice(start, i).trim());
      start = i + 1;
    }
  }
  parts.push(value.slice(start).trim());
  return parts.filter((part) => part !== "");
}

/** True when a comma list such as Require or Supported holds the token, ignoring case. */
export function hasToken(values: readonly string[], token: string): boolean {
  return values.some((value) => splitList(value).some((item) => item.toLowerCase() === token));
}
