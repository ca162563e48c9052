import type { CallPanel } from "@legwork/shared/call-panel";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Destination, DestinationKind } from "../model/destination.js";
import { usePanel } from "./panel-context.js";

/** A list that could not be loaded is never an empty one (DF-2). */
export type List =
  | { readonly kind: "loading" }
  | { readonly kind: "failed" }
  | { readonly kind: "loaded"; readonly all: readonly Destination[]; readonly at: Date };

const LOADING: List = { kind: "loading" };

/** The newest list of one kind, fetched when the kind is chosen and at each refresh; an answer that a newer question overtook is dropped. */
export function useDestinations(kind: DestinationKind) {
  const panel = usePanel();
  const [answer, setAnswer] = useState<{ readonly of: DestinationKind; readonly list: List }>();
  const asked = useRef(0);
  const refresh = useCallback(async () => {
    const mine = ++asked.current;
    const show = (list: List) => mine === asked.current && setAnswer({ of: kind, list });
    show(LOADING);
    try {
      show({ kind: "loaded", all: await load(panel, kind), at: new Date() });
    } catch {
      show({ kind: "failed" });
    }
  }, [panel, kind]);
  useEffect(() => void refresh(), [refresh]);
  return { list: answer?.of === kind ? answer.list : LOADING, refresh };
}

async function load(panel: CallPanel, kind: DestinationKind): Promise<readonly Destination[]> {
  switch (kind) {
    case "agent":
      return (await panel.listAgents()).map((agent) => ({ kind, ...agent }));
    case "queue":
      return (await panel.listQueues()).map((queue) => ({ kind, ...queue }));
    case "entry-point":
      return (await panel.listEntryPoints()).map((entryPoint) => ({ kind, ...entryPoint }));
  }
}
