import { describe, expect, it } from "@jest/globals";
import { brand, type AgentId, type InteractionId, type LegId } from "@legwork/shared/ids";
import type { AgentRecord } from "@legwork/shared/store";
import type { Media } from "../ports/media.js";
import type { Originate, Signalling } from "../ports/signalling.js";
import { Agents } from "./agents.js";
import { InternalCalls } from "./internal-calls.js";

const id = (text: string) => brand<InteractionId>(text);
const leg = (text: string) => brand<LegId>(text);

function setUp() {
  const done: string[] = [];
  const timers: (() => void)[] = [];
  const clock = {
    now: () => 1_000,
    after: (_ms: number, callback: () => void) => {
      timers.push(callback);
      return () => undefined;
    },
  };
  const log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log };
  const record = (name: string) =>
    ({ id: brand<AgentId>(name), name, role: "agent", extension: null, disabled: false }) as unknown as AgentRecord;
  const agents = new Agents([record("eva"), record("finn")], {
    clock,
    log,
    hasOpenWrapUps: () => false,
    changed: () => undefined,
    left: () => undefined,
  } as unknown as ConstructorParameters<typeof Agents>[1]);
  for (const agent of ["eva", "finn"]) {
    agents.signedIn(brand<AgentId>(agent));
    agents.setReachable(brand<AgentId>(agent), true);
  }
  let legs = 0;
  const signalling = {
    originate: ({ leg: l, to }: Originate) => done.push(`call ${l} ${"station" in to ? to.station : "?"}`),
    progress: (l: LegId) => done.push(`progress ${l}`),
    answer: (l: LegId) => done.push(`answer ${l}`),
    end: (l: LegId) => done.push(`end ${l}`),
    focusUri: () => "sip:focus@x",
    callIdOf: (l: LegId) => `call-${l}`,
  } as unknown as Signalling;
  const media = {
    isOpen: () => true,
    applyPlan: () => Promise.resolve({ ok: true, value: null }),
    sendDtmf: (l: LegId, digits: string) => done.push(`dtmf ${l} ${digits}`),
    closeInteraction: () => undefined,
  } as unknown as Media;
  const calls = new InternalCalls({
    clock,
    ids: { leg: () => leg(`callee-${++legs}`) } as ConstructorParameters<typeof InternalCalls>[0]["ids"],
    log,
    media,
    agents,
    country: "NO",
    ringMs: 30_000,
    signalling: () => signalling,
    registered: (user) => user !== "nobody",
    changed: () => undefined,
    noted: () => undefined,
  });
  const party = (user: string, agent: string | null) => ({
    user,
    agent: agent === null ? null : brand<AgentId>(agent),
    name: user,
  });
  const place = (call: string, caller: string, callee: string) =>
    calls.place({
      id: id(call),
      leg: leg(`caller-${call}`),
      invited: true,
      caller: party(caller, ["eva", "finn"].includes(caller) ? caller : null),
      callee: party(callee, ["eva", "finn"].includes(callee) ? callee : null),
    });
  const state = (agent: string) => agents.get(brand<AgentId>(agent))?.state.kind;
  return { agents, calls, done, place, state, timers };
}

describe("internal calls", () => {
  it("[IN-1] take both agents, engage them, and give them back as they were", () => {
    const { calls, done, place, state } = setUp();
    expect(place("1", "eva", "finn")).toBeNull();
    expect([state("eva"), state("finn")]).toEqual(["reserved", "reserved"]);
    expect(done).toEqual(["progress caller-1", "call callee-1 finn"]);
    calls.report({ type: "legAnswered", leg: leg("callee-1") });
    expect([state("eva"), state("finn")]).toEqual(["engaged", "engaged"]);
    expect(calls.viewFor(brand("finn"))).toMatchObject({
      phase: "connected",
      internal: true,
      customer: { name: "eva" },
    });
    calls.report({ type: "legEnded", leg: leg("caller-1") });
    expect([state("eva"), state("finn")]).toEqual(["idle", "idle"]);
    expect(done.slice(2)).toEqual(["answer caller-1", "end callee-1"]);
    expect(calls.dump()).toEqual([]);
    expect(calls.report({ type: "legEnded", leg: leg("callee-1") })).toBe(false);
  });

  it("[IN-1] take nobody who is in a call already, and leave the others as they are", () => {
    const { place, state } = setUp();
    expect(place("1", "eva", "nobody")).toBe("target-not-reachable");
    expect(place("1", "eva", "eva")).toBe("target-not-reachable");
    expect(state("eva")).toBe("idle");
    expect(place("1", "2003", "finn")).toBeNull();
    expect(place("2", "eva", "finn")).toBe("target-not-reachable");
    expect(place("2", "eva", "2003")).toBe("target-not-reachable");
    expect(place("2", "2003", "eva")).toBe("in-a-call");
    expect(state("eva")).toBe("idle");
  });

  it("[IN-1] give both back when nobody answers, or a page has gone without a word", () => {
    const { calls, place, state, timers } = setUp();
    place("1", "eva", "finn");
    timers.at(-1)!();
    expect([state("eva"), state("finn")]).toEqual(["idle", "idle"]);
    place("2", "eva", "finn");
    calls.legLost(leg("caller-2"));
    expect([state("eva"), state("finn")]).toEqual(["idle", "idle"]);
  });

  it("[IN-1] [CO-11] know no command but keys and hanging up, and none from anybody else", () => {
    const { calls, done, place } = setUp();
    place("1", "2003", "finn");
    calls.report({ type: "legAnswered", leg: leg("callee-1") });
    const finn = brand<AgentId>("finn");
    expect(calls.command(finn, id("1"), { type: "hold" })).toBe("not-in-this-phase");
    expect(calls.command(brand("eva"), id("1"), { type: "end" })).toBe("not-yours");
    expect(calls.command(finn, id("1"), { type: "dtmf", digits: "1#" })).toBeNull();
    expect(done.at(-1)).toBe("dtmf caller-1 1#");
    const answers: string[] = [];
    const asker = { accepted: () => void answers.push("yes"), refused: (why: string) => void answers.push(why) };
    calls.ask({ type: "transferRequested", referral: null }, asker, leg("callee-1"));
    calls.ask({ type: "legHeld", leg: leg("callee-1") }, asker, leg("callee-1"));
    expect(answers).toEqual(["not-in-this-phase", "yes"]);
    expect(calls.command(finn, id("1"), { type: "end" })).toBeNull();
    expect(calls.has(id("1"))).toBe(false);
  });
});
