import { describe, expect, it } from "@jest/globals";
import { brand, type AgentId, type InteractionId } from "@legwork/shared/ids";
import { controlsFor } from "./controls.js";
import type { InteractionState, PartySeat } from "./interaction-state.js";
import { interactionView, type InteractionFacts } from "./interaction-view.js";
import { AGENTS, seatFor } from "./model-check/alphabet.js";
import { explore, mirrored } from "./model-check/reachable.js";

const [one, two] = AGENTS;
const facts: InteractionFacts = {
  id: brand<InteractionId>("i"),
  startedAt: 0,
  customer: { name: "<b>Eve</b>", number: "+47" },
  queue: "Support",
  entryPoint: "Line",
  focusUri: "sip:focus-i@x",
  country: "NO",
  transferAnswerMs: 20_000,
  nameOf: (agent) => agent,
  queueName: (queue) => queue,
  callIdOf: (leg) => `call-${leg}`,
  hearingSince: () => 7,
  iso: (ms) => `t${ms}`,
};
const states: InteractionState[] = [];
explore(
  { consultEnd: "end-interaction", consultReturn: "automatic", transferAccept: "automatic", seatLost: "end" },
  { state: (s) => states.push(s, mirrored(s)), transition: () => undefined },
);
const inPhase = <P extends InteractionState["phase"]>(
  phase: P,
  wanted: (s: Extract<InteractionState, { phase: P }>) => boolean,
) => states.find((s): s is Extract<InteractionState, { phase: P }> => s.phase === phase && wanted(s as never))!;

const owns = (s: { owner: { agent: AgentId } }) => s.owner.agent === one;
const connected = inPhase("connected", (s) => owns(s) && s.hold.kind === "none");
const held = inPhase("connected", (s) => owns(s) && s.hold.kind === "in-force");
const starting = inPhase("connected", (s) => owns(s) && s.hold.kind === "starting");
const ringing = inPhase("consulting", (s) => owns(s) && s.stage.kind === "ringing" && s.consult.line !== null);
const withTwo = (s: { consult: { consulted: PartySeat | null } }) => s.consult.consulted?.seat === seatFor(two);
const answered = inPhase(
  "consulting",
  (s) => owns(s) && withTwo(s) && s.stage.kind === "answered" && s.stage.talk.side === "consult" && !s.stage.talk.held,
);
const TALK = { side: "consult", held: false };
const conference = inPhase("conference", (s) => owns(s) && withTwo(s));

const enabled = (s: InteractionState, agent: AgentId) =>
  Object.entries(controlsFor(s, seatFor(agent)))
    .filter(([, c]) => c.enabled)
    .map(([name]) => name)
    .sort();

describe("a transfer that is asked for", () => {
  it("[CO-5] shows who asks, who is asked, and until when", () => {
    const asking = { ...answered, talk: TALK, phase: "asking", since: 1_000 } as never;
    const views = [one, two].map((agent) => interactionView(asking, agent, facts)?.transfer);
    expect(views).toEqual([
      { stage: "asked", until: "t21000" },
      { stage: "to-answer", until: "t21000" },
    ]);
    expect(interactionView(answered, one, facts)).toMatchObject({ transfer: null, internal: false });
  });
});

describe("controls", () => {
  it("[HO-1] [DF-1] offers the owner hold or un-hold, a consult, and the end", () => {
    expect(enabled(connected, one)).toEqual(["blind-transfer", "consult", "dtmf", "end", "hold"]);
    expect(enabled(held, one)).toEqual(["blind-transfer", "consult", "dtmf", "end", "unhold"]);
  });

  it("[DF-6] shows Resume, Transfer and Conference disabled, with the reason, until the consulted party has answered", () => {
    const controls = controlsFor(ringing, seatFor(one));
    for (const name of ["resume", "transfer", "conference"] as const) {
      expect(controls[name]).toEqual({ visible: true, enabled: false, reason: "target-not-answered" });
    }
    expect(enabled(ringing, one)).toEqual(["back-to-customer", "end-consult"]);
    expect(enabled(answered, one)).toEqual([
      "back-to-customer",
      "conference",
      "dtmf",
      "end-consult",
      "resume",
      "transfer",
    ]);
  });

  it("[CO-10] [CO-11] offers agent 2 to leave and nothing else that acts on others", () => {
    expect(enabled(answered, two)).toEqual(["dtmf", "leave"]);
    expect(enabled(conference, two)).toEqual(["dtmf", "leave"]);
  });

  it("[CF-5] [CO-1] offers the owner of a conference to leave and to end it, not to consult or hold", () => {
    expect(enabled(conference, one)).toEqual(["dtmf", "end", "leave"]);
    expect(controlsFor(conference, seatFor(one)).consult.reason).toBe("in-conference");
  });

  it("[CO-11] shows in every state only what the rules would grant, and nothing to strangers", () => {
    for (const s of states) {
      if (s.phase === "ended") continue;
      expect(Object.values(controlsFor(s, s.customer.seat)).some((c) => c.visible)).toBe(false);
    }
  });
});

describe("what a desktop shows of an interaction", () => {
  it("[HO-3] shows held only when the hold is in force", () => {
    expect(interactionView(starting, one, facts)?.phase).toBe("connected");
    expect(interactionView(held, one, facts)?.phase).toBe("held");
  });

  it("shows a ringing consult as an offer to the one who is called", () => {
    expect(interactionView(ringing, two, facts)).toMatchObject({ phase: "offered", role: "offered" });
    expect(interactionView(ringing, one, facts)).toMatchObject({ phase: "consulting", role: "owner" });
  });

  it("[SG-1] names the owner's own dialogs by Call-ID, and nobody else's", () => {
    expect(interactionView(ringing, one, facts)?.legs).toEqual([
      { side: "customer", callId: `call-${ringing.owner.wire.leg}` },
      { side: "consult", callId: `call-${ringing.consult.line!.leg}` },
    ]);
    expect(interactionView(ringing, two, facts)?.legs).toHaveLength(1);
  });

  it("[MX-1] tells who hears whom just as the plan has it", () => {
    const seats = interactionView(answered, one, facts)!.seats;
    expect(seats.map((s) => [s.role, s.hears.kind, s.status, s.me])).toEqual([
      ["customer", "music", "on-hold", false],
      ["owner", "people", "talking", true],
      ["consulted", "people", "talking", false],
    ]);
  });

  it("is null for an agent without a part in it, and carries names as they are", () => {
    expect(interactionView(connected, two, facts)).toBeNull();
    expect(interactionView(connected, one, facts)?.customer.name).toBe("<b>Eve</b>");
  });
});
