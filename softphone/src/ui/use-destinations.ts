import type { CallPanel, Listed } from "@legwork/shared/call-panel";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Destination, DestinationKind } from "../model/destination.js";
import { usePanel } from "./panel-context.js";

/** The server is asked when typing has paused for this long. */
export const TYPING_PAUSE_MS = 200;

/** How often the states in an open list are fetched again (DF-2). */
const LIVE_MS = 3000;

/** A list that could not be loaded is never an empty one (DF-2). `search`: what the server was asked for. */
export type List =
  | { readonly kind: "loading" }
  | { readonly kind: "failed" }
  | { readonly kind: "loaded"; readonly all: readonly Destination[]; readonly at: Date; readonly search: string };

const LOADING: List = { kind: "loading" };

/**
 * The newest list of one kind, fetched when the kind is chosen, at each refresh, every few seconds, and for the
 * organisation as it is typed; an answer that a newer question overtook is dropped.
 */
export function useDestinations(kind: DestinationKind, query: string) {
  const panel = usePanel();
  const [answer, setAnswer] = useState<{ readonly of: DestinationKind; readonly list: List }>();
  const asked = useRef(0);
  const search = kind === "expert" ? query.trim() : "";
  const ask = useCallback(
    async (how: "shown" | "in-background") => {
      const mine = how === "shown" ? ++asked.current : asked.current;
      const show = (list: List) => mine === asked.current && setAnswer({ of: kind, list });
      try {
        const { all, asOf } = await load(panel, kind, search);
        show({ kind: "loaded", all, at: new Date(asOf), search });
      } catch {
        // In the background the list that is there stays, with the time it is from.
        if (how === "shown") show({ kind: "failed" });
      }
    },
    [panel, kind, search],
  );
  useEffect(() => {
    const first = setTimeout(() => void ask("shown"), search ? TYPING_PAUSE_MS : 0);
    const live = setInterval(() => void ask("in-background"), LIVE_MS);
    return () => {
      clearTimeout(first);
      clearInterval(live);
    };
  }, [ask, search]);
  const refresh = () => {
    setAnswer(undefined);
    void ask("shown");
  };
  return { list: answer?.of === kind ? answer.list : LOADING, refresh };
}

async function load(panel: CallPanel, kind: DestinationKind, search: string): Promise<Listed<Destination>> {
  switch (kind) {
    case "agent":
      return of(kind, await panel.listAgents());
    case "queue":
      return of(kind, await panel.listQueues());
    case "entry-point":
      return of(kind, await panel.listEntryPoints());
    case "number":
      return of(kind, await panel.listDialNumbers());
    case "expert":
      return of(kind, await panel.listExperts(search));
  }
}

const of = <Kind extends DestinationKind, T>(kind: Kind, { all, asOf }: Listed<T>) => ({
  all: all.map((each) => ({ kind, ...each })),
  asOf,
});
