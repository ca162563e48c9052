import type { CallPanelEvent, Language } from "legwork-call-panel";
import type { HostCommand } from "./commands.js";

interface Texts {
  readonly desk: string;
  readonly language: string;
  readonly nobody: string;
  readonly number: string;
  readonly parcels: string;
  readonly noParcels: string;
  readonly log: string;
  readonly signedOut: string;
  readonly waiting: string;
  readonly ringing: string;
  readonly talking: string;
  readonly held: string;
  readonly busy: string;
  readonly refused: (code: string) => string;
  readonly commands: Readonly<Record<HostCommand, string>>;
  readonly events: Readonly<Record<CallPanelEvent, string>>;
}

/** The example's own texts; the panel has its own. */
export const TEXTS: Readonly<Record<Language, Texts>> = {
  en: {
    desk: "Customer desk",
    language: "Language",
    nobody: "No customer",
    number: "Number",
    parcels: "Parcels",
    noParcels: "None on their way",
    log: "What the panel told this page",
    signedOut: "Sign in to the call panel to take calls.",
    waiting: "Waiting for a call.",
    ringing: "Calling now",
    talking: "In a call",
    held: "On hold, hears music",
    busy: "In a call with others",
    refused: (code) => `The panel refused: ${code}`,
    commands: { available: "Take calls", accept: "Answer", hold: "Hold", unhold: "Take off hold", end: "Hang up" },
    events: {
      "signed-in": "Signed in",
      "connection-changed": "Connection",
      "agent-state-changed": "Agent state",
      "call-offered": "Call offered",
      "call-started": "Call started",
      "call-changed": "Call changed",
      "call-ended": "Call ended",
      "wrap-up-opened": "Wrap-up opened",
      "wrap-up-closed": "Wrap-up closed",
      notice: "Notice",
    },
  },
  nb: {
    desk: "Kundedisk",
    language: "Språk",
    nobody: "Ingen kunde",
    number: "Nummer",
    parcels: "Pakker",
    noParcels: "Ingen på vei",
    log: "Det panelet har fortalt denne siden",
    signedOut: "Logg på samtalepanelet for å ta imot anrop.",
    waiting: "Venter på anrop.",
    ringing: "Ringer nå",
    talking: "I samtale",
    held: "På vent, hører musikk",
    busy: "I samtale med andre",
    refused: (code) => `Panelet avslo: ${code}`,
    commands: {
      available: "Ta imot anrop",
      accept: "Svar",
      hold: "Sett på vent",
      unhold: "Ta av vent",
      end: "Legg på",
    },
    events: {
      "signed-in": "Pålogget",
      "connection-changed": "Forbindelse",
      "agent-state-changed": "Agentstatus",
      "call-offered": "Anrop tilbudt",
      "call-started": "Samtale startet",
      "call-changed": "Samtale endret",
      "call-ended": "Samtale slutt",
      "wrap-up-opened": "Avslutning åpnet",
      "wrap-up-closed": "Avslutning lukket",
      notice: "Melding",
    },
  },
};
