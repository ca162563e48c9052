import type { HistoryEntry } from "@legwork/shared/api";
import { useCallback, useEffect, useRef, useState } from "react";
import { withNewest, withOlder } from "../model/history-pages.js";
import { usePanel, usePanelState } from "./panel-context.js";

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
 * The agent's calls of today: fetched again when the server says that they have changed, when it is reached again after an answer was
 * missed, and on request; what has been shown stays until the answer is there. An answer that a newer question overtook is dropped.
 */
export function useHistory(revision: number) {
  const panel = usePanel();
  const ready = usePanelState().connection.kind === "ready";
  const [calls, setCalls] = useState<CallsOfToday>(LOADING);
  const asked = useRef(0);
  const askedOlder = useRef(0);
  const missed = useRef(false);
  const refresh = useCallback(async () => {
    const mine = ++asked.current;
    const show = (next: (before: CallsOfToday) => CallsOfToday) => mine === asked.current && setCalls(next);
    try {
      const newest = await panel.listHistory();
      const { timeZone } = newest;
      if (mine === asked.current) missed.current = false;
      show((before) => {
        const pages = before.kind === "loaded" ? withNewest(before, newest) : newest;
        return { kind: "loaded", entries: pages.entries, more: pages.more, timeZone, stale: false };
      });
    } catch {
      if (mine === asked.current) missed.current = true;
      show((before) => (before.kind === "loaded" ? { ...before, stale: true } : { kind: "failed" }));
    }
  }, [panel]);
  useEffect(() => void refresh(), [refresh, revision]);
  useEffect(() => {
    if (ready && missed.current) void refresh();
  }, [ready, refresh]);
  const retry = () => {
    setCalls((before) => (before.kind === "failed" ? LOADING : before));
    void refresh();
  };
  const showMore = async (before: string) => {
    const mine = ++askedOlder.current;
    const older = await panel.listHistory({ to: before });
    if (mine !== askedOlder.current) return;
    setCalls((now) => (now.kind === "loaded" ? { ...now, ...withOlder(now, before, older) } : now));
  };
  return { calls, retry, showMore };
}
