/**
 * User part of a SIP or tel URI, unescaped; empty when there is none. A telephone number may carry parameters of its own before the `@`
 * (RFC 3261 section 19.1.6): they are no part of it.
 */
export function userOf(uri: string): string {
  const user = /^sips?:([^@?>]*)@/i.exec(uri)?.[1] ?? /^tel:([^?>]*)/i.exec(uri)?.[1] ?? "";
  return unescaped(user.split(";")[0] ?? "");
}

/** %-escapes read; a lone percent sign is no reason to throw. */
export function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
