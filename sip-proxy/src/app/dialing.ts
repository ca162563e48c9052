import { parseDialNumber, type DialingRules } from "@legwork/shared/dial-number";
import type { Agents } from "./agents.js";

/** DN-1 to DN-5 at this site: its home country, and the extensions there are now. */
export function dialing(
  agents: Pick<Agents, "find">,
  country: string,
): (text: string) => ReturnType<typeof parseDialNumber> {
  const rules: DialingRules = {
    homeCountry: country,
    isExtension: (digits) => agents.find(digits)?.extension === digits,
  };
  return (text) => parseDialNumber(text, rules);
}
