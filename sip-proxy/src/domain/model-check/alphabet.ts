import {
  brand,
  type AgentId,
  type EntryPointId,
  type LegId,
  type QueueId,
  type ReferralId,
  type RequestId,
  type SeatId,
} from "@legwork/shared/ids";
import type { Asked, ConsultTarget, InteractionEvent, Outside, Report, TimerName } from "@legwork/shared/interaction";

/** The small world that the model check walks through: one customer, two agents, a queue, an outside party; every event, early, late and twice. */
export const AGENTS = [brand<AgentId>("one"), brand<AgentId>("two")] as const;
export const CUSTOMER_SEAT = brand<SeatId>("seat-customer");
export const CUSTOMER_LEG = brand<LegId>("leg-customer");
export const seatFor = (agent: AgentId): SeatId => brand(`seat-${agent}`);
export const legFor = (agent: AgentId): LegId => brand(`leg-${agent}`);
/** An owner's own dialog for a consult: there is one at a time. */
export const LINE = brand<LegId>("leg-line");
/** The one that a request for a consult brings. */
const NEW_LINE = brand<LegId>("leg-new-line");
/** An owner's dialog with the focus, the one that a request for a conference brings, and the one that a seat moves to. */
export const FOCUS = brand<LegId>("leg-focus");
const NEW_FOCUS = brand<LegId>("leg-new-focus");
const NEW_END = brand<LegId>("leg-new-end");
/** The leg on which a station that was lost is called back. */
export const returnLegFor = (agent: AgentId): LegId => brand(`return-${agent}`);

/** Somebody on the telephone network, as a consulted party or the target of a transfer. */
export const OUTSIDE: Outside = { number: "+4799887766", name: null };
export const OUTSIDE_SEAT = brand<SeatId>("seat-outside");
export const OUTSIDE_LEG = brand<LegId>("leg-outside");

/** A seat and a leg that are in no state: who left long ago, another interaction's. Ids are compared and nothing else, so one stands for all. */
export const STRANGER_SEAT = brand<SeatId>("seat-stranger");
export const STRANGER_LEG = brand<LegId>("leg-stranger");

export const QUEUE = brand<QueueId>("queue");
export const OTHER_QUEUE = brand<QueueId>("other-queue");
export const DIGITS = "1:2";
export const TARGETS = {
  queue: { kind: "queue", queue: OTHER_QUEUE },
  entryPoint: { kind: "entry-point", entryPoint: brand<EntryPointId>("other-line"), queue: OTHER_QUEUE },
  outside: { kind: "outside", outside: OUTSIDE, digits: DIGITS },
  plainOutside: { kind: "outside", outside: OUTSIDE, digits: "" },
} as const satisfies Record<string, ConsultTarget>;

/** Ids of what a state has not answered yet. Every event of the alphabet asks with another: no id is used twice. */
export const EARLIER_REQUEST = brand<RequestId>("request-earlier");
export const EARLIER_HOLD = brand<RequestId>("hold-earlier");
export const EARLIER_REFERRAL = brand<ReferralId>("referral-earlier");

const LEGS: readonly LegId[] = [
  CUSTOMER_LEG,
  OUTSIDE_LEG,
  LINE,
  FOCUS,
  STRANGER_LEG,
  ...AGENTS.map(legFor),
  ...AGENTS.map(returnLegFor),
];
const ASKERS: readonly (SeatId | null)[] = [CUSTOMER_SEAT, OUTSIDE_SEAT, STRANGER_SEAT, ...AGENTS.map(seatFor), null];
const TIMERS: Readonly<Record<TimerName, true>> = {
  ring: true,
  hold: true,
  "no-answer": true,
  "transfer-plan": true,
  "transfer-up": true,
  "transfer-answer": true,
  joining: true,
};

type Makers<E extends { type: string }> = { readonly [T in E["type"]]: () => readonly Extract<E, { type: T }>[] };

const forLegs = <E>(make: (leg: LegId) => E): readonly E[] => LEGS.map(make);
const plain = <T extends Asked["type"]>(type: T) => [{ type }] as readonly { readonly type: T }[];
const unused = { seat: brand<SeatId>("seat-unused"), leg: brand<LegId>("leg-unused") } as const;

/** Every target there is, with the seat and leg that the shell has made for it. */
const reaching: readonly { readonly target: ConsultTarget; readonly seat: SeatId; readonly leg: LegId }[] = [
  ...AGENTS.map((agent) => ({ target: { kind: "agent", agent }, seat: seatFor(agent), leg: legFor(agent) }) as const),
  { target: TARGETS.queue, ...unused },
  { target: TARGETS.entryPoint, ...unused },
  { target: TARGETS.outside, seat: OUTSIDE_SEAT, leg: OUTSIDE_LEG },
  { target: TARGETS.plainOutside, seat: OUTSIDE_SEAT, leg: OUTSIDE_LEG },
];

const referral = brand<ReferralId>("referral");

