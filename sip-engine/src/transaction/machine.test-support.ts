import type { ClientAction, ServerAction, Step } from "./machine.js";

/** One line for a step: `phase: actions`, with `+T500` for a started timer and `-T` for a stopped one. */
export function brief(step: Step<{ readonly phase: string }, ClientAction | ServerAction>): string {
  const actions = step.actions.map((action) => {
    switch (action.type) {
      case "startTimer":
        return ` +${action.timer}${action.ms}`;
      case "stopTimer":
        return ` -${action.timer}`;
      case "fail":
        return ` fail(${action.cause})`;
      default:
        return ` ${action.type}`;
    }
  });
  return `${step.state.phase}:${actions.join("")}`;
}
