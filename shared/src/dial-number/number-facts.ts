import { parsePhoneNumberFromString } from "libphonenumber-js/max";

/** What the numbering plan says of a number. */
export interface NumberFacts {
  /** ISO 3166-1 alpha-2; null for a short number, and for one that belongs to no country. */
  readonly country: string | null;
  /** Costs more than a plain call, or may do so: premium rate and shared cost. */
  readonly premium: boolean;
  /** For people: +47 22 33 44 55. */
  readonly display: string;
}

/** A number as it is dialled: E.164 with its plus, or a short number. */
export function factsOf(number: string): NumberFacts {
  const parsed = number.startsWith("+") ? parsePhoneNumberFromString(number) : undefined;
  if (!parsed) return { country: null, premium: false, display: number };
  const type = parsed.getType();
  return {
    country: parsed.country ?? null,
    premium: type === "PREMIUM_RATE" || type === "SHARED_COST",
    display: parsed.formatInternational(),
  };
}
