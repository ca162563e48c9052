import type { ErrorCode, InteractionView } from "@legwork/shared/api";
import type { LegId, SeatId } from "@legwork/shared/ids";
import { connectedParties } from "../domain/connected-party.js";
import { heldByOwner, withHeldAtPhone } from "../domain/held-at-phone.js";
import type { InteractionState } from "../domain/interaction-state.js";
import type { Signalling } from "../ports/signalling.js";
import type { Agents } from "./agents.js";
import type { Surroundings } from "./command-runner.js";
import type { LiveInteraction } from "./live-interaction.js";
import type { Wanted } from "./wanted.js";

/**
 * AG-2: tells each agent's telephone whom it speaks with, for its display. HO-2: the owner's leg that still holds a customer who has come back:
 * that is a hold, and is to be one.
 */
export function tellTelephones(
  { customer, log }: LiveInteraction,
  state: InteractionState,
  agents: Agents,
  { queues, signalling }: Surroundings,
): { readonly seat: SeatId; readonly leg: LegId } | null {
  const parties = connectedParties(state, {
    customer,
    agent: (agent) => ({ name: agents.nameOf(agent), number: agents.get(agent)?.record.extension ?? agent }),
    queue: (queue) => ({ name: queues.nameOf(queue), number: queue }),
  });
  for (const [leg, party] of parties) signalling.connectedWith(leg, party);
  const leg = heldAtPhone(state, signalling);
  if (!leg || state.phase !== "connected" || state.hold.kind !== "none") return null;
  log.info({ leg }, "a telephone still holds the customer's line");
  return { seat: state.owner.seat, leg };
}

/** The owner's leg, where it is a telephone that holds it by its own key. A browser of ours comes off hold by itself. */
function heldAtPhone(state: InteractionState | null, signalling: Signalling): LegId | null {
  const leg = state && heldByOwner(state);
  return leg && !signalling.isBrowser(leg) ? leg : null;
}

/** HO-2: a desktop's view, which says so where only the telephone's own key helps. */
export const shownAtPhone = (
  view: InteractionView,
  state: InteractionState | null,
  signalling: Signalling,
): InteractionView => (heldAtPhone(state, signalling) ? withHeldAtPhone(view) : view);

/** HO-2: what only the telephone's own key can do. */
export const onlyAtPhone = (wanted: Wanted, state: InteractionState, signalling: Signalling): ErrorCode | null =>
  (wanted.type === "unholdRequested" || wanted.type === "resumeRequested") && heldAtPhone(state, signalling)
    ? "held-at-phone"
    : null;
