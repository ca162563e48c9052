import type { CallPanel, CallPanelState } from "@legwork/shared/call-panel";
import { createContext, type ReactNode, useContext, useSyncExternalStore } from "react";

const PanelContext = createContext<CallPanel | null>(null);

/** Gives the call panel to everything below. */
export function PanelProvider({ panel, children }: { panel: CallPanel; children: ReactNode }) {
  return <PanelContext value={panel}>{children}</PanelContext>;
}

/** The call panel's commands. */
export function usePanel(): CallPanel {
  const panel = useContext(PanelContext);
  if (!panel) throw new Error("usePanel outside PanelProvider");
  return panel;
}

/** The call panel's state, followed. */
export function usePanelState(): CallPanelState {
  const panel = usePanel();
  const read = () => panel.state;
  return useSyncExternalStore((changed) => panel.subscribe(changed), read, read);
}
