/** What a REFER points at (RFC 3515). Pure text in, values out. */
import { parseReplaces, type ReplacedDialog } from "./replaces.js";

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
  const angle = /<([^>]*)>/.exec(value.replace(/"(?:[^"\\]|\\.)*"/g, ""));
  const uri = (angle?.[1] ?? value).trim();
  const number = /^tel:([^;?]+)/i.exec(uri)?.[1]; // RFC 3966: a number of the telephone network
  if (number !== undefined) return { uri, user: unescape(number), replaces: null };
  const parts = /^(sips?:(?:([^@;?>]*)@)?[^;?>]+)(;[^?]*)?(?:\?(.*))?$/i.exec(uri);
  if (!parts?.[1]) return null;
  const headers = new Map(
    (parts[4] ?? "")
      .split("&")
      .filter((h) => h.includes("="))
      .map((h) => [unescape(h.slice(0, h.indexOf("="))).toLowerCase(), unescape(h.slice(h.indexOf("=") + 1))]),
  );
  const raw = headers.get("replaces");
  const replaces = raw === undefined ? null : parseReplaces(raw);
  if (raw !== undefined && !replaces) return null;
  return { uri: parts[1], user: unescape(parts[2] ?? ""), replaces };
}

function unescape(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone percent sign is no reason to throw
  }
}