/** What can be asked: a type of the union that is missing here does not compile. */
const asked: Makers<Asked> = {
  holdRequested: () => plain("holdRequested"),
  unholdRequested: () => plain("unholdRequested"),
  consultRequested: () =>
    reaching.flatMap((whom) => [null, NEW_LINE].map((line) => ({ type: "consultRequested" as const, ...whom, line }))),
  resumeRequested: () => plain("resumeRequested"),
  transferRequested: () => [
    { type: "transferRequested", referral: null, askable: true },
    { type: "transferRequested", referral, askable: true },
    { type: "transferRequested", referral: null, askable: false },
  ],
  transferAccepted: () => plain("transferAccepted"),
  transferDeclined: () => plain("transferDeclined"),
  blindTransferRequested: () =>
    reaching.flatMap((whom) =>
      [null, referral].map((by) => ({ type: "blindTransferRequested" as const, ...whom, referral: by })),
    ),
  conferenceRequested: () => [
    { type: "conferenceRequested", referral: null, focus: null },
    { type: "conferenceRequested", referral, focus: null },
    { type: "conferenceRequested", referral: null, focus: NEW_FOCUS },
  ],
  handOffRequested: () => forLegs((named) => ({ type: "handOffRequested" as const, named, leg: NEW_END })),
  endConsultRequested: () => plain("endConsultRequested"),
  backToCustomerRequested: () => plain("backToCustomerRequested"),
  leaveRequested: () => plain("leaveRequested"),
  endRequested: () => plain("endRequested"),
  legHeld: () => forLegs((leg) => ({ type: "legHeld" as const, leg })),
  legUnheld: () => forLegs((leg) => ({ type: "legUnheld" as const, leg })),
};

/** What can be reported. */
const reported: Makers<Report> = {
  callArrived: () => [
    {
      type: "callArrived",
      seat: CUSTOMER_SEAT,
      leg: CUSTOMER_LEG,
      number: "+4722334455",
      name: "Customer",
      entryPoint: brand("line"),
      queue: QUEUE,
    },
  ],
  callPlaced: () =>
    [true, false].flatMap((invited) =>
      ["", DIGITS].map((digits) => ({
        type: "callPlaced" as const,
        seat: seatFor(AGENTS[0]),
        agent: AGENTS[0],
        station: legFor(AGENTS[0]),
        invited,
        customerSeat: CUSTOMER_SEAT,
        leg: CUSTOMER_LEG,
        outside: OUTSIDE,
        digits,
      })),
    ),
  offerStarted: () =>
    AGENTS.map((agent) => ({ type: "offerStarted" as const, seat: seatFor(agent), agent, leg: legFor(agent) })),
  legAnswered: () => forLegs((leg) => ({ type: "legAnswered" as const, leg })),
  legFailed: () =>
    LEGS.flatMap((leg) => [
      { type: "legFailed" as const, leg, failure: { kind: "busy" as const } },
      { type: "legFailed" as const, leg, failure: { kind: "no-answer" as const } },
      { type: "legFailed" as const, leg, failure: { kind: "declined" as const, status: 603 } },
      { type: "legFailed" as const, leg, failure: { kind: "unreachable" as const, why: "agent-state" as const } },
      { type: "legFailed" as const, leg, failure: { kind: "no-common-codec" as const } },
      { type: "legFailed" as const, leg, failure: { kind: "internal" as const, message: "" } },
    ]),
  legEnded: () => forLegs((leg) => ({ type: "legEnded" as const, leg })),
  legUp: () => forLegs((leg) => ({ type: "legUp" as const, leg })),
  legLost: () => forLegs((leg) => ({ type: "legLost" as const, leg })),
  legGivenUp: () => forLegs((leg) => ({ type: "legGivenUp" as const, leg })),
  stationReturned: () =>
    AGENTS.map((agent) => ({ type: "stationReturned" as const, seat: seatFor(agent), leg: returnLegFor(agent) })),
  mediaInForce: () => [{ type: "mediaInForce" }],
  mediaFailed: () => [{ type: "mediaFailed" }],
  requestVoided: () => [{ type: "requestVoided", request: EARLIER_REQUEST }],
  timerFired: () => (Object.keys(TIMERS) as TimerName[]).map((timer) => ({ type: "timerFired" as const, timer })),
};

/** A leg's own key is pressed by whoever sits at that leg (the shell finds out who); everything else may be asked by anyone. */
const isKey = (a: Asked) => a.type === "legHeld" || a.type === "legUnheld";

const request = brand<RequestId>("request");

/** Every event of the small world. */
export const ALPHABET: readonly InteractionEvent[] = [
  ...Object.values(asked)
    .flatMap((make): readonly Asked[] => make())
    .flatMap((a) =>
      (isKey(a) ? [STRANGER_SEAT] : ASKERS).map((by): InteractionEvent => ({ ...a, by, request, at: 0 })),
    ),
  ...Object.values(reported)
    .flatMap((make): readonly Report[] => make())
    .map((r): InteractionEvent => ({ ...r, at: 0 })),
];
