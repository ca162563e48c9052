import { replacesMatches, type DialogNames, type ReplacedDialog } from "../../domain/replaces.js";

/** 64 T1: what is on its way when a dialog ends is here by then. */
const REMEMBERED_MS = 32_000;

/** Dialogs that have ended a moment ago: who wants to replace one of them is told so (RFC 3891 section 3). */
export class FormerDialogs {
  readonly #all = new Set<DialogNames>();

  add(names: DialogNames): void {
    this.#all.add(names);
    setTimeout(() => this.#all.delete(names), REMEMBERED_MS).unref();
  }

  has(replaces: ReplacedDialog): boolean {
    return [...this.#all].some((names) => replacesMatches(replaces, names));
  }
}
