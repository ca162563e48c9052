/** HO-2: a telephone that holds by its own key. Only that key takes it off hold again. Pure. */
import type { InteractionView } from "@legwork/shared/api";
import type { LegId } from "@legwork/shared/ids";
import type { InteractionState } from "./interaction-state.js";

/** The leg that the owner's station holds while only the customer is there; null: it holds none. */
export const heldByOwner = (s: InteractionState): LegId | null =>
  s.phase === "connected" && s.owner.wire.held && !s.owner.wire.lost ? s.owner.wire.leg : null;

/** The desktop says so, instead of a button that could not help. */
export function withUnholdAtPhone(view: InteractionView): InteractionView {
  const { controls } = view;
  if (!controls.unhold.visible) return view;
  const unhold = { visible: true, enabled: false, reason: "held-at-phone" } as const;
  return { ...view, controls: { ...controls, unhold } };
}
