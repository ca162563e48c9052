import type { HistoryEntry, HistoryParty } from "@legwork/shared/api";
import { ago } from "./sample-calls.js";

const number = (label: string, dialled = label): HistoryParty => ({
  label,
  callBack: { kind: "number", number: dialled },
});
const colleague = (label: string, agent: string): HistoryParty => ({ label, callBack: { kind: "agent", agent } });
const ingrid = number("Ingrid Solberg", "+4722334455");
const bjorn = colleague("Bjørn Dahl", "bjorn");

/** A call of the customer Ingrid's, `minutes` ago and `talked` s long, 0 for never answered. */
function call(id: string, minutes: number, talked: number, changes: Partial<HistoryEntry> = {}): HistoryEntry {
  const began = minutes * 60;
  return {
    id,
    call: id,
    direction: "in",
    role: "owner",
    other: ingrid,
    about: null,
    from: null,
    queue: "Billing",
    entryPoint: "Main line",
    began: ago(began),
    answered: talked > 0 ? ago(began - 8) : null,
    ended: ago(began - 8 - talked),
    outcome: "answered",
    transferredTo: null,
    consults: [],
    wrapUp: null,
    ...changes,
  };
}

const solved: HistoryEntry["wrapUp"] = { reason: "solved", label: "Solved", labelNb: "Løst", note: "", by: "agent" };

/** One of each kind. */
export const CALLS: readonly HistoryEntry[] = [
  call("h1", 12, 192, {
    wrapUp: { ...solved, note: "Wants the invoice by e-mail" },
    consults: [
      {
        with: bjorn,
        kind: "agent",
        began: ago(600),
        answered: ago(590),
        ended: ago(560),
        conference: false,
      },
    ],
  }),
  call("h2", 25, 0, { outcome: "not-answered", other: { label: "", callBack: null } }),
  call("h3", 41, 75, {
    role: "consulted",
    other: colleague("Cecilie Strand", "cecilie"),
    about: number("Per Aas", "+4790909090"),
    queue: null,
    entryPoint: null,
  }),
  call("h4", 58, 0, {
    direction: "out",
    other: number("+47 99 88 77 66"),
    outcome: "busy",
    queue: null,
    entryPoint: null,
  }),
  call("h5", 75, 310, {
    other: number("Knut Arild Kristoffersen-Haugland", "+4791919191"),
    outcome: "transferred",
    transferredTo: bjorn,
    wrapUp: {
      ...solved,
      reason: "forwarded",
      label: "Passed to a colleague",
      labelNb: "Satt over til kollega",
      by: "server",
    },
  }),
  call("h6", 90, 42, { role: "internal", direction: "out", other: bjorn, queue: null, entryPoint: null }),
];

/** What "show earlier calls" brings. */
export const EARLIER: readonly HistoryEntry[] = [
  call("h7", 130, 0, { outcome: "abandoned" }),
  call("h8", 150, 205, { from: colleague("Cecilie Strand", "cecilie"), wrapUp: solved }),
];

export const JUST_ENDED: HistoryEntry = call("h0", 1, 31, { other: number("Per Aas", "+4790909090") });
