/** A request's headers by name, as text. */
export type HeaderOf = (name: string) => string | undefined;

/**
 * The server asks the page to answer by itself: a call given back after a reload. `Alert-Info: …;info=alert-autoanswer`,
 * `Call-Info: …;answer-after=0` and `Answer-After: 0` are the three ways phones know.
 */
export function answersByItself(header: HeaderOf): boolean {
  if (/;\s*info\s*=\s*"?alert-autoanswer"?/i.test(header("Alert-Info") ?? "")) return true;
  if (/;\s*answer-after\s*=\s*0\b/i.test(header("Call-Info") ?? "")) return true;
  return header("Answer-After")?.trim() === "0";
}
