import type { AgentListing, EntryPointListing, QueueListing } from "@legwork/shared/api";
import type { CallPanelCommand } from "@legwork/shared/call-panel";

/** What a consult can be asked for (DF-2), in the order the dialog offers it. */
export const DESTINATION_KINDS = ["agent", "queue", "entry-point"] as const;
export type DestinationKind = (typeof DESTINATION_KINDS)[number];

/** One line of the consult request. */
export type Destination =
  | ({ readonly kind: "agent" } & AgentListing)
  | ({ readonly kind: "queue" } & QueueListing)
  | ({ readonly kind: "entry-point" } & EntryPointListing);

/** DF-3: an agent has to be reachable now; a queue or an entry point lets the consult wait (CO-14). */
export const mayBeChosen = (destination: Destination): boolean => destination.kind !== "agent" || destination.reachable;

const CONSULTS: readonly CallPanelCommand[] = ["consultAgent", "consultQueue", "consultEntryPoint"];

/** A consult has been asked for and is not in force yet. */
export const isConsulting = (pending: readonly CallPanelCommand[]): boolean =>
  pending.some((command) => CONSULTS.includes(command));

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
  return all.filter(fits).toSorted((a, b) => a.name.localeCompare(b.name, language));
}

const isPartOfNumber = (word: string, number: string): boolean =>
  /^\+?\d+$/.test(word) && number.replaceAll(" ", "").includes(word);
