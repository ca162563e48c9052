import type { Session } from "@legwork/shared/api";
import type { CallPanelError } from "@legwork/shared/call-panel";
import type { LegView } from "../model/leg-view.js";
import { ringing } from "../model/testing.js";
import type { Phone, PhoneEvents } from "../ports/phone.js";
import type { PanelParts } from "./call-panel.js";

export const SESSION: Session = {
  agent: { id: "anna", name: "Anna", role: "agent" },
  station: { kind: "browser" },
  csrf: "c",
  sip: { uri: "sip:anna@test", username: "anna", password: "p", realm: "test", path: "/sip" },
};
export const AT_DESK_PHONE: Session = { ...SESSION, station: { kind: "extension", extension: "201" }, sip: null };

const nothing = async () => undefined;
const none = async () => ({ all: [], asOf: "2026-01-01T12:00:00.000Z" });

/** A server that lets everybody in, knows nobody and does nothing. */
export const scriptedApi = (session: Session): PanelParts["api"] => ({
  signIn: async () => session,
  session: async () => session,
  signOut: nothing,
  setState: nothing,
  agents: none,
  queues: none,
  entryPoints: none,
  dialNumbers: none,
  experts: none,
  history: async () => ({ entries: [], from: "", to: "", more: false, timeZone: "UTC" }),
  checkNumber: async () => ({ ok: false, error: "empty" }),
  placeCall: nothing,
  command: nothing,
  submitWrapUp: nothing,
  draftWrapUp: nothing,
  cancelAutoWrapUp: nothing,
  demoCall: nothing,
});

/** A browser that keeps nothing, or what it is given. */
export const scriptedMute = (kept: string | null = null) => ({
  kept,
  read(): string | null {
    return this.kept;
  },
  write(interaction: string | null): void {
    this.kept = interaction;
  },
});

/** A phone that does as it is told and writes it down; a request can be made to fail, or to wait. */
export class ScriptedPhone implements Phone {
  readonly log: string[] = [];
  readonly failing = new Map<string, CallPanelError>();
  readonly waiting = new Map<string, Promise<void>>();
  legs: LegView[] = [];

  constructor(readonly events: PhoneEvents) {}

  async #did(what: string, then: () => void = () => undefined): Promise<void> {
    this.log.push(what);
    await this.waiting.get(what);
    const error = this.failing.get(what);
    if (error) throw error;
    then();
    this.events.legsChanged(this.legs);
  }
  #change(callId: string, changes: Partial<LegView>): void {
    this.legs = this.legs.map((leg) => (leg.callId === callId ? { ...leg, ...changes } : leg));
  }

  start = () => void this.log.push("start");
  close = () => this.#did("close");
  accept = () => this.#did("accept");
  decline = () => this.#did("decline");
  setHold = (callId: string, held: boolean) =>
    this.#did(`${held ? "hold" : "unhold"} ${callId}`, () => this.#change(callId, { held }));
  invite = (agent: string) => this.#did(`invite ${agent}`, () => this.legs.push(ringing("b", "outgoing")));
  hangUp = (callId: string) =>
    this.#did(`hang up ${callId}`, () => {
      this.legs = this.legs.filter((leg) => leg.callId !== callId);
    });
  referReplacing = (callId: string, replaced: string) => this.#did(`refer ${callId} replacing ${replaced}`);
  referToFocus = (callId: string) => this.#did(`refer ${callId} to focus`);
  sendDigits = (callId: string, digits: string) => this.#did(`digits ${callId} ${digits}`);
  mute = (muted: boolean) => void this.log.push(`mute ${muted}`);
  keepOnly = (callIds: readonly string[]) => void this.log.push(`keep ${callIds.join(" ")}`);
}
