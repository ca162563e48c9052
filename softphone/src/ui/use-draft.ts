import type { WrapUpView } from "@legwork/shared/api";
import { useCallback, useEffect, useRef, useState } from "react";
import { usePanel, usePanelState } from "./panel-context.js";

/** A change of a draft is sent when there has been none for this long. */
const PAUSE_MS = 500;

interface Draft {
  readonly reason: string;
  readonly note: string;
}

/**
 * What is chosen and typed in a wrap-up, kept by the server as it changes: it is there after a reload, and it is what is submitted when the
 * countdown is over (WU-1).
 */
export function useDraft({ id, defaultReason, draft: kept }: WrapUpView) {
  const panel = usePanel();
  const ready = usePanelState().connection.kind === "ready";
  const [draft, setDraft] = useState<Draft>(kept ?? { reason: defaultReason, note: "" });
  const saved = useRef(draft);
  const save = useCallback(async () => {
    const before = saved.current;
    if (same(before, draft)) return;
    saved.current = draft;
    try {
      await panel.draftWrapUp(id, draft.reason, draft.note);
    } catch {
      if (saved.current === draft) saved.current = before; // the next change, or the connection when it is back, tries again
    }
  }, [panel, id, draft]);
  useEffect(() => {
    if (!ready) return;
    const timer = setTimeout(() => void save(), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [save, ready]);
  return {
    ...draft,
    change: (changes: Partial<Draft>) => setDraft((before) => ({ ...before, ...changes })),
    /** At once, as when the field is left. */
    save: () => void save(),
  };
}

const same = (a: Draft, b: Draft): boolean => a.reason === b.reason && a.note === b.note;
