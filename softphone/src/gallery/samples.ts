import type { Control, Controls, Desktop, InteractionView, SeatView } from "@legwork/shared/api";
import type { CallPanelState } from "@legwork/shared/call-panel";

const NOW = Date.now();
const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();

const shown = (enabled: boolean, reason: Control["reason"] = null): Control => ({ visible: true, enabled, reason });
const hidden: Control = { visible: false, enabled: false, reason: null };

const NO_CONTROLS: Controls = {
  hold: hidden,
  unhold: hidden,
  consult: hidden,
  resume: hidden,
  transfer: hidden,
  conference: hidden,
  "end-consult": hidden,
  "back-to-customer": hidden,
  leave: hidden,
  end: hidden,
  dtmf: hidden,
};

const seat = (role: SeatView["role"], status: SeatView["status"], hears: SeatView["hears"], me = false): SeatView => ({
  seat: role,
  role,
  label: { customer: "Ingrid Solberg", owner: "Anna Berg", consulted: "Bjørn Dahl" }[role],
  me,
  status,
  since: ago(34),
  hears,
});
const people = (...seats: string[]): SeatView["hears"] => ({ kind: "people", seats });

const interaction = (changes: Partial<InteractionView>): InteractionView => ({
  id: "i1",
  phase: "connected",
  phaseSince: ago(96),
  startedAt: ago(180),
  role: "owner",
  customer: { name: "Ingrid Solberg", number: "+47 22 33 44 55" },
  queue: "Billing",
  entryPoint: "Main line",
  seats: [seat("customer", "talking", people("owner")), seat("owner", "talking", people("customer"), true)],
  consult: null,
  legs: [],
  focusUri: "sip:focus@legwork.test",
  controls: {
    ...NO_CONTROLS,
    hold: shown(true),
    consult: shown(true),
    end: shown(true),
    dtmf: shown(true),
  },
  ...changes,
});

const consulting = (
  stage: NonNullable<InteractionView["consult"]>["stage"],
  active: NonNullable<InteractionView["consult"]>["active"],
): InteractionView => {
  const ready = stage === "answered" ? shown(true) : shown(false, "target-not-answered");
  const toCustomer = active === "customer";
  const seats =
    stage !== "answered"
      ? [
          seat("customer", "on-hold", { kind: "music" }),
          seat("owner", "waiting", { kind: "ringback" }, true),
          seat("consulted", "ringing", { kind: "silence" }),
        ]
      : [
          seat("customer", toCustomer ? "talking" : "on-hold", toCustomer ? people("owner") : { kind: "music" }),
          seat("owner", "talking", people(toCustomer ? "customer" : "consulted"), true),
          seat("consulted", toCustomer ? "on-hold" : "talking", toCustomer ? { kind: "music" } : people("owner")),
        ];
  return interaction({
    phase: "consulting",
    phaseSince: ago(34),
    seats,
    consult: { target: { kind: "agent", agent: "bjorn", label: "Bjørn Dahl" }, stage, active, since: ago(40) },
    controls: {
      ...NO_CONTROLS,
      resume: ready,
      transfer: ready,
      conference: ready,
      "end-consult": shown(true),
      "back-to-customer": shown(true),
      dtmf: shown(true),
    },
  });
};

/** CO-14: the queue has found nobody yet; nobody sits in the third seat. */
const queued = (): InteractionView => {
  const view = consulting("queued", "consult");
  return {
    ...view,
    seats: [seat("customer", "on-hold", { kind: "music" }), seat("owner", "on-hold", { kind: "music" }, true)],
    consult: {
      target: { kind: "queue", queue: "second", label: "Second line" },
      stage: "queued",
      active: "consult",
      since: ago(40),
    },
  };
};

/** The same from the other side: Cecilie consults Anna. */
const consulted = (active: "customer" | "consult"): InteractionView => {
  const view = consulting("answered", active);
  const labels = { customer: "Ingrid Solberg", owner: "Cecilie Strand", consulted: "Anna Berg" };
  return {
    ...view,
    role: "consulted",
    seats: view.seats.map((each) => ({ ...each, label: labels[each.role], me: each.role === "consulted" })),
    controls: { ...NO_CONTROLS, leave: shown(true), dtmf: shown(true) },
  };
};

const conferenceSeats = (me: SeatView["role"]) => [
  seat("customer", "talking", people("owner", "consulted"), me === "customer"),
  seat("owner", "talking", people("customer", "consulted"), me === "owner"),
  seat("consulted", "talking", people("customer", "owner"), me === "consulted"),
];

const desktop = (changes: Partial<Desktop>): Desktop => ({
  now: ago(0),
  agent: { id: "anna", name: "Anna Berg", role: "agent", state: { kind: "engaged" }, since: ago(96) },
  station: { kind: "browser", registered: true },
  interaction: null,
  wrapUps: [],
  wrapUpReasons: [
    { id: "solved", label: "Solved", labelNb: "Løst" },
    { id: "callback", label: "Call back later", labelNb: "Ring tilbake senere" },
    { id: "forwarded", label: "Passed to a colleague", labelNb: "Satt over til kollega" },
    { id: "complaint", label: "Complaint", labelNb: "Klage" },
  ],
  idleReasons: [
    { id: "lunch", label: "Lunch", labelNb: "Lunsj" },
    { id: "meeting", label: "Meeting", labelNb: "Møte" },
    { id: "training", label: "Training", labelNb: "Opplæring" },
  ],
  waiting: 3,
  demoCustomer: true,
  ...changes,
});

