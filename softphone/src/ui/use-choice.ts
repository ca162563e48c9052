import type { Target } from "@legwork/shared/api";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  answersTo,
  chosenIn,
  type Destination,
  type DestinationKind,
  type Errand,
  found,
  KINDS_OF,
  onlyChoiceIn,
  targetOf,
} from "../model/destination.js";
import { useDestinations } from "./use-destinations.js";
import { isPossible, useNumberCheck } from "./use-number-check.js";

const NONE: readonly Destination[] = [];

/** Whom an errand is to go to, as far as it has been chosen. What was searched for stays when the kind changes. */
export function useChoice(errand: Errand) {
  const { i18n } = useTranslation();
  const [kind, setKind] = useState<DestinationKind>(KINDS_OF[errand][0] ?? "agent");
  const [query, setQuery] = useState("");
  const [number, setNumber] = useState("");
  const [typed, setTyped] = useState(""); // unlike the number, not changed by a choice from the list
  const [id, setId] = useState<string | null>(null);
  const [switched, setSwitched] = useState(false);
  const { list, refresh } = useDestinations(kind, query);
  const { outcome, ask } = useNumberCheck(kind === "number" ? number : "");
  const all = list.kind === "loaded" ? list.all : undefined;
  const sought = kind === "number" ? typed : query;
  const lines = useMemo(
    () => (all ? found(all, { errand, query: sought, language: i18n.language }) : []),
    [all, errand, sought, i18n.language],
  );
  // Lines that answer an older question are shown until the newer answer is there, and nothing is taken from them.
  const current = list.kind === "loaded" && answersTo(kind, list.search, query) ? lines : NONE;
  const chosen = chosenIn(current, id);
  const ready = kind === "number" ? outcome === "checking" || isPossible(outcome) : chosen !== null;
  return {
    kind,
    list,
    refresh,
    lines,
    sought,
    query,
    /** Another question is another choice: nobody stays chosen whom the agent does not see. */
    search: (text: string) => {
      setQuery(text);
      setId(null);
    },
    number,
    outcome,
    chosen,
    only: onlyChoiceIn(current),
    ready,
    /** The kind has been chosen by hand: the focus is on the tabs, and stays there. */
    switched,
    setKind: (next: DestinationKind) => {
      setKind(next);
      setSwitched(true);
      setId(null);
    },
    choose: (destination: Destination | null) => {
      setId(destination?.id ?? null);
      if (destination?.kind === "number") setNumber(destination.number);
    },
    type: (text: string) => {
      setNumber(text);
      setTyped(text);
      setId(null);
    },
    /** What is chosen; asks for the check of a number when that is not back yet: Enter is often pressed before. */
    target: async (): Promise<Target | null> => {
      if (kind !== "number") return chosen && targetOf(chosen);
      return isPossible(outcome === "checking" ? await ask() : outcome) ? { kind, number } : null;
    },
  };
}

export type Choice = ReturnType<typeof useChoice>;
