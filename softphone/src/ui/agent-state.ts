import type { AgentStateView, Desktop } from "@legwork/shared/api";

type Reasons = Desktop["idleReasons"];

/** A configured label in the page's language. */
export const labelIn = (language: string, item: { readonly label: string; readonly labelNb: string }): string =>
  language === "nb" ? item.labelNb : item.label;

/** The reason's label; an id that is no longer configured stands for itself. */
export function idleReasonLabel(state: AgentStateView, reasons: Reasons, language: string): string | undefined {
  if (state.kind !== "idle") return undefined;
  const reason = reasons.find(({ id }) => id === state.reason);
  return reason ? labelIn(language, reason) : state.reason;
}
