import type { InteractionEvent } from "@legwork/shared/interaction";
import { decide } from "../decide.js";
import type { InteractionPolicy, InteractionState, Step, Wire } from "../interaction-state.js";
import { ALPHABET } from "./alphabet.js";

export interface Transition {
  readonly before: InteractionState | null;
  readonly event: InteractionEvent;
  readonly step: Step;
}

/**
 * Visits every state that any order of events leads to, and every step between two; returns how many states there are. The shell keeps two
 * things from the core: an agent who is in the interaction is not called again (AG-3: such an agent is not reachable), and no id is used twice.
 */
export function explore(
  policy: InteractionPolicy,
  visit: { state(state: InteractionState): void; transition(transition: Transition): void },
): number {
  const seen = new Set<string>();
  const open: (InteractionState | null)[] = [null];
  for (let before = open.pop(); before !== undefined; before = open.pop()) {
    for (const event of ALPHABET) {
      if (before && cannotHappen(before, event)) continue;
      const step = decide(before, event, policy);
      if (step.state === before && step.commands.length === 0) continue; // ignored in silence: nothing to check
      visit.transition({ before, event, step });
      if (step.state === before) continue;
      const key = keyOf(step.state);
      if (seen.has(key)) continue;
      seen.add(key);
      visit.state(step.state);
      open.push(step.state);
    }
  }
  return seen.size;
}

/** States that differ only in whether the owner's own legs were ever heard of are one: no rule asks for it (CO-4 asks of the survivors). */
const keyOf = (s: InteractionState): string => {
  if (!("owner" in s)) return JSON.stringify(s);
  const quiet = (wire: Wire): Wire => ({ ...wire, up: false });
  const line = "consult" in s && s.consult.line ? { consult: { ...s.consult, line: quiet(s.consult.line) } } : {};
  return JSON.stringify({ ...s, ...line, owner: { ...s.owner, wire: quiet(s.owner.wire) } });
};

function cannotHappen(s: InteractionState, e: InteractionEvent): boolean {
  if (e.type === "consultRequested" && e.line && "owner" in s && s.owner.wire.leg === e.line) return true; // ids are never used twice
  const called = e.type === "consultRequested" && e.target.kind === "agent" ? e.target.agent : null;
  const agent = e.type === "offerStarted" ? e.agent : called;
  if (!agent) return false;
  const inside = [
    "offer" in s ? s.offer.agent : null,
    "owner" in s ? s.owner.agent : null,
    "consult" in s ? s.consult.consulted?.agent : null,
  ];
  return inside.includes(agent);
}
