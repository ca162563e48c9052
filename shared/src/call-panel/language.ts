/** English, or Norwegian Bokmål. */
export type Language = "en" | "nb";
