import type { HistoryEntry } from "@legwork/shared/api";
import { useCallback, useEffect, useRef, useState } from "react";
import { usePanel } from "./panel-context.js";

/** Calls that could not be loaded are never no calls. `stale`: a later try to refresh failed. */
export type CallsOfToday =
  | { readonly kind: "loading" }
  | { readonly kind: "failed" }
  | {
      readonly kind: "loaded";
      readonly entries: readonly HistoryEntry[];
      readonly more: boolean;
      readonly timeZone: string;
      readonly stale: boolean;
    };

const LOADING: CallsOfToday = { kind: "loading" };

/**
 * The agent's calls of today: fetched again when the server says that they have changed, and on request; what has been shown stays
 * until the answer is there. An answer that a newer question overtook is dropped.
 */
export function useHistory(revision: number) {
  const panel = usePanel();
  const [calls, setCalls] = useState<CallsOfToday>(LOADING);
  const asked = useRef(0);
  const refresh = useCallback(async () => {
    const mine = ++asked.current;
    const show = (next: (before: CallsOfToday) => CallsOfToday) => mine === asked.current && setCalls(next);
    try {
      const { entries, more, timeZone } = await panel.listHistory();
      show(() => ({ kind: "loaded", entries, more, timeZone, stale: false }));
    } catch {
      show((before) => (before.kind === "loaded" ? { ...before, stale: true } : { kind: "failed" }));
    }
  }, [panel]);
  useEffect(() => void refresh(), [refresh, revision]);
  const retry = () => {
    setCalls((before) => (before.kind === "failed" ? LOADING : before));
    void refresh();
  };
  const showMore = async (before: string) => {
    const mine = ++asked.current;
    const older = await panel.listHistory({ to: before });
    if (mine !== asked.current) return;
    setCalls((now) =>
      now.kind === "loaded" ? { ...now, entries: [...now.entries, ...older.entries], more: older.more } : now,
    );
  };
  return { calls, retry, showMore };
}
