import type { Desktop, InteractionView } from "@legwork/shared/api";
import { otherParty, transferStage } from "./transfer.js";

/** A sentence for the live region: a key under `announce` and the names in it. */
export interface Announcement {
  readonly key:
    | "incoming"
    | "dialling"
    | "connected"
    | "held"
    | "consult-queued"
    | "consult-ringing"
    | "consult-talking"
    | "consult-customer"
    | "consulted-on-hold"
    | "conference"
    | "transferring"
    | "asking"
    | "asked"
    | "ended"
    | "wrap-up";
  readonly names: { readonly customer: string; readonly target: string };
}

/** What to say aloud after the desktop changed, if anything a listener would want to know has. */
export function announcementFor(before: Desktop | null, after: Desktop): Announcement | undefined {
  const said = situation(after);
  if (said && (!before || situation(before)?.key !== said.key)) return said;
  if (before?.interaction && !after.interaction) {
    const names = namesIn(before.interaction);
    return { key: after.wrapUps.length > 0 ? "wrap-up" : "ended", names };
  }
  return undefined;
}

function situation({ interaction }: Desktop): Announcement | undefined {
  if (!interaction) return undefined;
  const names = namesIn(interaction);
  const stage = transferStage(interaction);
  if (stage === "to-answer") return { key: "asked", names };
  if (stage === "asked") return { key: "asking", names };
  switch (interaction.phase) {
    case "offered":
      return { key: "incoming", names };
    case "dialling":
    case "connected":
    case "held":
    case "conference":
    case "transferring":
      return { key: interaction.phase, names };
    case "consulting":
      if (interaction.consult?.stage === "queued") return { key: "consult-queued", names };
      if (interaction.consult?.stage !== "answered") return { key: "consult-ringing", names };
      if (interaction.consult.active === "none") return { key: "held", names };
      if (interaction.consult.active === "consult") return { key: "consult-talking", names };
      return { key: interaction.role === "consulted" ? "consulted-on-hold" : "consult-customer", names };
  }
}

function namesIn(interaction: InteractionView): Announcement["names"] {
  return {
    customer: interaction.customer.name || interaction.customer.number,
    target: otherParty(interaction)?.label ?? interaction.consult?.target.label ?? "",
  };
}
