import type { AgentListing, Notice } from "@legwork/shared/api";
import { type CallPanel, CallPanelError, type CallPanelState } from "@legwork/shared/call-panel";

const AGENTS: readonly AgentListing[] = [
  { id: "bjorn", name: "Bjørn Dahl", state: { kind: "available" }, reachable: true },
  { id: "cecilie", name: "Cecilie Strand", state: { kind: "idle", reason: "lunch" }, reachable: true },
  { id: "david", name: "David Øye", state: { kind: "engaged" }, reachable: false },
  { id: "eva", name: "Eva Nygård", state: { kind: "offline" }, reachable: false },
];

/** What the gallery's address asks for: how the list of agents behaves. */
export type ListBehaviour = "loaded" | "loading" | "failed" | "empty";

/** A panel that stands still in one state. Its commands never get an answer, except those that show a failure. */
export function samplePanel(state: CallPanelState, list: ListBehaviour, notice: Notice | null): CallPanel {
  const pending = () => new Promise<never>(() => undefined);
  const refused = () => Promise.reject(new CallPanelError("hold-failed", "sample"));
  return {
    state,
    subscribe: () => () => undefined,
    onNotice: (listener) => {
      if (notice) setTimeout(() => listener(notice), 50);
      return () => undefined;
    },
    signIn: () => Promise.reject(new CallPanelError("already-signed-in", "sample")),
    signOut: () => Promise.reject(new CallPanelError("in-a-call", "sample")),
    setState: pending,
    accept: () => Promise.reject(new CallPanelError("no-microphone", "sample")),
    decline: pending,
    hold: refused,
    unhold: refused,
    mute: pending,
    sendDigits: () => Promise.resolve(),
    listAgents: () => {
      if (list === "loading") return pending();
      if (list === "failed") return Promise.reject(new CallPanelError("offline", "sample"));
      return Promise.resolve(list === "empty" ? [] : AGENTS);
    },
    consultAgent: refused,
    resume: pending,
    transfer: pending,
    conference: pending,
    endConsult: pending,
    backToCustomer: pending,
    leave: pending,
    end: pending,
    submitWrapUp: pending,
    cancelAutoWrapUp: pending,
    demoCall: pending,
  };
}
