import type { InteractionEvent } from "@legwork/shared/interaction";
import { decide } from "../decide.js";
import type { InteractionPolicy, InteractionState, Step } from "../interaction-state.js";
import { ALPHABET } from "./alphabet.js";

export interface Transition {
  readonly before: InteractionState | null;
  readonly event: InteractionEvent;
  readonly step: Step;
}

export interface Space {
  readonly states: readonly InteractionState[];
  readonly transitions: readonly Transition[];
}

/**
 * Every state that any order of events leads to. The shell keeps two things from the core: an agent who is in the interaction is not called
 * again (AG-3: such an agent is not reachable), and no id is used twice.
 */
export function reachable(policy: InteractionPolicy): Space {
  const seen = new Map<string, InteractionState>();
  const transitions: Transition[] = [];
  const open: (InteractionState | null)[] = [null];
  for (let before = open.shift(); before !== undefined; before = open.shift()) {
    for (const event of ALPHABET) {
      if (before && cannotHappen(before, event)) continue;
      const step = decide(before, event, policy);
      if (step.state === before && step.commands.length === 0) continue; // ignored in silence: nothing to check
      transitions.push({ before, event, step });
      if (step.state === before) continue;
      const key = JSON.stringify(step.state);
      if (seen.has(key)) continue;
      seen.set(key, step.state);
      open.push(step.state);
    }
  }
  return { states: [...seen.values()], transitions };
}

function cannotHappen(s: InteractionState, e: InteractionEvent): boolean {
  if (e.type === "consultRequested" && e.line && "owner" in s && s.owner.wire.leg === e.line) return true; // ids are never used twice
  const agent = e.type === "offerStarted" ? e.agent : e.type === "consultRequested" ? e.target.agent : null;
  if (!agent) return false;
  const inside = [
    "offer" in s ? s.offer.agent : null,
    "owner" in s ? s.owner.agent : null,
    "consult" in s ? s.consult.consulted.agent : null,
  ];
  return inside.includes(agent);
}
