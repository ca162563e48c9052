import type { AgentStateView } from "@legwork/shared/api";
import type { AgentState } from "./agent-state.js";

/** AG-1 as the desktop shows it: what a call interrupted stays on the server. */
export function desktopAgentState(s: AgentState): AgentStateView {
  switch (s.kind) {
    case "idle":
      return { kind: "idle", reason: s.reason };
    case "offline":
    case "available":
    case "rona":
    case "wrap-up":
    case "reserved":
    case "engaged":
      return { kind: s.kind };
  }
}
