/** What a REFER points at (RFC 3515). Pure text in, values out. */
import { parseReplaces, type ReplacedDialog } from "./replaces.js";
import { unescaped, userOf } from "./sip-uri.js";

export interface ReferTarget {
  readonly uri: string; // without angle brackets, parameters and headers
  readonly user: string;
  readonly replaces: ReplacedDialog | null;
}

/**
 * Reads a Refer-To value with or without display name and angle brackets (phones leave them out). Null when there is no SIP or tel URI in it, or a
 * Replaces that names no dialog.
 */
export function parseReferTo(value: string): ReferTarget | null {
  const bare = value.replace(/"(?:[^"\\]|\\.)*"/g, "");
  if (bare.replace(/<[^>]*>/g, "").includes(",")) return null; // RFC 3515 section 2.4.2: one, and only one
  const angle = /<([^>]*)>/.exec(bare);
  const uri = (angle?.[1] ?? value).trim();
  if (/^tel:[^;?]/i.test(uri)) return { uri, user: userOf(uri), replaces: null }; // RFC 3966: a number of the telephone network
  const parts = /^(sips?:(?:[^@?>]*@)?[^;?>]+)(;[^?]*)?(?:\?(.*))?$/i.exec(uri);
  if (!parts?.[1]) return null;
  const headers = new Map(
    (parts[3] ?? "")
      .split("&")
      .filter((h) => h.includes("="))
      .map((h) => [unescaped(h.slice(0, h.indexOf("="))).toLowerCase(), unescaped(h.slice(h.indexOf("=") + 1))]),
  );
  const raw = headers.get("replaces");
  const replaces = raw === undefined ? null : parseReplaces(raw);
  if (raw !== undefined && !replaces) return null;
  return { uri: parts[1], user: userOf(uri), replaces };
}
