import type { Target } from "@legwork/shared/api";
import { cleanDialText } from "@legwork/shared/dial-number";

/** The user part that the server knows a destination by; a number as it was typed, with the keys after its `:` (DN-5). */
export function dialledUser(target: Target): string {
  switch (target.kind) {
    case "agent":
      return target.agent;
    case "queue":
      return target.queue;
    case "entry-point":
      return target.entryPoint;
    case "number":
      return cleanDialText(target.number);
    case "expert":
      return target.expert;
  }
}

/** DN-1: a paste is cleaned before it is in the field. One with nothing to dial stays as it is: a name to look for in the list. */
export const cleanPaste = (text: string): string => cleanDialText(text) || text.trim();

/** There is something in the text that could be dialled. */
export const isDialText = (text: string): boolean => cleanDialText(text) !== "";

/** The text with a paste in place of what was selected, and where the caret is then. */
export function withPaste(text: string, from: number, to: number, paste: string): { text: string; caret: number } {
  const cleaned = cleanPaste(paste);
  return { text: text.slice(0, from) + cleaned + text.slice(to), caret: from + cleaned.length };
}
