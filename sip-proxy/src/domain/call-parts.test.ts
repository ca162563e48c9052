import { describe, expect, it } from "@jest/globals";
import { brand, type AgentId, type InteractionId } from "@legwork/shared/ids";
import type { CallPart } from "@legwork/shared/store";
import type { Posted } from "../app/interaction-actor.js";
import { newCallLog, noted, type CallLog } from "./call-parts.js";
import { decide } from "./decide.js";
import type { InteractionPolicy } from "./interaction-state.js";
import { explore } from "./model-check/reachable.js";
import { seatsOf } from "./seats.js";

const policy: InteractionPolicy = {
  consultEnd: "end-interaction",
  consultReturn: "automatic",
  transferAccept: "automatic",
  seatLost: "queue",
};
const call = brand<InteractionId>("i-1");
const names = {
  nameOf: (agent: AgentId) => `Agent ${agent}`,
  queueName: (queue: string) => `Queue ${queue}`,
  entryPointName: (entryPoint: string) => `Line ${entryPoint}`,
};

/** Plays events, a second apart from 1000 ms on, and returns the parts as they were told last, by agent. */
function play(...events: object[]): Record<string, CallPart> {
  const told: Record<string, CallPart> = {};
  let log: CallLog = newCallLog(call);
  events.forEach((posted, n) => {
    const event = { ...(posted as Posted), at: 1000 * (n + 1) } as Parameters<typeof decide>[1];
    const step = noted(log, event, decide(log.state, event, policy), names);
    for (const part of log.open) if (!step.log.open.some((p) => p.id === part.id)) delete told[part.agent];
    for (const part of step.changed) told[part.agent] = part;
    log = step.log;
  });
  return told;
}

const arrived = {
  type: "callArrived",
  seat: "s-customer",
  leg: "customer",
  number: "+4799887766",
  name: "Kari",
  entryPoint: "main",
  queue: "support",
};
const offered = (agent: string) => ({ type: "offerStarted", seat: `s-${agent}`, agent, leg: agent });
const answered = (leg: string) => ({ type: "legAnswered", leg });
const ended = (leg: string) => ({ type: "legEnded", leg });
const failed = (leg: string, failure: object) => ({ type: "legFailed", leg, failure });
const fired = (timer: string) => ({ type: "timerFired", timer });
const asked = (type: string, by: string, more: object = {}) => ({ type, request: "q", by: `s-${by}`, ...more });
const inForce = { type: "mediaInForce" };
const talkingTo = (agent: string) => [arrived, offered(agent), answered(agent)];
const consults = (by: string, target: object, whom: string) =>
  asked("consultRequested", by, { target, seat: `s-${whom}`, leg: whom, line: null });
const toBo = { kind: "agent", agent: "bo" };
const kari = { label: "Kari", agent: null, number: "+4799887766" };
const anna = { label: "Agent anna", agent: "anna", number: null };
const bo = { label: "Agent bo", agent: "bo", number: null };

