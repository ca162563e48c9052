import type { AgentListing, EntryPointListing, Notice, QueueListing } from "@legwork/shared/api";
import { type CallPanel, CallPanelError, type CallPanelState } from "@legwork/shared/call-panel";

const AGENTS: readonly AgentListing[] = [
  { id: "bjorn", name: "Bjørn Dahl", state: { kind: "available" }, reachable: true },
  { id: "cecilie", name: "Cecilie Strand", state: { kind: "idle", reason: "lunch" }, reachable: true },
  { id: "david", name: "David Øye", state: { kind: "engaged" }, reachable: false },
  { id: "eva", name: "Eva Nygård", state: { kind: "offline" }, reachable: false },
];

const QUEUES: readonly QueueListing[] = [
  { id: "billing", name: "Billing", waiting: 3, free: 1 },
  { id: "second", name: "Second line", waiting: 1, free: 0 },
  { id: "orders", name: "Orders", waiting: 0, free: 4 },
];
const ENTRY_POINTS: readonly EntryPointListing[] = [
  { id: "main-line", name: "Main line", number: "+4780010001", queue: "Billing" },
  { id: "second-line", name: "Second line", number: "+4780010002", queue: "Second line" },
];

/** What the gallery's address asks for: how the lists of the consult request behave. */
export type ListBehaviour = "loaded" | "loading" | "failed" | "empty";

/** A panel that stands still in one state. Its commands never get an answer, except those that show a failure. */
export function samplePanel(state: CallPanelState, list: ListBehaviour, notice: Notice | null): CallPanel {
  const pending = () => new Promise<never>(() => undefined);
  const refused = () => Promise.reject(new CallPanelError("hold-failed", "sample"));
  const listed = <T>(all: readonly T[]): Promise<readonly T[]> => {
    if (list === "loading") return pending();
    if (list === "failed") return Promise.reject(new CallPanelError("offline", "sample"));
    return Promise.resolve(list === "empty" ? [] : all);
  };
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
    listAgents: () => listed(AGENTS),
    listQueues: () => listed(QUEUES),
    listEntryPoints: () => listed(ENTRY_POINTS),
    consultAgent: refused,
    consultQueue: refused,
    consultEntryPoint: refused,
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
