/** What a REFER points at (RFC 3515), and the dialog it wants replaced (RFC 3891). Pure text in, values out. */

export interface ReplacedDialog {
  readonly callId: string;
  readonly toTag: string;
  readonly fromTag: string;
}

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

/** RFC 3891 section 6.1: the Call-ID, then parameters in any order (SIP.js writes to-tag first, others from-tag). */
export function parseReplaces(value: string): ReplacedDialog | null {
  const [callId, ...params] = value.split(";").map((p) => p.trim());
  const tags = new Map(params.map((p) => [p.slice(0, p.indexOf("=")).toLowerCase(), p.slice(p.indexOf("=") + 1)]));
  const toTag = tags.get("to-tag");
  const fromTag = tags.get("from-tag");
  return callId && toTag !== undefined && fromTag !== undefined ? { callId, toTag, fromTag } : null;
}

/** Replaces is written by one side and matched on the other: its to-tag may be our tag or the peer's. */
export const replacesMatches = (
  r: ReplacedDialog,
  dialog: { callId: string; localTag: string; remoteTag: string },
): boolean =>
  r.callId === dialog.callId &&
  ((r.toTag === dialog.localTag && r.fromTag === dialog.remoteTag) ||
    (r.toTag === dialog.remoteTag && r.fromTag === dialog.localTag));

function unescape(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone percent sign is no reason to throw
  }
}
