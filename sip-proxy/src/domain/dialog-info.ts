/** Busy lamps: what a subscriber to `dialog` is told (RFC 4235). Pure. */
import type { AgentState } from "./agent-state.js";
import { element, xmlDocument } from "./xml.js";

export interface Lamp {
  readonly state: "terminated" | "trying" | "early" | "confirmed";
  readonly direction: "initiator" | "recipient" | null;
}

export const DARK: Lamp = { state: "terminated", direction: null };

/** The lamp of an agent: dark, blinking while their telephone rings or they call, lit in a call. */
export function lampOf(state: AgentState): Lamp {
  if (state.kind === "engaged") return { state: "confirmed", direction: null };
  if (state.kind !== "reserved") return DARK;
  switch (state.by) {
    case "outbound":
      return { state: "trying", direction: "initiator" };
    case "internal":
      return { state: "early", direction: null }; // on which side, their telephone knows
    default:
      return { state: "early", direction: "recipient" };
  }
}

const BRIGHTNESS = ["terminated", "trying", "early", "confirmed"] as const satisfies readonly Lamp["state"][];

/** Of several lamps that are one: the brightest, and of those one that knows its direction. */
export const brightest = (lamps: readonly Lamp[]): Lamp =>
  lamps.reduce((best, lamp) => {
    const more = BRIGHTNESS.indexOf(lamp.state) - BRIGHTNESS.indexOf(best.state);
    return more > 0 || (more === 0 && best.direction === null) ? lamp : best;
  }, DARK);

/**
 * One dialog, always told in full, which goes by the extension's name as telephones expect of a lamp. Nothing that names the other party, and
 * no Call-ID or tag: with those somebody could take over the call (RFC 4235 section 6).
 */
export function dialogInfo(entity: string, id: string, { state, direction }: Lamp, version: number): string {
  return xmlDocument(
    element(
      "dialog-info",
      { xmlns: "urn:ietf:params:xml:ns:dialog-info", version: String(version), state: "full", entity },
      element("dialog", { id, ...(direction && { direction }) }, element("state", {}, state)),
    ),
  );
}
