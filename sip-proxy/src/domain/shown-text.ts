/** As long as the site's own names may be. */
const LONGEST = 128;

/** Controls, and what turns the direction of the text after it round (Unicode Bidi_Control, UAX #9). */
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** What a stranger calls himself, fit to be shown in the middle of a sentence: in its own direction, in one line, and cut when it is long. */
export function shownText(text: string): string {
  const characters = [...text.replace(UNSEEN, "").trim()];
  return characters.length <= LONGEST ? characters.join("") : `${characters.slice(0, LONGEST - 1).join("")}…`;
}
