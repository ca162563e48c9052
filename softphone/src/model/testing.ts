import type { Controls, Desktop, InteractionView, SeatView } from "@legwork/shared/api";
import type { LegView } from "./leg-view.js";

const hidden = { visible: false, enabled: false, reason: null };
const CONTROLS = Object.fromEntries(
  [
    "hold",
    "unhold",
    "consult",
    "resume",
    "blind-transfer",
    "transfer",
    "accept-transfer",
    "decline-transfer",
    "conference",
    "end-consult",
    "back-to-customer",
    "leave",
    "end",
    "dtmf",
  ].map((name) => [name, hidden]),
) as Controls;
const AT = "2026-01-01T12:00:00.000Z";

export const established = (callId: string, origin: LegView["origin"]): LegView => ({
  callId,
  origin,
  stage: "established",
  held: false,
});

export const ringing = (callId: string, origin: LegView["origin"]): LegView => ({
  ...established(callId, origin),
  stage: "ringing",
});

export const seat = (role: SeatView["role"], hears: SeatView["hears"], me = false): SeatView => ({
  seat: role,
  role,
  label: { customer: "Ingrid", owner: "Anna", consulted: "Bjørn" }[role],
  me,
  status: "talking",
  since: AT,
  hears,
});

/** A call of Anna with Ingrid. */
export const connected = (): InteractionView => ({
  id: "i1",
  phase: "connected",
  phaseSince: AT,
  startedAt: AT,
  role: "owner",
  customer: { name: "Ingrid", number: "+4722334455" },
  internal: false,
  queue: "Billing",
  entryPoint: null,
  seats: [
    seat("customer", { kind: "people", seats: ["owner"] }),
    seat("owner", { kind: "people", seats: ["customer"] }, true),
  ],
  consult: null,
  transfer: null,
  legs: [],
  focusUri: "sip:focus-1@legwork.test",
  controls: CONTROLS,
});

type Consult = NonNullable<InteractionView["consult"]>;

/** The same call while Anna consults Bjørn. */
export const consulting = (stage: Consult["stage"], active: Consult["active"]): InteractionView => ({
  ...connected(),
  phase: "consulting",
  consult: { target: { kind: "agent", agent: "bjorn", label: "Bjørn" }, stage, active, since: AT },
});

/** Anna's desktop with one of these calls, or none. */
export const desktopWith = (interaction: InteractionView | null): Desktop => ({
  now: AT,
  agent: { id: "anna", name: "Anna", role: "agent", state: { kind: "engaged" }, since: AT },
  station: { kind: "browser", registered: true },
  interaction,
  wrapUps: [],
  wrapUpReasons: [{ id: "solved", label: "Solved", labelNb: "Løst" }],
  idleReasons: [{ id: "lunch", label: "Lunch", labelNb: "Lunsj" }],
  historyRevision: 0,
  waiting: 0,
  demoCustomer: false,
});
