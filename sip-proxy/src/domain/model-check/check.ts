import type { InteractionEvent } from "@legwork/shared/interaction";
import { isRequest } from "../phases/steps.js";
import { bookkeepingRules, timerRule } from "./bookkeeping-rules.js";
import { courseRules } from "./course-rules.js";
import { heardIn, hearingRules, listeningRules } from "./hearing-rules.js";
import { canonical, everySound, FULL, mergedInto, PLAIN } from "./merging.js";
import { Walk, type Transition } from "./reachable.js";
import { requestRules } from "./request-rules.js";
import { tellingRules } from "./telling-rules.js";
import type { Rule } from "./rule.js";
import { storyRule } from "./story.js";

/** A step that only refuses leaves nothing to keep account of, one that does nothing at all may have forgotten something. */
function rulesFor({ before, event, step }: Transition): readonly Rule<Transition>[] {
  if (step.state !== before) return stepRules;
  const [first] = step.commands;
  if (isRequest(event) && (!first || (first.type === "refuseRequest" && first.request === event.request)))
    return requestRules;
  return first ? stepRules : idleRules;
}
const idleRules = [timerRule, ...courseRules, storyRule];
const stepRules = [...requestRules, ...bookkeepingRules, ...tellingRules, ...courseRules, storyRule];

/** A state that grows with every step has something in it that is never forgotten. */
const MOST_STATES = 5_000;
const FINITE = "comes to an end: whatever happens leads back to a state that was there already";

/** What must hold, in the words of the tests. */
export const RULES: readonly string[] = [
  FINITE,
  ...[...hearingRules, ...listeningRules, ...stepRules].map(([title]) => title),
];

export interface Verdict {
  /** How many there are; each stands for all that only differ in what a wire showed, or in names. */
  readonly states: number;
  readonly standFor: number;
  /** Events tried. */
  readonly steps: number;
  readonly phases: ReadonlySet<string>;
  /** The first counterexample to each rule that does not hold. */
  readonly wrong: ReadonlyMap<string, string>;
}

const short = ({ at: _at, ...event }: InteractionEvent): string => JSON.stringify(event);

/** Walks through every state and tries every rule there. `untilWrong` stops at the first counterexample. */
export function checkInteractions({ untilWrong = false } = {}): Verdict {
  const wrong = new Map<string, string>();
  const phases = new Set<string>();
  let [standFor, steps] = [0, 0];
  const check = <T>(rules: readonly Rule<T>[], item: T, words: () => string): void => {
    for (const [title, verdict] of rules) {
      const what = wrong.has(title) ? null : verdict(item);
      if (what !== null) wrong.set(title, `${what}\nafter ${walk.trace().map(short).join("\n      ")}\n${words()}`);
    }
  };
  const walk = new Walk("every", {
    state: (state) => {
      phases.add(state.phase);
      if (state.phase === "ended") return;
      standFor += mergedInto(state);
      for (const one of everySound(state)) {
        const heard = heardIn(one);
        check(hearingRules, heard, () => `in ${JSON.stringify(one)}`);
      }
      for (const dress of [PLAIN, FULL])
        check(listeningRules, canonical(state, dress), () => `in ${JSON.stringify(state)}`);
    },
    transition: (t) => {
      steps++;
      check(rulesFor(t), t, () => `${JSON.stringify(t.before)}\non ${short(t.event)}\ngives ${JSON.stringify(t.step)}`);
    },
  });
  const states = walk.run(() => walk.size > MOST_STATES || (untilWrong && wrong.size > 0));
  if (states > MOST_STATES) wrong.set(FINITE, `${states} states and no end`);
  return { states, standFor, steps, phases, wrong };
}
