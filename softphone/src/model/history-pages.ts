import type { History, HistoryEntry } from "@legwork/shared/api";

/** What of the history is shown, newest first; `more`: there are older ones. */
export interface HistoryPages {
  readonly entries: readonly HistoryEntry[];
  readonly more: boolean;
}

/** With the newest page fetched again: the older ones stay as far as they follow on it. */
export function withNewest(shown: HistoryPages, newest: Pick<History, "entries" | "more">): HistoryPages {
  const lastShown = shown.entries.findIndex(({ id }) => id === newest.entries.at(-1)?.id);
  const older = newest.more && lastShown >= 0 ? shown.entries.slice(lastShown + 1) : [];
  if (older.length === 0) return { entries: newest.entries, more: newest.more };
  return { entries: [...newest.entries, ...older], more: shown.more };
}

/** With the page of those that began before `before`; unchanged where that is not the end of what is shown any more. */
export function withOlder(shown: HistoryPages, before: string, older: Pick<History, "entries" | "more">): HistoryPages {
  if (shown.entries.at(-1)?.began !== before) return shown;
  return { entries: [...shown.entries, ...older.entries], more: older.more };
}
