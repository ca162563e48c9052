/**
 * One tab of a browser is the phone: all of them have the same session, and a call can ring in one only. The tab that opened its
 * session last has it (W3C Web Locks 3.4, `steal`). A browser without locks, or a page without https, is not told apart.
 */
export class ActiveTab {
  #release = (): void => undefined;
  #watched = new AbortController();

  constructor(private readonly name: string) {}

  /** Takes it from whichever tab has it; `lost` is called once when another tab does the same. */
  claim(lost: () => void): void {
    this.release();
    this.#watched.abort();
    const released = new Promise<void>((resolve) => {
      this.#release = resolve;
    });
    const mine = this.#release;
    locks()
      ?.request(this.name, { mode: "exclusive", steal: true }, () => released)
      .catch((error: unknown) => {
        if (this.#release === mine && wasStolen(error)) lost();
      });
  }

  release(): void {
    const release = this.#release;
    this.#release = () => undefined;
    release();
  }

  /** Gives it up, and watches no other. */
  close(): void {
    this.release();
    this.#watched.abort();
  }

  /** Tells, until this tab claims it again, when no other has it any more (`changed(false)`), and when one has it again. */
  watch(changed: (taken: boolean) => void): void {
    this.#watched.abort();
    this.#watched = new AbortController();
    const { signal } = this.#watched;
    const untilAborted = new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    const wait = (): void => {
      locks()
        ?.request(this.name, { mode: "exclusive", signal }, () => {
          if (signal.aborted) return undefined;
          changed(false);
          return untilAborted; // a tab that claims it takes it from here
        })
        .catch((error: unknown) => {
          if (signal.aborted || !wasStolen(error)) return;
          changed(true);
          wait();
        });
    };
    wait();
  }
}

const locks = (): LockManager | undefined => navigator.locks as LockManager | undefined;

/** Any other error is a browser without locks for this page. */
const wasStolen = (error: unknown): boolean => error instanceof DOMException && error.name === "AbortError";
