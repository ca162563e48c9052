import { describe, expect, it } from "@jest/globals";
import { brand, type InteractionId } from "@legwork/shared/ids";
import type { CallPart, WrapUpRecord } from "@legwork/shared/store";
import { historyEntries } from "./history-view.js";

const call = brand<InteractionId>("i-1");
const part = (id: string, began: number): CallPart => ({
  id,
  call,
  agent: brand("anna"),
  direction: "in",
  role: "owner",
  other: { label: "Kari", agent: null, number: null },
  about: null,
  from: null,
  queue: null,
  entryPoint: null,
  began,
  answered: began,
  consults: [],
  end: { at: began + 5, outcome: "answered", transferredTo: null },
});
const wrapUp = (reason: string, openedAt: number): WrapUpRecord => ({
  id: brand(reason),
  interaction: call,
  agent: brand("anna"),
  customerName: "Kari",
  customerNumber: "",
  openedAt,
  autoAt: null,
  draft: null,
  submitted: { at: openedAt + 1, reason, note: "", by: "agent" },
});

describe("an agent's history", () => {
  it("[WU-2] shows each part with its own wrap-up, also when the agent's next part in the call is on another page", () => {
    const all = [part("second", 20), part("first", 10)];
    const wrapUps = [wrapUp("of the first", 16), wrapUp("of the second", 26)];
    const reasons = (page: CallPart[]) => historyEntries(page, all, wrapUps, []).map((entry) => entry.wrapUp?.reason);
    expect(reasons(all)).toEqual(["of the second", "of the first"]);
    expect([reasons([all[0]!]), reasons([all[1]!])]).toEqual([["of the second"], ["of the first"]]);
  });
});
