import type {
  AgentListing,
  DialNumberListing,
  EntryPointListing,
  ExpertListing,
  QueueListing,
  Target,
} from "@legwork/shared/api";
import type { CallPanelCommand } from "@legwork/shared/call-panel";

/** What somebody is looked for: a consult (DF-1), a blind transfer (BT-1), a call of the agent's own (OB-1, IN-1). */
export type Errand = "consult" | "transfer" | "call";

/** What can be asked for (DF-2), in the order the dialog offers it. */
export const DESTINATION_KINDS = ["agent", "queue", "entry-point", "number", "expert"] as const;
export type DestinationKind = (typeof DESTINATION_KINDS)[number];

/** The kinds of each errand; the first is offered first. */
export const KINDS_OF: Readonly<Record<Errand, readonly DestinationKind[]>> = {
  consult: DESTINATION_KINDS,
  transfer: DESTINATION_KINDS,
  call: ["number", "expert", "agent"],
};

/** The command an errand ends in. */
export const COMMAND_OF: Readonly<
  Record<Errand, Extract<CallPanelCommand, "consult" | "blindTransfer" | "placeCall">>
> = { consult: "consult", transfer: "blindTransfer", call: "placeCall" };

/** One line of a list. */
export type Destination =
  | ({ readonly kind: "agent" } & AgentListing)
  | ({ readonly kind: "queue" } & QueueListing)
  | ({ readonly kind: "entry-point" } & EntryPointListing)
  | ({ readonly kind: "number" } & DialNumberListing)
  | ({ readonly kind: "expert" } & ExpertListing);

/** DF-3: a consult lists agents in every state, a blind transfer only those who are Available. */
export const isListed = (destination: Destination, errand: Errand): boolean =>
  errand !== "transfer" || destination.kind !== "agent" || destination.state.kind === "available";

/** DF-3: an agent has to be reachable now; a queue or an entry point lets the consult wait (CO-14), a number tells when it is called. */
export const mayBeChosen = (destination: Destination): boolean => destination.kind !== "agent" || destination.reachable;

/** Whom a choice stands for among the lines in sight: who has left them, or cannot be reached any more, is not chosen. */
export const chosenIn = (lines: readonly Destination[], id: string | null): Destination | null =>
  lines.find((each) => each.id === id && mayBeChosen(each)) ?? null;

/** What Enter in the search takes: the one line that may be chosen, if there is one only. */
export function onlyChoiceIn(lines: readonly Destination[]): Destination | null {
  const [only, ...others] = lines.filter(mayBeChosen);
  return only && others.length === 0 ? only : null;
}

/** The list is the answer to what stands in the search now. Only the organisation is searched on the server (DF-4); the others are searched here. */
export const answersTo = (kind: DestinationKind, searched: string, query: string): boolean =>
  kind !== "expert" || searched === query.trim();

/** What is sent for a line of a list. */
export function targetOf(destination: Destination): Target {
  switch (destination.kind) {
    case "agent":
      return { kind: "agent", agent: destination.id };
    case "queue":
      return { kind: "queue", queue: destination.id };
    case "entry-point":
      return { kind: "entry-point", entryPoint: destination.id };
    case "number":
      return { kind: "number", number: destination.number };
    case "expert":
      return { kind: "expert", expert: destination.id };
  }
}

interface Searched {
  readonly id: string;
  readonly name: string;
  readonly number?: string;
}

/** Every word of the query begins some word of the name, the id, or is in the number, whatever the case; names ascending. */
export function matching<T extends Searched>(all: readonly T[], query: string, language: string): readonly T[] {
  const words = query.toLocaleLowerCase(language).split(/\s+/).filter(Boolean);
  const fits = ({ name, id, number = "" }: Searched) => {
    const parts = [...name.toLocaleLowerCase(language).split(/[\s-]+/), id.toLocaleLowerCase(language)];
    return words.every((word) => parts.some((part) => part.startsWith(word)) || isPartOfNumber(word, number));
  };
  return inOrder(all.filter(fits), language);
}

/** Names ascending, as the language sorts them. */
export const inOrder = <T extends Searched>(all: readonly T[], language: string): readonly T[] =>
  all.toSorted((a, b) => a.name.localeCompare(b.name, language));

const isPartOfNumber = (word: string, number: string): boolean =>
  /^\+?\d+$/.test(word) && number.replaceAll(" ", "").includes(word);

/** The lines of a list that fit an errand and what was typed. The server has searched the organisation already (DF-4). */
export function found(
  all: readonly Destination[],
  { errand, query, language }: { readonly errand: Errand; readonly query: string; readonly language: string },
): readonly Destination[] {
  const listed = all.filter((destination) => isListed(destination, errand));
  return listed.every(({ kind }) => kind === "expert") ? inOrder(listed, language) : matching(listed, query, language);
}
