import type { InteractionEvent } from "@legwork/shared/interaction";
import type { InteractionPolicy, InteractionState, Step } from "./interaction-state.js";
import { whileBlindTransferring } from "./phases/blind-transfer.js";
import { whileConference, whileJoining } from "./phases/conference.js";
import { whileConnected } from "./phases/connected.js";
import { whileConsulting } from "./phases/consulting.js";
import { placed, whileDialling } from "./phases/dialling.js";
import { handOff } from "./phases/hand-off.js";
import { withLostSeats } from "./phases/lost-seats.js";
import { otherwise, to } from "./phases/steps.js";
import { withUndo } from "./phases/undo.js";
import { whileAsking, whileTransferring } from "./phases/transferring.js";
import { whileUnowned } from "./phases/unowned.js";
import { opened, whileOffered, whileWaiting } from "./phases/waiting.js";

/**
 * The whole rule set of one interaction. Pure: same state and event, same step; no clock, no I/O, no randomness. `state` is null before the
 * first event. Who hears whom follows from the state alone (`seatPlan`).
 */
export function decide(state: InteractionState | null, event: InteractionEvent, policy: InteractionPolicy): Step {
  if (event.type === "callArrived") return state ? to(state) : opened(event);
  if (event.type === "callPlaced") return state ? to(state) : placed(event);
  if (!state) return otherwise({ phase: "ended" }, event);
  if (state.phase === "ended") return inPhase(state, event, policy);
  return withUndo(state, event, (s) => withLostSeats(s, event, policy, inPhase));
}

function inPhase(state: InteractionState, event: InteractionEvent, policy: InteractionPolicy): Step {
  if (event.type === "handOffRequested" && state.phase !== "ended") return handOff(state, event, policy, inPhase);
  switch (state.phase) {
    case "waiting":
      return whileWaiting(state, event);
    case "offered":
      return whileOffered(state, event);
    case "dialling":
      return whileDialling(state, event);
    case "connected":
      return whileConnected(state, event);
    case "consulting":
      return whileConsulting(state, event, policy);
    case "asking":
      return whileAsking(state, event, policy);
    case "transferring":
      return whileTransferring(state, event, policy);
    case "joining":
      return whileJoining(state, event, policy);
    case "conference":
      return whileConference(state, event);
    case "blind-transferring":
      return whileBlindTransferring(state, event);
    case "unowned":
      return whileUnowned(state, event);
    case "ended": // absorbing: late events are expected, not errors
      return otherwise(state, event);
    default:
      return assertNever(state);
  }
}

function assertNever(x: never): never {
  throw new Error(`unreachable: ${JSON.stringify(x)}`);
}
