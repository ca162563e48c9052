import type { InteractionEvent } from "@legwork/shared/interaction";
import { decide } from "./decide.js";
import type { InteractionPolicy, InteractionState } from "./interaction-state.js";
import { isRequest } from "./phases/steps.js";

/** The policy that a log of events was ruled by; `site`: today's, for a log that does not say. Pure. */
export function policyOf(events: readonly InteractionEvent[], site: InteractionPolicy): InteractionPolicy {
  const [first] = events;
  return (first && "policy" in first && first.policy) || site;
}

/** The state after each event of a log, in order, whatever the site's policy is by now. Pure. */
export function replay(events: readonly InteractionEvent[], site: InteractionPolicy): readonly InteractionState[] {
  const policy = policyOf(events, site);
  const voided = new Set(events.flatMap((e) => (e.type === "requestVoided" ? [e.request] : [])));
  const states: InteractionState[] = [];
  for (const event of events) {
    const before = states.at(-1) ?? null;
    const skipped = isRequest(event) && voided.has(event.request);
    if (!skipped) states.push(decide(before, event, policy).state);
    else if (before) states.push(before);
  }
  return states;
}
