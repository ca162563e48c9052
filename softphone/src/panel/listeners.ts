import type { CallPanelEvent, CallPanelEvents, CallPanelNews } from "@legwork/shared/call-panel";

type Listener<Type extends CallPanelEvent> = (event: CallPanelEvents[Type]) => void;

/** Who listens to what. A listener that throws keeps nothing from the others: its error is the browser's to report. */
export class Listeners {
  readonly #byType = new Map<CallPanelEvent, Set<(event: never) => void>>();

  add<Type extends CallPanelEvent>(type: Type, listener: Listener<Type>): () => void {
    const listeners = this.#byType.get(type) ?? new Set();
    const entry: Listener<Type> = (event) => listener(event); // the same function may be added twice
    this.#byType.set(type, listeners.add(entry));
    return () => listeners.delete(entry);
  }

  tell({ type, event }: CallPanelNews): void {
    for (const listener of this.#byType.get(type) ?? []) {
      try {
        listener(event as never);
      } catch (error) {
        reportError(error);
      }
    }
  }
}
