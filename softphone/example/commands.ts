import type { CallPanel, CallPanelState } from "legwork-call-panel";

/** The buttons of this page: when each may be pressed, and what it asks of the panel. */
export const COMMANDS = {
  available: {
    may: ({ desktop }) => !desktop?.interaction && ["idle", "rona"].includes(desktop?.agent.state.kind ?? ""),
    run: (panel) => panel.setState({ kind: "available" }),
  },
  accept: { may: ({ incoming }) => incoming !== null, run: (panel) => panel.accept() },
  hold: { may: ({ desktop }) => desktop?.interaction?.controls.hold.enabled ?? false, run: (panel) => panel.hold() },
  unhold: {
    may: ({ desktop }) => desktop?.interaction?.controls.unhold.enabled ?? false,
    run: (panel) => panel.unhold(),
  },
  end: { may: ({ desktop }) => desktop?.interaction?.controls.end.enabled ?? false, run: (panel) => panel.end() },
} as const satisfies Readonly<
  Record<string, { may(state: CallPanelState): boolean; run(panel: CallPanel): Promise<void> }>
>;

export type HostCommand = keyof typeof COMMANDS;
