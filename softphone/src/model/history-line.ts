import type { HistoryEntry, HistoryParty } from "@legwork/shared/api";

/** What happened besides, as a key under `history` and the people in it. */
export interface HistoryNote {
  readonly key:
    | "transferredTo"
    | "internal"
    | "consulted"
    | "consultedAbout"
    | "wantedToConsult"
    | "wantedToConsultAbout"
    | "from"
    | "consults"
    | "triedToConsult";
  readonly who: readonly string[];
}

/** How one call of the history is shown. */
export interface HistoryLine {
  readonly mark: "in" | "out" | "missed" | "consulted" | "internal";
  /** In seconds; null: they never talked. */
  readonly talked: number | null;
  readonly notes: readonly HistoryNote[];
}

const MISSED: readonly HistoryEntry["outcome"][] = ["not-answered", "abandoned", "unreachable", "busy"];

const named = (party: HistoryParty | null): readonly string[] => (party?.label ? [party.label] : []);

/** The times of an entry are ISO 8601 in UTC. */
export function lineOf(entry: HistoryEntry): HistoryLine {
  const { answered, ended } = entry;
  const talked = answered === null ? null : Math.max(0, Math.round((Date.parse(ended) - Date.parse(answered)) / 1000));
  return { mark: markOf(entry), talked, notes: notesOf(entry) };
}

function markOf({ direction, role, outcome }: HistoryEntry): HistoryLine["mark"] {
  if (direction === "in" && MISSED.includes(outcome)) return "missed";
  if (role === "owner") return direction;
  return role;
}

function notesOf({ role, answered, about, from, consults, transferredTo }: HistoryEntry): HistoryNote[] {
  const note = (key: HistoryNote["key"], who: readonly string[]): HistoryNote[] =>
    who.length > 0 ? [{ key, who }] : [];
  const asked = answered === null ? "wantedToConsult" : "consulted";
  const part: HistoryNote[] =
    role === "internal"
      ? [{ key: "internal", who: [] }]
      : role === "consulted"
        ? [{ key: named(about).length > 0 ? `${asked}About` : asked, who: named(about) }]
        : [];
  const reached = namesOf(consults.filter((consult) => consult.answered !== null));
  const tried = namesOf(consults).filter((name) => !reached.includes(name));
  return [
    ...part,
    ...note("from", named(from)),
    ...note("consults", reached),
    ...note("triedToConsult", tried),
    ...note("transferredTo", named(transferredTo)),
  ];
}

const namesOf = (consults: HistoryEntry["consults"]): readonly string[] => [
  ...new Set(consults.flatMap((consult) => named(consult.with))),
];
