import { useSyncExternalStore } from "react";

/** One clock for the whole page: all timers change in the same moment, each second on the second. */
class PageClock {
  #now = Date.now();
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #followers = new Set<() => void>();

  readonly read = (): number => this.#now;

  readonly follow = (changed: () => void): (() => void) => {
    this.#followers.add(changed);
    if (this.#followers.size === 1) this.#tick();
    return () => {
      this.#followers.delete(changed);
      if (this.#followers.size === 0) clearTimeout(this.#timer);
    };
  };

  #tick(): void {
    this.#now = Date.now();
    this.#timer = setTimeout(() => this.#tick(), 1000 - (this.#now % 1000));
    for (const changed of this.#followers) changed();
  }
}

const clock = new PageClock();

/** The present time in ms as the page shows it, the same for every component. */
export const useNow = (): number => useSyncExternalStore(clock.follow, clock.read, clock.read);
