import { brand, type AgentId, type LegId, type QueueId, type RequestId, type SeatId } from "@legwork/shared/ids";
import type { Asked, InteractionEvent, Report, TimerName } from "@legwork/shared/interaction";

/** The small world that the model check walks through: one customer, two agents, every event, early, late and twice. */
export const AGENTS = [brand<AgentId>("one"), brand<AgentId>("two")] as const;
export const CUSTOMER_LEG = brand<LegId>("leg-customer");
export const seatFor = (agent: AgentId): SeatId => brand(`seat-${agent}`);
export const legFor = (agent: AgentId): LegId => brand(`leg-${agent}`);
/** An agent's own dialog for a consult. */
export const lineFor = (agent: AgentId): LegId => brand(`line-${agent}`);

const LEGS: readonly LegId[] = [CUSTOMER_LEG, ...AGENTS.map(legFor), ...AGENTS.map(lineFor)];
const ASKERS: readonly (SeatId | null)[] = [brand<SeatId>("seat-customer"), ...AGENTS.map(seatFor), null];
const TIMERS: Readonly<Record<TimerName, true>> = {
  ring: true,
  hold: true,
  "no-answer": true,
  "transfer-plan": true,
  "transfer-up": true,
  joining: true,
};

type Makers<E extends { type: string }> = { readonly [T in E["type"]]: () => readonly Extract<E, { type: T }>[] };

const forLegs = <E>(make: (leg: LegId) => E): readonly E[] => LEGS.map(make);
const plain = <T extends Asked["type"]>(type: T) => [{ type }] as readonly { readonly type: T }[];
const request = brand<RequestId>("request");
const at = 0;

/** What can be asked: a type of the union that is missing here does not compile. */
const asked: Makers<Asked> = {
  holdRequested: () => plain("holdRequested"),
  unholdRequested: () => plain("unholdRequested"),
  consultRequested: () => [
    ...AGENTS.flatMap((agent) =>
      [null, ...AGENTS.filter((a) => a !== agent).map(lineFor)].map((line) => ({
        type: "consultRequested" as const,
        target: { kind: "agent" as const, agent },
        seat: seatFor(agent),
        leg: legFor(agent),
        line,
      })),
    ),
    ...[null, ...AGENTS.map(lineFor)].map((line) => ({
      type: "consultRequested" as const,
      target: { kind: "queue" as const, queue: brand<QueueId>("other-queue") },
      seat: brand<SeatId>("seat-unused"),
      leg: brand<LegId>("leg-unused"),
      line,
    })),
  ],
  resumeRequested: () => plain("resumeRequested"),
  transferRequested: () => [
    { type: "transferRequested", referral: null },
    { type: "transferRequested", referral: brand("referral") },
  ],
  conferenceRequested: () => [
    { type: "conferenceRequested", referral: null },
    { type: "conferenceRequested", referral: brand("referral") },
  ],
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
      seat: brand("seat-customer"),
      leg: CUSTOMER_LEG,
      number: "+4722334455",
      name: "Customer",
      entryPoint: brand("line"),
      queue: brand("queue"),
    },
  ],
  offerStarted: () =>
    AGENTS.map((agent) => ({ type: "offerStarted" as const, seat: seatFor(agent), agent, leg: legFor(agent) })),
  legAnswered: () => forLegs((leg) => ({ type: "legAnswered" as const, leg })),
  legFailed: () =>
    forLegs((leg) => leg).flatMap((leg) => [
      { type: "legFailed" as const, leg, failure: { kind: "busy" as const } },
      { type: "legFailed" as const, leg, failure: { kind: "unreachable" as const, why: "agent-state" as const } },
    ]),
  legEnded: () => forLegs((leg) => ({ type: "legEnded" as const, leg })),
  legUp: () => forLegs((leg) => ({ type: "legUp" as const, leg })),
  mediaInForce: () => [{ type: "mediaInForce" }],
  mediaFailed: () => [{ type: "mediaFailed" }],
  timerFired: () => (Object.keys(TIMERS) as TimerName[]).map((timer) => ({ type: "timerFired" as const, timer })),
};

/** A leg's own key is pressed by whoever sits at that leg; everything else may be asked by anyone. */
const askersOf = (a: Asked): readonly (SeatId | null)[] => {
  if (a.type !== "legHeld" && a.type !== "legUnheld") return ASKERS;
  const agent = AGENTS.find((candidate) => a.leg === legFor(candidate) || a.leg === lineFor(candidate));
  return [agent ? seatFor(agent) : brand<SeatId>("seat-customer")];
};

/** Every event of the small world. */
export const ALPHABET: readonly InteractionEvent[] = [
  ...Object.values(asked)
    .flatMap((make): readonly Asked[] => make())
    .flatMap((a) => askersOf(a).map((by): InteractionEvent => ({ ...a, by, request, at }))),
  ...Object.values(reported)
    .flatMap((make): readonly Report[] => make())
    .map((r): InteractionEvent => ({ ...r, at })),
];
