import type {
  AgentListing,
  DialNumberListing,
  EntryPointListing,
  ExpertListing,
  Notice,
  NumberCheck,
  QueueListing,
} from "@legwork/shared/api";
import {
  type CallPanel,
  CallPanelError,
  type CallPanelState,
  type Listed,
  type MicrophoneOutlook,
} from "@legwork/shared/call-panel";
import { ago } from "./sample-calls.js";
import { CALLS, EARLIER, JUST_ENDED } from "./sample-history.js";
import { sampleAudio } from "./sample-audio.js";
import { parseDialNumber } from "@legwork/shared/dial-number";

const AGENTS: readonly AgentListing[] = [
  { id: "bjorn", name: "Bjørn Dahl", state: { kind: "available" }, reachable: true },
  { id: "cecilie", name: "Cecilie Strand", state: { kind: "idle", reason: "lunch" }, reachable: true },
  { id: "david", name: "David Øye", state: { kind: "engaged" }, reachable: false },
  { id: "eva", name: "Eva Nygård", state: { kind: "offline" }, reachable: false },
];

const inACall = (agent: AgentListing): AgentListing => ({ ...agent, state: { kind: "engaged" }, reachable: false });

const QUEUES: readonly QueueListing[] = [
  { id: "billing", name: "Billing", waiting: 3, free: 1 },
  { id: "second", name: "Second line", waiting: 1, free: 0 },
  { id: "orders", name: "Orders", waiting: 0, free: 4 },
];
const ENTRY_POINTS: readonly EntryPointListing[] = [
  { id: "main-line", name: "Main line", number: "+4780010001", queue: "Billing" },
  { id: "second-line", name: "Second line", number: "+4780010002", queue: "Second line" },
];

const DIAL_NUMBERS: readonly DialNumberListing[] = [
  { id: "taxi", name: "Taxi", number: "+4722388000" },
  { id: "locksmith", name: "Locksmith on call", number: "+4799112233" },
  { id: "interpreter", name: "Interpreters", number: "+4780022222:2" },
];
const EXPERTS: readonly ExpertListing[] = [
  {
    id: "marit",
    name: "Marit Lie",
    role: "Actuary",
    department: "Pensions",
    number: "+4722001122",
    presence: { state: "available", asOf: ago(40), stale: false },
  },
  {
    id: "jonas",
    name: "Jonas Moe",
    role: "Lawyer",
    department: "Legal",
    number: "+4722001133",
    presence: { state: "busy", asOf: ago(7300), stale: true },
  },
  { id: "tuva", name: "Tuva Rød", role: "Surveyor", department: "Claims", number: "+4722001144", presence: null },
];

/** What the gallery's address asks for: how the lists of the consult request behave. */
export type ListBehaviour = "loaded" | "loading" | "failed" | "empty" | "crossing" | "changing";

/** As the server does it: in Norway, with the one extension 2001. */
function check(typed: string): NumberCheck {
  const outcome = parseDialNumber(typed, { homeCountry: "NO", isExtension: (digits) => digits === "2001" });
  if (!outcome.ok) return outcome;
  const { number } = outcome.dial;
  return { ok: true, ...outcome.dial, display: number.replace(/^\+47(..)(..)(..)(..)$/, "+47 $1 $2 $3 $4") };
}

/**
 * Answers each question, or, `crossing`, the first one only after the second. How far it has got stands on the page's
 * body, as `data-asked` and `data-answered`.
 */
class Answers {
  #asked = 0;
  #answered = 0;
  #second!: () => void;
  readonly #secondAnswered = new Promise<void>((resolve) => (this.#second = resolve));

  constructor(private readonly list: ListBehaviour) {}

