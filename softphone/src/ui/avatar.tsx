import type { SeatView } from "@legwork/shared/api";
import { type LucideIcon, Phone } from "lucide-react";

type Tone = "customer" | "me" | "colleague" | "plain";

/** A person's colour on this agent's page: the same before, during and after a call, whoever owns it. */
export const toneOf = (seat: SeatView): Tone => (seat.role === "customer" ? "customer" : seat.me ? "me" : "colleague");

/** First letters of the first and the last word; a number has none. */
export function initialsOf(label: string): string {
  const words = label.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => [...(word ?? "")][0]?.toUpperCase() ?? "").join("");
}

/** A person as a round mark; what is no person, as a queue, has an icon instead of initials. */
export function Avatar({ label, tone, icon: Icon = Phone }: { label: string; tone: Tone; icon?: LucideIcon }) {
  const initials = Icon === Phone ? initialsOf(label) : "";
  return (
    <span className={`avatar avatar-${tone}`} aria-hidden>
      {initials || <Icon />}
    </span>
  );
}