describe("the call history of agents", () => {
  it("[DF-10] has a call from a queue, from the first ring to the end", () => {
    expect(play(...talkingTo("anna"), ended("customer"))).toEqual({
      anna: {
        id: "s-anna",
        call,
        agent: "anna",
        direction: "in",
        role: "owner",
        other: kari,
        about: null,
        from: null,
        queue: "Queue support",
        entryPoint: "Line main",
        began: 2000,
        answered: 3000,
        consults: [],
        end: { at: 4000, outcome: "answered", transferredTo: null },
      },
    });
  });

  it("[DF-10] [QU-1] tells who did not answer, who declined, and whom the caller did not wait for", () => {
    const parts = play(
      arrived,
      offered("anna"),
      fired("ring"),
      offered("bo"),
      failed("bo", { kind: "busy" }),
      offered("cem"),
      ended("customer"),
    );
    const outcomes = Object.values(parts).map(({ agent, answered: a, end }) => [agent, a, end?.outcome, end?.at]);
    expect(outcomes).toEqual([
      ["anna", null, "not-answered", 3000],
      ["bo", null, "declined", 5000],
      ["cem", null, "abandoned", 7000],
    ]);
  });

  it("[DF-10] [CO-10] has a consult for both: whom the owner asked, and who asked the other about whom", () => {
    const parts = play(
      ...talkingTo("anna"),
      consults("anna", toBo, "bo"),
      inForce,
      answered("bo"),
      asked("leaveRequested", "bo"),
      ended("customer"),
    );
    expect(parts["bo"]).toMatchObject({
      direction: "in",
      role: "consulted",
      other: anna,
      about: kari,
      queue: null,
      began: 5000,
      answered: 6000,
      end: { at: 7000, outcome: "answered" },
    });
    const consult = { with: bo, kind: "agent", began: 5000, answered: 6000, ended: 7000, conference: false };
    expect(parts["anna"]).toMatchObject({ consults: [consult], end: { at: 8000, outcome: "answered" } });
  });

  it("[DF-10] [CO-2] has no consult that never began, and nobody who was never called", () => {
    const parts = play(...talkingTo("anna"), consults("anna", toBo, "bo"), fired("hold"), ended("customer"));
    expect(Object.keys(parts)).toEqual(["anna"]);
    expect(parts["anna"]?.consults).toEqual([]);
    const taken = play(
      ...talkingTo("anna"),
      consults("anna", toBo, "bo"),
      inForce,
      failed("bo", { kind: "unreachable", why: "agent-state" }),
    );
    expect(Object.keys(taken)).toEqual(["anna"]);
  });

  it("[DF-10] [CO-4] makes the consulted agent the owner, with whom it came from, and tells the other to whom it went", () => {
    const parts = play(
      arrived,
      { type: "legUp", leg: "customer" },
      offered("anna"),
      answered("anna"),
      consults("anna", toBo, "bo"),
      inForce,
      answered("bo"),
      { type: "legUp", leg: "bo" },
      asked("transferRequested", "anna", { referral: null, askable: false }),
      inForce,
      ended("customer"),
    );
    expect(parts["anna"]?.end).toEqual({ at: 10000, outcome: "transferred", transferredTo: bo });
    expect(parts["bo"]).toMatchObject({
      role: "owner",
      other: kari,
      about: null,
      from: anna,
      answered: 7000,
      end: { at: 11000, outcome: "answered", transferredTo: null },
    });
  });

  it("[DF-10] [CF-2] marks a consult that became a conference, and who has the call after the owner left", () => {
    const parts = play(
      ...talkingTo("anna"),
      consults("anna", toBo, "bo"),
      inForce,
      answered("bo"),
      asked("conferenceRequested", "anna", { referral: null }),
      inForce,
      asked("leaveRequested", "anna"),
      ended("bo"),
    );
    expect(parts["anna"]).toMatchObject({
      consults: [{ conference: true, ended: 9000 }],
      end: { outcome: "transferred", transferredTo: bo },
    });
    expect(parts["bo"]).toMatchObject({ role: "owner", from: anna, end: { at: 10000 } });
  });

  it("[DF-10] [CO-14] names the queue of a consult until it has found somebody, and every agent it rang", () => {
    const parts = play(
      ...talkingTo("anna"),
      consults("anna", { kind: "queue", queue: "sales" }, "nobody"),
      inForce,
      offered("bo"),
      fired("ring"),
      offered("cem"),
      answered("cem"),
      asked("backToCustomerRequested", "anna"),
    );
    expect(parts["bo"]).toMatchObject({ role: "consulted", queue: "Queue sales", end: { outcome: "not-answered" } });
    expect(parts["cem"]).toMatchObject({ role: "consulted", queue: "Queue sales", end: { outcome: "answered" } });
    expect(parts["anna"]?.consults).toEqual([
      {
        with: { label: "Agent cem", agent: "cem", number: null },
        kind: "queue",
        began: 5000,
        answered: 9000,
        ended: 10000,
        conference: false,
      },
    ]);
  });

  it("[DF-10] [BT-1] tells to whom a call was handed, and to whom it could not be", () => {
    const blind = (target: object) => asked("blindTransferRequested", "anna", { target, seat: "s-bo", leg: "bo" });
    const toQueue = play(...talkingTo("anna"), blind({ kind: "queue", queue: "sales" }));
    expect(toQueue["anna"]?.end).toMatchObject({ outcome: "transferred", transferredTo: { label: "Queue sales" } });
    const taken = play(...talkingTo("anna"), blind(toBo), answered("bo"), ended("customer"));
    expect(taken["anna"]?.end).toEqual({ at: 5000, outcome: "transferred", transferredTo: bo });
    expect(taken["bo"]).toMatchObject({ role: "owner", from: anna, began: 4000, answered: 5000 });
    const refused = play(...talkingTo("anna"), blind(toBo), fired("no-answer"), ended("customer"));
    expect(refused["bo"]?.end?.outcome).toBe("not-answered");
    expect(refused["anna"]?.end).toMatchObject({ at: 6000, outcome: "answered" });
    const outside = { number: "+4722334455", name: "Ingrid" };
    const out = play(...talkingTo("anna"), blind({ kind: "outside", outside, digits: "" }), ended("anna"));
    expect(out["anna"]?.end?.transferredTo).toEqual({ label: "Ingrid", agent: null, number: "+4722334455" });
  });

  it("[DF-10] [OB-1] has a call out, answered or not", () => {
    const placed = {
      type: "callPlaced",
      seat: "s-anna",
      agent: "anna",
      station: "anna",
      invited: true,
      customerSeat: "s-customer",
      leg: "customer",
      outside: { number: "+4722334455", name: null },
      digits: "",
    };
    const other = { label: "+4722334455", agent: null, number: "+4722334455" };
    const out = { direction: "out", role: "owner", other, queue: null };
    const talked = play(placed, answered("customer"), ended("anna"))["anna"];
    expect(talked).toMatchObject({ ...out, answered: 2000, end: { at: 3000, outcome: "answered" } });
    const outcome = (...events: object[]) => play(placed, ...events)["anna"]?.end?.outcome;
    expect(outcome(failed("customer", { kind: "busy" }))).toBe("busy");
    expect(outcome(failed("customer", { kind: "unreachable", why: "transport" }))).toBe("unreachable");
    expect(outcome(fired("no-answer"))).toBe("not-answered");
    expect(outcome(ended("anna"))).toBe("abandoned");
    const first = play({ ...placed, invited: false }, failed("anna", { kind: "no-answer" }));
    expect(first["anna"]?.end?.outcome).toBe("abandoned"); // the agent did not come to their own telephone
  });

  it("[DF-10] [SE-1] tells when a station was lost for good", () => {
    const parts = play(...talkingTo("anna"), { type: "legLost", leg: "anna" }, { type: "legGivenUp", leg: "anna" });
    expect(parts["anna"]?.end).toEqual({ at: 5000, outcome: "interrupted", transferredTo: null });
  });

  it("[DF-10] shows no number to call back where the caller showed none", () => {
    const hidden = play({ ...arrived, number: "anonymous", name: "" }, offered("anna"))["anna"];
    expect(hidden?.other).toEqual({ label: "anonymous", agent: null, number: null });
  });

  it("[DF-10] ends each part when its agent's seat is gone and not before, in every state the rules can reach", () => {
    let ends = 0;
    explore(policy, {
      state: () => undefined,
      transition: ({ before, event, step }) => {
        if (!before || step.state === before) return; // most events come late, or are refused
        const open = seatsOf(before).flatMap((seat) =>
          "agent" in seat ? [{ ...template, id: seat.seat, agent: seat.agent }] : [],
        );
        const { log } = noted({ ...newCallLog(call), state: before, open }, event, step, names);
        const stays = new Set(seatsOf(step.state).map(({ seat }) => seat as string));
        for (const part of open) {
          const isOpen = log.open.some(({ id }) => id === part.id);
          if (isOpen !== stays.has(part.id)) throw new Error(`${part.id} after ${event.type} in ${before.phase}`);
          if (!isOpen) ends++;
        }
      },
    });
    expect(ends).toBeGreaterThan(1000);
  });
});

const template: CallPart = {
  id: "",
  call,
  agent: brand("one"),
  direction: "in",
  role: "owner",
  other: kari,
  about: null,
  from: null,
  queue: null,
  entryPoint: null,
  began: 0,
  answered: 0,
  consults: [],
  end: null,
};
