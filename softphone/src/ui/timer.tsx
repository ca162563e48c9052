import { formatSeconds, secondsBetween } from "../model/clock.js";
import { usePanelState } from "./panel-context.js";
import { useNow } from "./use-now.js";

/** Whole seconds until a time of the server's clock, in ms since 1970; 0 when it is over. */
export function useSecondsUntil(atMs: number): number {
  const { clockOffsetMs } = usePanelState();
  return secondsBetween(useNow() + clockOffsetMs, atMs);
}

/** Time passed since `since` by the server's clock. Not announced: a screen reader would speak each second. */
export function Elapsed({ since, label }: { since: string; label: string }) {
  const { clockOffsetMs } = usePanelState();
  const seconds = secondsBetween(Date.parse(since), useNow() + clockOffsetMs);
  return (
    <time className="elapsed" role="timer" aria-live="off" aria-label={label} title={label}>
      {formatSeconds(seconds)}
    </time>
  );
}
