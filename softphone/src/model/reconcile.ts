import type { InteractionView } from "@legwork/shared/api";
import type { LegView, Sides } from "./leg-view.js";

/**
 * The dialog that the server treats as talking while this browser still holds it in SDP: after a consult ended, was
 * declined, or a conference began. It is to be un-held, which the server answers with a plain 200.
 */
export function heldButTalking(interaction: InteractionView, sides: Sides): LegView | undefined {
  const talks = talkingSide(interaction);
  const leg = talks && sides[talks];
  return leg?.stage === "established" && leg.held ? leg : undefined;
}

/** Which side the server lets the agent talk with now. */
export function talkingSide(interaction: InteractionView): "customer" | "consult" | undefined {
  switch (interaction.phase) {
    case "connected":
    case "conference":
      return "customer";
    case "consulting":
      if (interaction.consult?.active === "customer") return "customer";
      return interaction.consult?.stage === "answered" && interaction.consult.active === "consult"
        ? "consult"
        : undefined;
    case "dialling":
    case "offered":
    case "held":
    case "transferring":
      return undefined;
  }
}

/** The held dialogs that the server, too, lets rest: their hold has been seen on the desktop. */
export function heldAndResting(interaction: InteractionView, sides: Sides): readonly LegView[] {
  const talks = talkingSide(interaction);
  const others = [talks !== "customer" && sides.customer, talks !== "consult" && sides.consult];
  return others.filter((leg): leg is LegView => leg !== false && leg !== undefined && leg.held);
}
