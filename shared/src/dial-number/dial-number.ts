/**
 * What may be dialled, and what is dialled then: one rule set for the dialog, the API and a number dialled on a phone, for consult, transfer
 * and outbound calls alike (DN-1 to DN-5).
 */
import { parsePhoneNumberWithError, ParseError, type CountryCode } from "libphonenumber-js/max";

/** A number that can be dialled. */
export interface DialNumber {
  /**
   * - `e164`: a number of the telephone network, `number` is `+` and digits;
   * - `short`: an emergency or short number of the home country, or a service code: what has a `*` or `#` in it, dialled as it is;
   * - `extension`: one of the site's own telephones.
   */
  readonly kind: "e164" | "short" | "extension";
  readonly number: string;
  /** Sent as DTMF after the answer: digits, `*`, `#`; each `:` is a pause of one second. Empty when there is nothing to send. */
  readonly postDial: string;
}

/** Why a number is not dialled. Closed, so that each has a text in every language. */
export type DialNumberError =
  | "empty"
  | "too-short" // fewer than 3 digits
  | "too-long" // more than 18 digits
  | "misplaced-plus" // a + that is not the first character
  | "unknown-country"
  | "impossible" // no number of that country has this length
  | "digits-inside"; // digits to send after the answer, to one of our own who has no use for them

export type DialNumberOutcome =
  { readonly ok: true; readonly dial: DialNumber } | { readonly ok: false; readonly error: DialNumberError };

export interface DialingRules {
  /** ISO 3166-1 alpha-2, upper case. */
  readonly homeCountry: string;
  /** The site's own telephones: one of these wins over a number of the network (DN-4). */
  isExtension(digits: string): boolean;
}

/** International prefixes to try after the home country's own (DN-3), the longest first. */
const IDD_PREFIXES = ["0011", "011", "00"] as const;

/** Never read as anything else: emergency numbers of the world's larger parts, and Europe's 116 helplines (DN-4). */
const EMERGENCY = /^(112|911|999|000|110|113|116\d{3})$/;
const MAX_SHORT_DIGITS = 6;

/** `#` after a number is the key by which telephones are told that it is whole; it belongs to no number. */
const SEND_KEY = /^(\+?\d+)#$/;

/** A number that calls for help, wherever one is: such a call is never refused and never limited. */
export const isEmergency = (number: string): boolean => EMERGENCY.test(number);

/** DN-1: keeps digits and `+ # * :`, whatever was typed or pasted; a full-width or Arabic digit is the digit it means. */
export const cleanDialText = (text: string): string =>
  text
    .normalize("NFKC")
    .replace(/\p{Nd}/gu, digitOf)
    .replace(/[^0-9+#*:]/g, "");

/** Decimal digits of every script follow each other from their zero (Unicode 4.6). */
function digitOf(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code < 128) return char;
  let zero = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1)) && code - zero < 9) zero--;
  return String(code - zero);
}

/** DN-1 to DN-5. Pure; never throws. */
export function parseDialNumber(text: string, rules: DialingRules): DialNumberOutcome {
  const [typed = "", ...rest] = cleanDialText(text).split(":");
  const dialled = typed.replace(SEND_KEY, "$1");
  const postDial = rest.join(":").replace(/\+/g, "");
  const dial = (kind: DialNumber["kind"], number: string): DialNumberOutcome => ({
    ok: true,
    dial: { kind, number, postDial },
  });
  const refuse = (error: DialNumberError): DialNumberOutcome => ({ ok: false, error });

  const digits = dialled.replace(/\D/g, "");
  if (dialled === "") return refuse("empty");
  if (dialled.lastIndexOf("+") > 0) return refuse("misplaced-plus");
  if (/[*#]/.test(dialled) && digits.length >= 1 && digits.length <= 18) return dial("short", dialled);
  if (digits.length < 3) return refuse("too-short");
  if (digits.length > 18) return refuse("too-long");
  if (digits === dialled && EMERGENCY.test(digits)) return dial("short", digits);
  if (digits === dialled && digits.length <= 6 && rules.isExtension(digits))
    return postDial === "" ? dial("extension", digits) : refuse("digits-inside");
  return toE164(dialled, rules.homeCountry, dial, refuse);
}

function toE164(
  dialled: string,
  homeCountry: string,
  dial: (kind: DialNumber["kind"], number: string) => DialNumberOutcome,
  refuse: (error: DialNumberError) => DialNumberOutcome,
): DialNumberOutcome {
  const home = homeCountry as CountryCode;
  const asDialled = read(dialled, home); // the home country's own prefix is known to the library, and so counts first (DN-3)
  const abroad = IDD_PREFIXES.filter((prefix) => dialled.startsWith(prefix)).map((prefix) =>
    read(`+${dialled.slice(prefix.length)}`, home),
  );
  // A prefix of another country counts unless the digits are a real number at home: 011 is also Turin.
  const readings = asDialled.valid ? [asDialled] : [...abroad, asDialled];
  const number = readings.find((reading) => reading.number !== null)?.number;
  if (number) return dial("e164", number);
  // A short number of the home country is no number of the network, and still a number (DN-4).
  if (/^\d+$/.test(dialled) && dialled.length <= MAX_SHORT_DIGITS) return dial("short", dialled);
  return refuse(asDialled.unknownCountry ? "unknown-country" : "impossible");
}

interface Reading {
  /** E.164, when a number of that country can have this length (DN-4: possible, not valid). */
  readonly number: string | null;
  readonly valid: boolean;
  readonly unknownCountry: boolean;
}

function read(text: string, home: CountryCode): Reading {
  try {
    const parsed = parsePhoneNumberWithError(text, { defaultCountry: home, extract: false });
    return { number: parsed.isPossible() ? parsed.number : null, valid: parsed.isValid(), unknownCountry: false };
  } catch (error) {
    const unknownCountry = error instanceof ParseError && error.message === "INVALID_COUNTRY";
    return { number: null, valid: false, unknownCountry };
  }
}
