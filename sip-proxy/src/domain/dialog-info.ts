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
  return state.by === "outbound"
    ? { state: "trying", direction: "initiator" }
    : { state: "early", direction: "recipient" };
}

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
