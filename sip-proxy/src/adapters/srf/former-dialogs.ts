import { replacesMatches, type DialogNames, type ReplacedDialog } from "../../domain/replaces.js";
import { TIMEOUT_MS } from "./srf-api.js";

/** Dialogs that have ended a moment ago: who wants to replace one of them is told so (RFC 3891 section 3). */
export class FormerDialogs {
  readonly #all = new Set<DialogNames>();

  add(names: DialogNames): void {
    this.#all.add(names);
    setTimeout(() => this.#all.delete(names), TIMEOUT_MS).unref();
  }

  has(replaces: ReplacedDialog): boolean {
    return [...this.#all].some((names) => replacesMatches(replaces, names));
  }
}
