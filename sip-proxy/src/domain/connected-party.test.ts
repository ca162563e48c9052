import { describe, expect, it } from "@jest/globals";
import { brand, type AgentId, type LegId, type QueueId } from "@legwork/shared/ids";
import { connectedParties } from "./connected-party.js";
import type { InteractionState, MetConsult } from "./interaction-state.js";
import { agentSeat, wire } from "./phases/steps.js";

const names = {
  customer: { name: "", number: "+4799" },
  agent: (agent: AgentId) => ({ name: agent.toUpperCase(), number: `1-${agent}` }),
  queue: (queue: QueueId) => ({ name: `Queue ${queue}`, number: queue }),
};
const contact = {
  queue: null,
  entryPoint: null,
  customer: { seat: brand<never>("customer"), wire: wire(brand<LegId>("customer")) },
  since: 0,
} as const;
const owner = agentSeat(brand("eva"), brand("eva"), brand("a"));
const consulted = agentSeat(brand("finn"), brand("finn"), brand("finn"));
const consult = (line: string | null): MetConsult => ({
  target: { kind: "agent", agent: brand("finn") },
  consulted,
  line: line ? wire(brand(line)) : null,
  since: 0,
});
const shown = (s: InteractionState) =>
  [...connectedParties(s, names)].map(([leg, { name, number }]) => `${leg}: ${name} <${number}>`).sort();
const talks = {
  customer: { side: "customer", held: false },
  consult: { side: "consult", held: false },
  none: { side: "consult", held: true },
} as const;
const consulting = (active: keyof typeof talks, line: string | null, from = owner) =>
  shown({
    phase: "consulting",
    ...contact,
    owner: from,
    consult: consult(line),
    stage: { kind: "answered", talk: talks[active] },
  });

describe("what a telephone's display names", () => {
  it("[AG-2] is the customer, and that the customer is on hold", () => {
    const connected = { phase: "connected", ...contact, owner } as const;
    expect(shown({ ...connected, hold: { kind: "none" } })).toEqual(["a: +4799 <+4799>"]);
    expect(shown({ ...connected, hold: { kind: "in-force" } })).toEqual(["a: Customer on hold: +4799 <+4799>"]);
  });

  it("[AG-2] [CO-3] is whom the owner talks with, on one line and on two", () => {
    expect(consulting("consult", null)).toEqual(["a: FINN <1-finn>", "finn: EVA <1-eva>"]);
    expect(consulting("customer", null)).toEqual(["a: +4799 <+4799>", "finn: On hold: EVA <1-eva>"]);
    expect(consulting("consult", "b")).toEqual([
      "a: Customer on hold: +4799 <+4799>",
      "b: FINN <1-finn>",
      "finn: EVA <1-eva>",
    ]);
    expect(consulting("customer", "b")).toEqual([
      "a: +4799 <+4799>",
      "b: On hold: FINN <1-finn>",
      "finn: On hold: EVA <1-eva>",
    ]);
    const holding = { ...owner, wire: { ...owner.wire, held: true } };
    expect(consulting("customer", "b", holding)).toEqual([
      "a: +4799 <+4799>",
      "b: +4799 <+4799>",
      "finn: On hold: EVA <1-eva>",
    ]);
    expect(consulting("none", null)).toEqual(["a: Customer on hold: +4799 <+4799>", "finn: On hold: EVA <1-eva>"]);
  });

  it("[AG-2] [CO-14] is whom it calls, and nothing is said to whom it calls", () => {
    const calling = { phase: "consulting", ...contact, owner } as const;
    const ringing = { ...calling, consult: consult(null), stage: { kind: "ringing" } } as const;
    expect(shown(ringing)).toEqual(["a: FINN <1-finn>"]);
    const target = { kind: "queue", queue: brand<QueueId>("second") } as const;
    const queued = { target, consulted: null, line: null, since: 0 };
    expect(shown({ ...calling, consult: queued, stage: { kind: "queued" } })).toEqual(["a: Queue second <second>"]);
  });

  it("[AG-2] [CO-4] [CO-6] is the customer after a transfer, and everybody in a conference", () => {
    const moving = {
      ...contact,
      owner,
      consult: consult("b"),
      request: brand<never>("r"),
      referral: null,
      talk: talks.consult,
    } as const;
    expect(shown({ phase: "transferring", ...moving, heard: true, asked: false })).toEqual(["finn: +4799 <+4799>"]);
    const asking = shown({ phase: "asking", ...moving });
    expect(asking).toEqual(["a: Customer on hold: +4799 <+4799>", "b: FINN <1-finn>", "finn: EVA <1-eva>"]);
    expect(shown({ phase: "conference", ...contact, owner, consult: consult(null) })).toEqual([
      "a: Conference: +4799, FINN <+4799>",
      "finn: Conference: +4799, EVA <+4799>",
    ]);
  });

  it("[AG-2] is not told to who is no agent of ours", () => {
    const outside = { seat: brand<never>("o"), outside: { number: "22", name: null }, wire: wire(brand("o")) };
    const met = { ...consult(null), consulted: outside };
    const active = { kind: "answered", talk: talks.consult } as const;
    expect(shown({ phase: "consulting", ...contact, owner, consult: met, stage: active })).toEqual(["a: 22 <22>"]);
  });
});
