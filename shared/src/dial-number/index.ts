export { cleanDialText, parseDialNumber } from "./dial-number.js";
export type { DialingRules, DialNumber, DialNumberError, DialNumberOutcome } from "./dial-number.js";