const agent = (state: Desktop["agent"]["state"]): Partial<Desktop> => ({
  agent: { id: "anna", name: "Anna Berg", role: "agent", state, since: ago(260) },
});

const ready = (shownDesktop: Desktop, changes: Partial<CallPanelState> = {}): CallPanelState => ({
  connection: { kind: "ready" },
  desktop: shownDesktop,
  muted: false,
  incoming: null,
  pending: [],
  clockOffsetMs: 0,
  ...changes,
});

const wrapUp: Desktop["wrapUps"][number] = {
  id: "w1",
  interaction: "i1",
  customer: { name: "Ingrid Solberg", number: "+47 22 33 44 55" },
  openedAt: ago(5),
  autoAt: new Date(NOW + 55_000).toISOString(),
  mayCancelAuto: true,
  defaultReason: "solved",
};

const offered = interaction({
  phase: "offered",
  role: "offered",
  seats: [seat("customer", "waiting", { kind: "music" }), seat("owner", "ringing", { kind: "silence" }, true)],
  controls: NO_CONTROLS,
});

const consultOffered: InteractionView = {
  ...consulting("ringing", "consult"),
  phase: "offered",
  role: "offered",
  seats: [
    seat("customer", "on-hold", { kind: "music" }),
    { ...seat("owner", "waiting", { kind: "ringback" }), label: "Cecilie Strand" },
    { ...seat("consulted", "ringing", { kind: "silence" }, true), label: "Anna Berg" },
  ],
  controls: NO_CONTROLS,
};

const nothing: CallPanelState = { ...ready(desktop({})), connection: { kind: "signed-out" }, desktop: null };

/** Every screen of the page by name. */
export const SAMPLES: Readonly<Record<string, CallPanelState>> = {
  "sign-in": nothing,
  opening: { ...nothing, connection: { kind: "connecting" } },
  available: ready(desktop(agent({ kind: "available" }))),
  idle: ready(desktop({ ...agent({ kind: "idle", reason: "lunch" }), waiting: 0 })),
  rona: ready(desktop({ ...agent({ kind: "rona" }), waiting: 1 })),
  incoming: ready(desktop({ ...agent({ kind: "reserved" }), interaction: offered }), { incoming: { from: "Ingrid" } }),
  "incoming-consult": ready(desktop({ ...agent({ kind: "reserved" }), interaction: consultOffered }), {
    incoming: { from: "Cecilie Strand" },
  }),
  "incoming-desk-phone": ready(
    desktop({ ...agent({ kind: "reserved" }), interaction: offered, station: { kind: "extension", registered: true } }),
  ),
  connected: ready(desktop({ interaction: interaction({}) })),
  muted: ready(desktop({ interaction: interaction({}) }), { muted: true }),
  "putting-on-hold": ready(desktop({ interaction: interaction({}) }), { pending: ["hold"] }),
  held: ready(
    desktop({
      interaction: interaction({
        phase: "held",
        phaseSince: ago(12),
        seats: [seat("customer", "on-hold", { kind: "music" }), seat("owner", "waiting", { kind: "silence" }, true)],
        controls: {
          ...NO_CONTROLS,
          unhold: shown(true),
          consult: shown(true),
          end: shown(false, "not-in-this-phase"),
          dtmf: shown(false, "not-in-this-phase"),
        },
      }),
    }),
  ),
  "consult-holding": ready(desktop({ interaction: consulting("holding", "none") })),
  "consult-queued": ready(desktop({ interaction: queued() })),
  "consult-ringing": ready(desktop({ interaction: consulting("ringing", "consult") })),
  "consult-answered": ready(desktop({ interaction: consulting("answered", "consult") })),
  "consult-resumed": ready(desktop({ interaction: consulting("answered", "customer") })),
  transferring: ready(desktop({ interaction: { ...consulting("answered", "consult"), phase: "transferring" } }), {
    pending: ["transfer"],
  }),
  conference: ready(
    desktop({
      interaction: interaction({
        phase: "conference",
        seats: conferenceSeats("owner"),
        controls: {
          ...NO_CONTROLS,
          hold: shown(false, "in-conference"),
          consult: shown(false, "in-conference"),
          leave: shown(true),
          end: shown(true),
          dtmf: shown(true),
        },
      }),
    }),
  ),
  "consulted-agent": ready(desktop({ interaction: consulted("consult") })),
  "consulted-on-hold": ready(desktop({ interaction: consulted("customer") })),
  "wrap-up": ready(desktop({ ...agent({ kind: "wrap-up" }), wrapUps: [wrapUp] })),
  "wrap-up-and-call": ready(
    desktop({ ...agent({ kind: "reserved" }), wrapUps: [wrapUp], interaction: consultOffered }),
    { incoming: { from: "Cecilie Strand" } },
  ),
  "wrap-up-and-consulted": ready(desktop({ wrapUps: [wrapUp], interaction: consulted("consult") })),
  "connection-lost": {
    ...ready(desktop({ interaction: interaction({}) })),
    connection: { kind: "lost", what: "sip", since: NOW - 14_000 },
  },
};
