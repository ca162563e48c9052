/** HO-2: a telephone that holds by its own key. Only that key takes it off hold again. Pure. */
import type { InteractionView } from "@legwork/shared/api";
import type { LegId } from "@legwork/shared/ids";
import type { InteractionState } from "./interaction-state.js";
import { holdsAll } from "./phases/steps.js";

/** The leg that the owner's station holds while only the customer is there, or all that it has in an answered consult; null: it can talk. */
export function heldByOwner(s: InteractionState): LegId | null {
  if (s.phase !== "connected" && s.phase !== "consulting") return null;
  const { leg, held, lost } = s.owner.wire;
  const all = s.phase === "connected" ? held : s.stage.kind === "answered" && holdsAll(s);
  return all && !lost ? leg : null;
}

const AT_PHONE = { visible: true, enabled: false, reason: "held-at-phone" } as const;

/** The desktop says so, instead of a button that could not help. */
export function withHeldAtPhone(view: InteractionView): InteractionView {
  const { controls } = view;
  const { resume, unhold } = controls;
  return {
    ...view,
    controls: {
      ...controls,
      unhold: unhold.visible ? AT_PHONE : unhold,
      resume: resume.visible ? AT_PHONE : resume,
    },
  };
}
