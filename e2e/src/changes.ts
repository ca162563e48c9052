/** Tells those who wait that something has changed: they look again then, and at no other time. */
export class Changes {
  readonly #waiting = new Set<() => void>();

  /** To be called after every change of what anybody may wait for. */
  happened(): void {
    for (const look of [...this.#waiting]) look();
  }

  /**
   * Waits for a thing: `look` returns undefined when it is there, or what is still missing. Rejects with that when it has not come within
   * `withinMs`, and with whatever `look` throws.
   */
  until(look: () => string | undefined, withinMs = 10_000): Promise<void> {
    return new Promise((resolve, reject) => {
      let missing: string | undefined;
      const done = (settle: () => void): void => {
        clearTimeout(timer);
        this.#waiting.delete(again);
        settle();
      };
      const again = (): void => {
        try {
          missing = look();
        } catch (error) {
          return done(() => reject(error as Error));
        }
        if (missing === undefined) done(resolve);
      };
      const timer = setTimeout(() => {
        again(); // a change that nobody told of would be a fault of the test: it is still seen, and late
        if (missing !== undefined) done(() => reject(new Error(`after ${withinMs} ms: ${missing}`)));
      }, withinMs);
      this.#waiting.add(again);
      again();
    });
  }
}
