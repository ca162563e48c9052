/**
 * One tab of a browser is the phone: all of them have the same session, and a call can ring in one only. The tab that opened its
 * session last has it (W3C Web Locks 3.4, `steal`). A browser without locks, or a page without https, is not told apart.
 */
export class ActiveTab {
  #release = (): void => undefined;

  constructor(private readonly name: string) {}

  /** Takes it from whichever tab has it; `lost` is called once when another tab does the same. */
  claim(lost: () => void): void {
    this.release();
    const locks = navigator.locks as LockManager | undefined;
    const released = new Promise<void>((resolve) => {
      this.#release = resolve;
    });
    const mine = this.#release;
    locks
      ?.request(this.name, { mode: "exclusive", steal: true }, () => released)
      .catch(() => {
        if (this.#release === mine) lost();
      });
  }

  release(): void {
    const release = this.#release;
    this.#release = () => undefined;
    release();
  }
}
