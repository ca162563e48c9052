import type { InteractionView, SeatView } from "@legwork/shared/api";

/**
 * How far a transfer is, as this agent's page shows it:
 * - `to-answer`: this agent is asked whether to take the customer (CO-5);
 * - `asked`: the owner waits for that answer, and still talks with the consulted party;
 * - `blind`: the target is being called, the customer hears ringing (BT-1);
 * - `moving`: the new plan is not in force yet (CO-4).
 */
export type TransferStage = "to-answer" | "asked" | "blind" | "moving";

export function transferStage(view: InteractionView): TransferStage | undefined {
  if (view.transfer) return view.transfer.stage;
  if (view.phase !== "transferring") return undefined;
  return view.consult ? "moving" : "blind";
}

/** When a transfer that is asked about counts as declined: milliseconds since 1970 on the server's clock. */
export const answerBy = (view: InteractionView): number => Date.parse(view.transfer?.until ?? view.phaseSince);

/** Everybody in the call beside the customer and this agent: one person at most. */
export const otherParty = (view: InteractionView): SeatView | undefined =>
  view.seats.find((seat) => !seat.me && seat.role !== "customer");

/** What the other party's card is headed with: outside parties are no colleagues (CO-4), and who a blind transfer calls is not in the call yet. */
export function otherSide(view: InteractionView): "colleague" | "outside" | "transfer" {
  if (transferStage(view) === "blind") return "transfer";
  return view.consult?.target.kind === "outside" && view.role === "owner" ? "outside" : "colleague";
}
