import type { TextLimits } from "./behaviour.js";

/** Cuts start line, headers and body of a message to the sizes a server of limited memory takes of them. */
export function cutToSize(sip: string, limits: TextLimits): string {
  const lineEnd = end(sip, "\r\n", 0);
  const headEnd = end(sip, "\r\n\r\n", lineEnd);
  const line = sip.slice(0, lineEnd).slice(0, limits.startLine);
  const headers = sip.slice(lineEnd, headEnd).slice(0, limits.headers);
  return line + headers + "\r\n\r\n" + sip.slice(headEnd + 4).slice(0, limits.body);
}

function end(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? text.length : at;
}
