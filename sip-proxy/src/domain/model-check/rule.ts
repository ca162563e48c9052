/** What must hold: says what is wrong, or null. */
export type Rule<T> = readonly [title: string, wrong: (item: T) => string | null];
export const rule = <T>(title: string, wrong: (item: T) => string | null): Rule<T> => [title, wrong];

/** Two lists, written out; null when they are the same. */
export const differ = (got: readonly string[], want: readonly string[]): string | null =>
  got.length === want.length && got.every((one, i) => one === want[i]) ? null : `[${got}] instead of [${want}]`;

/** The same, whatever the order. */
export const differInAnyOrder = (got: readonly string[], want: readonly string[]): string | null =>
  differ([...got].sort(), [...want].sort());
