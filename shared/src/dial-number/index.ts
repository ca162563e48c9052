export { cleanDialText, isEmergency, parseDialNumber } from "./dial-number.js";
export type { DialingRules, DialNumber, DialNumberError, DialNumberOutcome } from "./dial-number.js";
export { factsOf } from "./number-facts.js";
export type { NumberFacts } from "./number-facts.js";
