import type { CallPanelEvent, CallPanelEvents, CallPanelNews, CallPanelState } from "@legwork/shared/call-panel";

type Listener<Type extends CallPanelEvent> = (event: CallPanelEvents[Type]) => void;

/** `state` undefined: it has not changed. */
interface Change {
  readonly state?: CallPanelState;
  readonly news: readonly CallPanelNews[];
}

/**
 * Who listens to what. A listener that throws keeps nothing from the others: its error is the browser's to report. What a listener
 * itself brings about is told when everybody has heard of the change before it.
 */
export class Listeners {
  readonly #ofState = new Set<(state: CallPanelState) => void>();
  readonly #byType = new Map<CallPanelEvent, Set<(event: never) => void>>();
  readonly #untold: Change[] = [];
  #telling = false;

  subscribe(listener: (state: CallPanelState) => void): () => void {
    const entry: typeof listener = (state) => listener(state); // the same function may be added twice
    this.#ofState.add(entry);
    return () => this.#ofState.delete(entry);
  }

  add<Type extends CallPanelEvent>(type: Type, listener: Listener<Type>): () => void {
    const listeners = this.#byType.get(type) ?? new Set();
    const entry: Listener<Type> = (event) => listener(event);
    this.#byType.set(type, listeners.add(entry));
    return () => listeners.delete(entry);
  }

  /** Nobody listens any more, and nothing is told that has not been told yet. */
  clear(): void {
    this.#ofState.clear();
    this.#byType.clear();
    this.#untold.length = 0;
  }

  tell(change: Change): void {
    this.#untold.push(change);
    if (this.#telling) return;
    this.#telling = true;
    for (let next = this.#untold.shift(); next; next = this.#untold.shift()) {
      if (next.state) tellAll(this.#ofState, next.state);
      for (const { type, event } of next.news) tellAll(this.#byType.get(type), event as never);
    }
    this.#telling = false;
  }
}

function tellAll<News>(listeners: ReadonlySet<(news: News) => void> | undefined, news: News): void {
  for (const listener of listeners ?? []) {
    try {
      listener(news);
    } catch (error) {
      reportError(error);
    }
  }
}
