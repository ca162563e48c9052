import type { ExpertListing, PresenceView } from "@legwork/shared/api";
import type { ExpertRecord } from "@legwork/shared/store";
import { presenceOfAgent, presenceView } from "../domain/expert-presence.js";
import type { Clock } from "../ports/clock.js";
import type { Directory } from "../ports/directory.js";
import type { Agents } from "./agents.js";
import type { dialing } from "./dialing.js";

export interface ExpertsDeps {
  /** Where two have the same id the first counts. */
  readonly directories: readonly Directory[];
  readonly agents: Pick<Agents, "find" | "get">;
  readonly clock: Clock;
  /** What another system said longer ago may well be wrong by now, in milliseconds. */
  readonly staleMs: number;
  readonly parse: ReturnType<typeof dialing>;
}

/** Digits. */
const MAX_EXTENSION = 6;

interface Listed {
  readonly expert: ExpertRecord;
  readonly directory: Directory;
}

/** DF-4: the experts of all directories. Without a work number nobody is listed or called. */
export class Experts {
  constructor(private readonly deps: ExpertsDeps) {}

  find(id: string): ExpertRecord | undefined {
    for (const directory of this.deps.directories) {
      const found = directory.experts().find((expert) => expert.id === id);
      if (found) return found;
    }
    return undefined;
  }

  /** By first name, role or department; by number only when it is typed in full; everybody for nothing typed. */
  search(text: string): readonly ExpertListing[] {
    const words = fold(text);
    const typed = this.deps.parse(text);
    const fits = (expert: ExpertRecord, number: string): boolean => {
      if (words === "" || names(expert, words)) return true;
      const own = typed.ok ? this.deps.parse(number) : typed;
      return typed.ok && own.ok && typed.dial.number === own.dial.number;
    };
    return [...this.#all().values()].flatMap(({ directory, expert }) => {
      const { number } = expert;
      if (number === null || !fits(expert, number)) return [];
      return [{ ...expert, number, presence: this.#presenceOf(expert.id, number, directory) }];
    });
  }

  /** Live for who has a station here; else what their own system said last. */
  #presenceOf(id: string, number: string, directory: Directory): PresenceView | null {
    const { agents, clock, parse, staleMs } = this.deps;
    const now = clock.now();
    // Reading a number takes its time, and most are too long for an extension.
    const own = number.replace(/\D/g, "").length <= MAX_EXTENSION ? parse(number) : null;
    const agent = own?.ok && own.dial.kind === "extension" ? agents.find(own.dial.number) : undefined;
    const entry = agent && agents.get(agent.id);
    if (entry) return presenceView(presenceOfAgent(entry.state.kind, entry.reachable), now, now, staleMs);
    const told = directory.presenceOf(id);
    return told && presenceView(told.state, told.at, now, staleMs);
  }

  #all(): ReadonlyMap<string, Listed> {
    const all = new Map<string, Listed>();
    for (const directory of this.deps.directories) {
      for (const expert of directory.experts()) if (!all.has(expert.id)) all.set(expert.id, { expert, directory });
    }
    return all;
  }
}

const names = ({ department, name, role }: ExpertRecord, words: string): boolean =>
  [name, role, department].some((field) => fold(field).startsWith(words)) ||
  [role, department].some((field) => fold(field).includes(` ${words}`));

/** For comparing names as people type them. */
const fold = (text: string): string => text.normalize("NFKC").trim().toLowerCase();
