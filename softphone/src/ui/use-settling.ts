import type { Controls } from "@legwork/shared/api";
import { useEffect, useLayoutEffect, useReducer, useState } from "react";
import { type Appearances, appearancesAfter, SETTLING_MS, settlesInMs } from "../model/press-guard.js";

const NONE: Appearances = new Map();

/** Which buttons of the call have come into sight only now, so that a press on them does not count yet. */
export function useSettling(controls: Controls): (name: keyof Controls) => boolean {
  const [seen, setSeen] = useState({ controls, appearances: NONE });
  const [, wake] = useReducer((count: number) => count + 1, 0);
  const now = performance.now();
  let { appearances } = seen;
  if (seen.controls !== controls) {
    appearances = appearancesAfter(appearances, seen.controls, controls, now);
    setSeen({ controls, appearances });
  }
  const left = Math.max(0, ...[...appearances.keys()].map((name) => settlesInMs(appearances, name, now)));
  useEffect(() => {
    if (left === 0) return;
    const timer = setTimeout(wake, left);
    return () => clearTimeout(timer);
  }, [left]);
  return (name) => settlesInMs(appearances, name, now) > 0;
}

/** The same for something that has come as a whole: true for a moment from then on. */
export function useSettlingIn(): boolean {
  const [settling, setSettling] = useState(false);
  useLayoutEffect(() => {
    setSettling(true);
    const timer = setTimeout(() => setSettling(false), SETTLING_MS);
    return () => clearTimeout(timer);
  }, []);
  return settling;
}
