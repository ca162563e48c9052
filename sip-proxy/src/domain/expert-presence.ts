import type { PresenceState, PresenceView } from "@legwork/shared/api";
import type { AgentState } from "./agent-state.js";

/** How an agent of ours is, as other directories would say it. `registered`: the station is, or nobody is signed in and the telephone is. */
export function presenceOfAgent(state: AgentState["kind"], registered: boolean): PresenceState {
  switch (state) {
    case "offline": // a telephone may ring without anybody signed in at it
    case "idle":
    case "rona":
      return registered ? "away" : "offline";
    case "available":
      return registered ? "available" : "offline";
    case "reserved":
    case "engaged":
    case "wrap-up":
      return "busy";
  }
}

/** What was known at a time, as it is shown now. */
export const presenceView = (state: PresenceState, at: number, now: number, staleMs: number): PresenceView => ({
  state,
  asOf: new Date(at).toISOString(),
  stale: now - at > staleMs,
});
