import type { Control, Controls, InteractionView, SeatView } from "@legwork/shared/api";

export const NOW = Date.now();
export const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();

export const shown = (enabled: boolean, reason: Control["reason"] = null): Control => ({
  visible: true,
  enabled,
  reason,
});
const hidden: Control = { visible: false, enabled: false, reason: null };

export const NO_CONTROLS: Controls = {
  hold: hidden,
  unhold: hidden,
  consult: hidden,
  resume: hidden,
  "blind-transfer": hidden,
  transfer: hidden,
  "accept-transfer": hidden,
  "decline-transfer": hidden,
  conference: hidden,
  "end-consult": hidden,
  "back-to-customer": hidden,
  leave: hidden,
  end: hidden,
  dtmf: hidden,
};

export const seat = (
  role: SeatView["role"],
  status: SeatView["status"],
  hears: SeatView["hears"],
  me = false,
): SeatView => ({
  seat: role,
  role,
  label: { customer: "Ingrid Solberg", owner: "Anna Berg", consulted: "Bjørn Dahl" }[role],
  me,
  status,
  since: ago(34),
  hears,
});
export const people = (...seats: string[]): SeatView["hears"] => ({ kind: "people", seats });

export const interaction = (changes: Partial<InteractionView>): InteractionView => ({
  id: "i1",
  phase: "connected",
  phaseSince: ago(96),
  startedAt: ago(180),
  role: "owner",
  customer: { name: "Ingrid Solberg", number: "+47 22 33 44 55" },
  internal: false,
  queue: "Billing",
  entryPoint: "Main line",
  seats: [seat("customer", "talking", people("owner")), seat("owner", "talking", people("customer"), true)],
  consult: null,
  transfer: null,
  legs: [],
  focusUri: "sip:focus@legwork.test",
  controls: {
    ...NO_CONTROLS,
    hold: shown(true),
    consult: shown(true),
    "blind-transfer": shown(true),
    end: shown(true),
    dtmf: shown(true),
  },
  ...changes,
});

export const consulting = (
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
export const queued = (): InteractionView => {
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
export const consulted = (active: "customer" | "consult"): InteractionView => {
  const view = consulting("answered", active);
  const labels = { customer: "Ingrid Solberg", owner: "Cecilie Strand", consulted: "Anna Berg" };
  return {
    ...view,
    role: "consulted",
    seats: view.seats.map((each) => ({ ...each, label: labels[each.role], me: each.role === "consulted" })),
    controls: { ...NO_CONTROLS, leave: shown(true), dtmf: shown(true) },
  };
};

export const conferenceSeats = (me: SeatView["role"]) => [
  seat("customer", "talking", people("owner", "consulted"), me === "customer"),
  seat("owner", "talking", people("customer", "consulted"), me === "owner"),
  seat("consulted", "talking", people("customer", "owner"), me === "consulted"),
];

export const offered = interaction({
  phase: "offered",
  role: "offered",
  seats: [seat("customer", "waiting", { kind: "music" }), seat("owner", "ringing", { kind: "silence" }, true)],
  controls: NO_CONTROLS,
});

export const consultOffered: InteractionView = {
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

/** BT-1: the customer comes by a blind transfer, and Cecilie waits for the answer. */
export const transferOffered: InteractionView = {
  ...offered,
  seats: [
    seat("customer", "waiting", { kind: "ringback" }),
    { ...seat("owner", "waiting", { kind: "silence" }), label: "Cecilie Strand" },
    { ...seat("consulted", "ringing", { kind: "silence" }, true), label: "Anna Berg" },
  ],
};

/** BT-1 from the other side: Anna waits for Bjørn's answer. */
export const blindTransferring: InteractionView = interaction({
  phase: "transferring",
  phaseSince: ago(7),
  seats: [
    seat("customer", "waiting", { kind: "ringback" }),
    seat("owner", "waiting", { kind: "silence" }, true),
    seat("consulted", "ringing", { kind: "silence" }),
  ],
  controls: { ...NO_CONTROLS, "back-to-customer": shown(true) },
});

/** OB-1: `phone`: the agent's own desk phone still rings. */
export const dialling = (phone: "ringing" | "answered"): InteractionView =>
  interaction({
    phase: "dialling",
    phaseSince: ago(9),
    startedAt: ago(9),
    customer: { name: "", number: "+47 99 88 77 66" },
    queue: null,
    entryPoint: null,
    seats: [
      {
        ...seat("customer", phone === "ringing" ? "waiting" : "ringing", { kind: "silence" }),
        label: "+47 99 88 77 66",
      },
      phone === "ringing"
        ? seat("owner", "ringing", { kind: "silence" }, true)
        : seat("owner", "waiting", { kind: "ringback" }, true),
    ],
    controls: { ...NO_CONTROLS, end: shown(true) },
  });

/** IN-1: a colleague is talked with; there is nothing to do but talk. */
export const internal: InteractionView = {
  ...interaction({
    customer: { name: "Bjørn Dahl", number: "2001" },
    internal: true,
    queue: null,
    entryPoint: null,
    controls: { ...NO_CONTROLS, end: shown(true), dtmf: shown(true) },
  }),
  seats: [
    { ...seat("customer", "talking", people("owner")), label: "Bjørn Dahl" },
    seat("owner", "talking", people("customer"), true),
  ],
};

/** A consult with somebody outside: an expert by name, or only a number. */
export const outsideConsult = (
  stage: Parameters<typeof consulting>[0],
  outside: { readonly number: string; readonly label: string },
): InteractionView => {
  const view = consulting(stage, "consult");
  return {
    ...view,
    seats: view.seats.map((each) => (each.role === "consulted" ? { ...each, label: outside.label } : each)),
    consult: view.consult && { ...view.consult, target: { kind: "outside", ...outside } },
  };
};

const busy = shown(false, "busy-with-request");

/** CO-5: Bjørn's desktop is asked. */
export const asking = (): InteractionView => ({
  ...consulting("answered", "consult"),
  transfer: { stage: "asked", until: ago(-16) },
  phase: "transferring",
  phaseSince: ago(4),
  controls: {
    ...NO_CONTROLS,
    resume: busy,
    transfer: busy,
    conference: busy,
    "end-consult": busy,
    "back-to-customer": busy,
  },
});

/** CO-4: the customer talks with Bjørn already, it is not yet certain that they hear each other. */
export const moving = (): InteractionView => ({
  ...asking(),
  transfer: null,
  seats: [
    seat("customer", "talking", people("consulted")),
    seat("owner", "waiting", { kind: "silence" }, true),
    seat("consulted", "talking", people("customer")),
  ],
});

/** CO-5 from the other side: Cecilie wants Anna to take the customer. */
export const asked = (): InteractionView => {
  const view = consulted("consult");
  const answer = shown(true);
  return {
    ...view,
    phaseSince: ago(4),
    transfer: { stage: "to-answer", until: ago(-16) },
    controls: { ...view.controls, "accept-transfer": answer, "decline-transfer": answer },
  };
};