  async give<T>(answer: T): Promise<T> {
    if (this.list !== "crossing") return answer;
    const turn = ++this.#asked;
    document.body.dataset["asked"] = String(this.#asked);
    if (turn === 1) await this.#secondAnswered;
    if (turn === 2) setTimeout(this.#second);
    setTimeout(() => (document.body.dataset["answered"] = String(++this.#answered)));
    return answer;
  }
}

/** DF-4. */
const fits = ({ name, role, department, number }: ExpertListing, search: string): boolean =>
  number === search || [name, role, department].some((each) => each.toLowerCase().startsWith(search.toLowerCase()));

/**
 * A panel that stands still in one state. Its commands never get an answer, except those that show a failure. An event
 * `sample-call-ended` of the window changes the call history: the first brings a call, after the next it cannot be loaded.
 */
export function samplePanel(
  state: CallPanelState,
  list: ListBehaviour,
  notice: Notice | null,
  outlook: MicrophoneOutlook = "ready",
): CallPanel {
  const pending = () => new Promise<never>(() => undefined);
  const refused = () => Promise.reject(new CallPanelError("hold-failed", "sample"));
  const failed = () => Promise.reject(new CallPanelError("offline", "sample"));
  const listed = <T>(all: readonly T[]): Promise<Listed<T>> => {
    if (list === "loading") return pending();
    if (list === "failed") return failed();
    return Promise.resolve({ all: list === "empty" ? [] : all, asOf: new Date().toISOString() });
  };
  const problem = outlook === "ready" || outlook === "prompt" ? null : outlook;
  let agentsAsked = 0;
  let shown = state;
  const followers = new Set<(state: CallPanelState) => void>();
  globalThis.addEventListener?.("sample-call-ended", () => {
    const { desktop } = shown;
    shown = { ...shown, desktop: desktop && { ...desktop, historyRevision: desktop.historyRevision + 1 } };
    for (const follower of followers) follower(shown);
  });
  const checks = new Answers(list);
  const experts = new Answers(list);
  return {
    get state() {
      return shown;
    },
    audio: sampleAudio(
      outlook === "ready" ? {} : { outlook, problem, devices: { inputs: [], outputs: [] }, missing: [] },
    ),
    subscribe: (follower) => {
      followers.add(follower);
      return () => followers.delete(follower);
    },
    on: (type, listener) => {
      if (notice && type === "notice") setTimeout(() => (listener as (event: Notice) => void)(notice), 50);
      return () => undefined;
    },
    restore: () => Promise.resolve(),
    close: () => Promise.resolve(),
    signIn: () => Promise.reject(new CallPanelError("already-signed-in", "sample")),
    signOut: () => Promise.reject(new CallPanelError("in-a-call", "sample")),
    setState: pending,
    accept: () => Promise.reject(new CallPanelError("no-microphone", "sample")),
    decline: pending,
    hold: refused,
    unhold: refused,
    mute: pending,
    sendDigits: () => Promise.resolve(),
    listAgents: () => listed(list === "changing" && agentsAsked++ > 0 ? AGENTS.map(inACall) : AGENTS),
    listQueues: () => listed(QUEUES),
    listEntryPoints: () => listed(ENTRY_POINTS),
    listDialNumbers: () => listed(DIAL_NUMBERS),
    listExperts: async (search) => experts.give(await listed(EXPERTS.filter((expert) => fits(expert, search)))),
    checkNumber: (typed) => (list === "failed" ? failed() : checks.give(check(typed))),
    listHistory: async ({ to } = {}) => {
      const { all } = await listed(to ? EARLIER : CALLS);
      const revision = shown.desktop?.historyRevision ?? 0;
      if (revision > 1) return failed();
      const now = new Date().toISOString();
      return {
        entries: revision > 0 ? [JUST_ENDED, ...all] : [...all],
        from: now,
        to: now,
        more: all.length > 0 && !to,
        timeZone: "Europe/Oslo",
      };
    },
    placeCall: () => Promise.reject(new CallPanelError("no-trunk", "sample")),
    consult: refused,
    blindTransfer: refused,
    resume: pending,
    transfer: pending,
    acceptTransfer: pending,
    declineTransfer: pending,
    conference: pending,
    endConsult: pending,
    backToCustomer: pending,
    leave: pending,
    end: pending,
    submitWrapUp: pending,
    draftWrapUp: async (_wrapUp, reason, note) => void (document.body.dataset["draft"] = `${reason}: ${note}`),
    cancelAutoWrapUp: pending,
    demoCall: pending,
  };
}
