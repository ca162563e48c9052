import type { NumberCheck } from "@legwork/shared/api";
import { useCallback, useEffect, useRef, useState } from "react";
import { isDialText } from "../model/dialled.js";
import { usePanel } from "./panel-context.js";
import { TYPING_PAUSE_MS } from "./use-destinations.js";

/** `unchecked`: the server could not be asked. */
export type Outcome = NumberCheck | "checking" | "unchecked";

/**
 * What the server says of a number as it is typed (DN); undefined while there is nothing to dial. An answer to an older text is
 * dropped. `ask` does not wait for a pause in typing.
 */
export function useNumberCheck(text: string) {
  const panel = usePanel();
  const [answer, setAnswer] = useState<{ readonly of: string; readonly outcome: Outcome }>();
  const asked = useRef(0);
  const ask = useCallback(async (): Promise<Outcome> => {
    const mine = ++asked.current;
    const outcome = await panel.checkNumber(text).catch(() => "unchecked" as const);
    if (mine === asked.current) setAnswer({ of: text, outcome });
    return outcome;
  }, [panel, text]);
  useEffect(() => {
    if (!isDialText(text)) return;
    const timer = setTimeout(() => void ask(), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [ask, text]);
  if (!isDialText(text)) return { outcome: undefined, ask };
  return { outcome: answer?.of === text ? answer.outcome : "checking", ask };
}

/** The number can be dialled. */
export const isPossible = (outcome: Outcome | undefined): boolean => typeof outcome === "object" && outcome.ok;
