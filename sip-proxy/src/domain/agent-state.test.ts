import { describe, expect, it } from "@jest/globals";
import { inACall, mayBeReserved, mayChoose, nextAgentState, type AgentEvent, type AgentState } from "./agent-state.js";

const after = (start: AgentState, ...events: AgentEvent[]): AgentState => events.reduce(nextAgentState, start);

const available: AgentState = { kind: "available" };
const idle: AgentState = { kind: "idle", reason: "break" };
const rona: AgentState = { kind: "rona" };
const wrapUp: AgentState = { kind: "wrap-up", after: { kind: "available" } };
const released = (how: "handled" | "consulted" | "not-answered" | "caller-gone", openWrapUps = false): AgentEvent => ({
  type: "released",
  how,
  openWrapUps,
});
const consult: AgentEvent = { type: "reserved", by: "consult" };
const offer: AgentEvent = { type: "reserved", by: "queue" };
const engaged: AgentEvent = { type: "engaged" };

describe("an agent's state", () => {
  it("[AG-1] starts the day not ready, so that no call comes by surprise", () => {
    expect(after({ kind: "offline" }, { type: "signedIn", openWrapUps: false })).toEqual({
      kind: "idle",
      reason: "not-ready",
    });
  });

  it("[WU-1] goes on with a wrap-up that was open when the page was closed", () => {
    expect(after({ kind: "offline" }, { type: "signedIn", openWrapUps: true }).kind).toBe("wrap-up");
  });

  it("[AG-1] lets a queue reserve Available agents only", () => {
    expect([available, idle, rona, wrapUp].map((s) => mayBeReserved(s, "queue"))).toEqual([true, false, false, false]);
  });

  it("[AG-3] lets a consult reserve every resting agent, and nobody in a call", () => {
    expect([available, idle, rona, wrapUp].map((s) => mayBeReserved(s, "consult"))).toEqual([true, true, true, true]);
    const busy = after(available, offer);
    expect(
      [busy, after(busy, engaged), { kind: "offline" } as AgentState].map((s) => mayBeReserved(s, "consult")),
    ).toEqual([false, false, false]);
  });

  it.each([
    ["available", available],
    ["idle", idle],
    ["RONA", rona],
    ["wrap-up", wrapUp],
  ])("[AG-3] brings a consulted agent back to %s", (_name, former) => {
    expect(after(former, consult, engaged, released("consulted"))).toEqual(former);
    expect(after(former, consult, released("not-answered"))).toEqual(former);
    expect(after(former, consult, released("caller-gone"))).toEqual(former);
  });

  it("[AG-1] is RONA after an unanswered offer of a queue, and leaves it by hand only", () => {
    const unanswered = after(available, offer, released("not-answered"));
    expect(unanswered).toEqual(rona);
    expect(after(unanswered, offer)).toEqual(rona);
    expect(after(unanswered, { type: "choseAvailable" })).toEqual(available);
  });

  it("[QU-2] is available again when the caller hung up while it rang", () => {
    expect(after(available, offer, released("caller-gone"))).toEqual(available);
  });

  it("[WU-1] wraps up after a call of its own, and is then what it was before", () => {
    const wrapping = after(available, offer, engaged, released("handled", true));
    expect(wrapping).toEqual(wrapUp);
    expect(after(wrapping, { type: "wrapUpsDone" })).toEqual(available);
    const fromIdle = after(idle, consult, engaged, released("handled", true));
    expect(after(fromIdle, { type: "wrapUpsDone" })).toEqual(idle);
  });

  it("[AG-3] does not come back to a wrap-up that was submitted meanwhile", () => {
    const submitted = after(wrapUp, consult, engaged, { type: "wrapUpsDone" }, released("consulted"));
    expect(submitted).toEqual(available);
  });

  it("changes by hand between calls only", () => {
    const busy = after(available, offer);
    expect(after(busy, { type: "choseIdle", reason: "lunch" })).toBe(busy);
    expect([available, idle, rona, wrapUp, busy].map(mayChoose)).toEqual([true, true, true, false, false]);
    expect([available, busy, after(busy, engaged)].map(inACall)).toEqual([false, true, true]);
  });
});
