import { Phone } from "lucide-react";

/** First letters of the first and the last word; a number has none. */
export function initialsOf(label: string): string {
  const words = label.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => [...(word ?? "")][0]?.toUpperCase() ?? "").join("");
}

/** A person as a round mark, coloured by their place in the call. */
export function Avatar({ label, tone }: { label: string; tone: "customer" | "consulted" | "owner" | "plain" }) {
  const initials = initialsOf(label);
  return (
    <span className={`avatar avatar-${tone}`} aria-hidden>
      {initials || <Phone />}
    </span>
  );
}
