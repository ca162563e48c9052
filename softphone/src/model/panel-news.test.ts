import { describe, expect, it } from "@jest/globals";
import type { Desktop, InteractionView } from "@legwork/shared/api";
import type { CallPanelState } from "@legwork/shared/call-panel";
import { newsBetween } from "./panel-news.js";
import { initialModel, view } from "./panel-state.js";
import { connected, consulting, desktopWith } from "./testing.js";

const state = (changes: Partial<CallPanelState>): CallPanelState => ({ ...view(initialModel), ...changes });
const showing = (interaction: InteractionView | null, changes: Partial<Desktop> = {}) =>
  state({ connection: { kind: "ready" }, desktop: { ...desktopWith(interaction), ...changes } });
const types = (before: CallPanelState, after: CallPanelState) => newsBetween(before, after).map(({ type }) => type);
const offered: InteractionView = { ...connected(), phase: "offered", role: "offered" };
const wrapUp: Desktop["wrapUps"][number] = {
  id: "w1",
  interaction: "i1",
  customer: { name: "Ingrid", number: "+4722334455" },
  openedAt: "2026-01-01T12:00:00.000Z",
  autoAt: null,
  mayCancelAuto: true,
  defaultReason: "solved",
  draft: null,
};

describe("what a host of the panel is told", () => {
  it("is who signed in, with the connection, the state and the call that is there", () => {
    const news = newsBetween(state({}), showing(connected()));
    expect(news.map(({ type }) => type)).toEqual([
      "signed-in",
      "connection-changed",
      "agent-state-changed",
      "call-started",
    ]);
    expect(news[0]?.event).toEqual({ agent: { id: "anna", name: "Anna", role: "agent" } });
    expect(news[2]?.event).toEqual({ state: { kind: "engaged" }, before: null });
  });

  it.each([
    ["an offer", showing(null), showing(offered), ["call-offered"]],
    ["its answer", showing(offered), showing(connected()), ["call-started"]],
    ["an offer that is taken back", showing(offered), showing(null), ["call-ended"]],
    ["a hold", showing(connected()), showing({ ...connected(), phase: "held" }), ["call-changed"]],
    ["a consult", showing(connected()), showing(consulting("ringing", "consult")), ["call-changed"]],
    [
      "its answer",
      showing(consulting("ringing", "consult")),
      showing(consulting("answered", "consult")),
      ["call-changed"],
    ],
    ["who hears whom", showing(connected()), showing({ ...connected(), seats: [] }), []],
    ["the end", showing(connected()), showing(null, { wrapUps: [wrapUp] }), ["call-ended", "wrap-up-opened"]],
    ["the wrap-up", showing(null, { wrapUps: [wrapUp] }), showing(null), ["wrap-up-closed"]],
    ["the next call", showing(connected()), showing({ ...connected(), id: "i2" }), ["call-ended", "call-started"]],
    ["nothing", showing(connected()), showing(connected()), []],
    ["a session that another tab has", showing(connected()), state({}), ["connection-changed"]],
    ["the end of the session", showing(null, { wrapUps: [wrapUp] }), state({}), ["connection-changed"]],
  ] as const)("of %s", (_, before, after, expected) => {
    expect(types(before, after)).toEqual(expected);
  });

  it("has the call as it was last when it ends, and both as it changes", () => {
    expect(newsBetween(showing(connected()), showing(null))[0]).toEqual({
      type: "call-ended",
      event: { call: connected() },
    });
    const held: InteractionView = { ...connected(), phase: "held" };
    expect(newsBetween(showing(connected()), showing(held))[0]?.event).toEqual({ call: held, before: connected() });
  });

  it("[AG-1] tells another idle reason apart, and the same one once", () => {
    const idle = (reason: string) =>
      showing(null, { agent: { ...desktopWith(null).agent, state: { kind: "idle", reason } } });
    expect(types(idle("lunch"), idle("meeting"))).toEqual(["agent-state-changed"]);
    expect(types(idle("lunch"), idle("lunch"))).toEqual([]);
  });

  it("tells which link is lost, not each second of it", () => {
    const lost = (what: "events" | "sip", since: number) => state({ connection: { kind: "lost", what, since } });
    expect(types(lost("sip", 1), lost("events", 2))).toEqual(["connection-changed"]);
    expect(types(lost("sip", 1), lost("sip", 2))).toEqual([]);
  });
});
