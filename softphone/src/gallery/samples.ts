import type { Desktop, InteractionView } from "@legwork/shared/api";
import type { CallPanelState } from "@legwork/shared/call-panel";
import {
  ago,
  asked,
  asking,
  blindTransferring,
  conferenceSeats,
  consulted,
  consulting,
  consultOffered,
  dialling,
  interaction,
  internal,
  moving,
  NO_CONTROLS,
  NOW,
  offered,
  outsideConsult,
  queued,
  seat,
  shown,
  transferOffered,
} from "./sample-calls.js";

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
  historyRevision: 0,
  waiting: 3,
  demoCustomer: true,
  ...changes,
});

const agent = (state: Desktop["agent"]["state"], name = "Anna Berg"): Partial<Desktop> => ({
  agent: { id: "anna", name, role: "agent", state, since: ago(260) },
});

const ready = (shownDesktop: Desktop, changes: Partial<CallPanelState> = {}): CallPanelState => ({
  connection: { kind: "ready" },
  desktop: shownDesktop,
  muted: false,
  incoming: null,
  pending: [],
  clockOffsetMs: 0,
  quality: {},
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
  draft: null,
};

/** Of the call that is still being handed over. */
const openWrapUp: Desktop["wrapUps"][number] = { ...wrapUp, openedAt: ago(4) };

const EXPERT = { number: "+4722001122", label: "Marit Lie" };
const NUMBER = { number: "+4799887766", label: "+4799887766" };

const nothing: CallPanelState = { ...ready(desktop({})), connection: { kind: "signed-out", why: null }, desktop: null };

const POOR: CallPanelState["quality"]["customer"] = {
  roundTripMs: 84,
  jitterMs: 12,
  lossPercent: 0.4,
  sendingLossPercent: 6.3,
  score: 4.3,
  codec: "opus",
  warning: "sending-loss",
};

/** What others may call themselves: nothing in a SIP message keeps a name short. */
const longNames: InteractionView = {
  ...consulting("answered", "consult"),
  customer: { name: "W".repeat(128), number: `+${"4".repeat(40)}` },
  seats: consulting("answered", "consult").seats.map((each) => ({ ...each, label: "W".repeat(128) })),
};
const offerOnly = { phase: "offered", role: "offered", consult: null, seats: offered.seats } as const;

/** Every screen of the page by name. */
export const SAMPLES: Readonly<Record<string, CallPanelState>> = {
  "sign-in": nothing,
  "sign-in-ended": { ...nothing, connection: { kind: "signed-out", why: "password-changed" } },
  "other-tab": { ...nothing, connection: { kind: "signed-out", why: "other-tab" } },
  "opening-lost": { ...nothing, connection: { kind: "lost", what: "events", since: NOW - 14_000 } },
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
  "long-names": ready(desktop({ interaction: longNames, ...agent({ kind: "engaged" }, "W".repeat(128)) }), {
    quality: { customer: POOR },
  }),
  "incoming-long-name": ready(
    desktop({ ...agent({ kind: "reserved" }), interaction: { ...longNames, ...offerOnly } }),
    {
      incoming: { from: "W".repeat(128) },
    },
  ),
  "poor-connection": ready(desktop({ interaction: interaction({}) }), { quality: { customer: POOR } }),
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
          "blind-transfer": shown(true),
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
  transferring: ready(desktop({ interaction: moving() }), { pending: ["transfer"] }),
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
  "conference-outside": ready(
    desktop({
      interaction: {
        ...outsideConsult("answered", EXPERT),
        phase: "conference",
        seats: conferenceSeats("owner").map((each) =>
          each.role === "consulted" ? { ...each, label: EXPERT.label } : each,
        ),
        controls: { ...NO_CONTROLS, leave: shown(true), end: shown(true), dtmf: shown(true) },
      },
    }),
  ),
  "consult-number-ringing": ready(desktop({ interaction: outsideConsult("ringing", NUMBER) })),
  "consult-expert": ready(desktop({ interaction: outsideConsult("answered", EXPERT) })),
  "blind-transferring": ready(desktop({ wrapUps: [openWrapUp], interaction: blindTransferring })),
  "incoming-transfer": ready(desktop({ ...agent({ kind: "reserved" }), interaction: transferOffered }), {
    incoming: { from: "Ingrid" },
  }),
  "transfer-asked": ready(desktop({ wrapUps: [openWrapUp], interaction: asking() }), { pending: ["transfer"] }),
  "transfer-question": ready(desktop({ interaction: asked() })),
  "transfer-question-and-wrap-up": ready(desktop({ wrapUps: [wrapUp], interaction: asked() })),
  dialling: ready(desktop({ ...agent({ kind: "reserved" }), interaction: dialling("answered") })),
  internal: ready(desktop({ interaction: internal })),
  "dialling-desk-phone": ready(
    desktop({
      ...agent({ kind: "reserved" }),
      interaction: dialling("ringing"),
      station: { kind: "extension", registered: true },
    }),
  ),
  "consulted-agent": ready(desktop({ interaction: consulted("consult") }), { quality: { customer: POOR } }),
  "consulted-on-hold": ready(desktop({ interaction: consulted("customer") })),
  "wrap-up": ready(desktop({ ...agent({ kind: "wrap-up" }), wrapUps: [wrapUp] })),
  "wrap-up-soon-over": ready(
    desktop({
      ...agent({ kind: "wrap-up" }),
      wrapUps: [{ ...wrapUp, autoAt: ago(-15), draft: { reason: "callback", note: "Wants an invoice" } }],
    }),
  ),
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
