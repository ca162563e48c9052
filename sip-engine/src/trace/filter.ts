import { bareHost } from "../sip/uri.js";
import type { Address } from "../core/ports.js";
import type { TraceFilter } from "./order.js";
import { userOf } from "./summary.js";
import type { Summary } from "./summary.js";

/** True when a message fits the filter; a call is traced from its first message that does. */
export function fits(filter: TraceFilter, summary: Summary, remote: Address): boolean {
  const { number, from, to, callId, peer } = filter;
  const toUsers = [summary.to, summary.requestUri];
  return (
    (number === null || anyFits(number, [summary.from, ...toUsers])) &&
    (from === null || anyFits(from, [summary.from])) &&
    (to === null || anyFits(to, toUsers)) &&
    (callId === null || callId === summary.callId) &&
    (peer === null || (peer.host === bareHost(remote.host) && (peer.port === null || peer.port === remote.port)))
  );
}

function anyFits(pattern: string, uris: readonly string[]): boolean {
  return uris.some((uri) => {
    const user = userOf(uri);
    return user !== null && numberFits(pattern, user);
  });
}

/**
 * Compares as people write numbers: case, a leading `+` or `00` and visual separators (RFC 3966 5.1.1) do not count, `*` stands for
 * any characters. `4722*` fits `+47 22 33 44 55`.
 */
export function numberFits(pattern: string, user: string): boolean {
  const pieces = bare(pattern).split("*");
  let rest = bare(user);
  const first = pieces[0]!;
  const last = pieces.at(-1)!;
  if (pieces.length === 1) return rest === first;
  if (rest.length < first.length + last.length || !rest.startsWith(first) || !rest.endsWith(last)) return false;
  rest = rest.slice(first.length, rest.length - last.length);
  for (const piece of pieces.slice(1, -1)) {
    const at = rest.indexOf(piece);
    if (at < 0) return false;
    rest = rest.slice(at + piece.length);
  }
  return true;
}

/** Separators are taken out of numbers only: `anna.b` is a name. */
function bare(text: string): string {
  const lower = text.toLowerCase();
  if (!/^\+?[\d*\s().-]+$/.test(lower)) return lower;
  return lower.replace(/[\s().-]/g, "").replace(/^(\+|00)/, "");
}
