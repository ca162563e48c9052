/** The request met one of the other side's (RFC 3261 14.1): wait, then try again. */
export class Glare extends Error {}

const MOST_TRIES = 6;

/**
 * One request at a time, in order. SIP.js neither queues re-INVITEs nor tries again after 491, and drops a request
 * sent before the dialog is established.
 */
export class RequestQueue {
  #tail: Promise<unknown> = Promise.resolve();

  /** `waitAfterGlare` resolves when the next try may go out. */
  constructor(private readonly waitAfterGlare: () => Promise<void>) {}

  run<T>(request: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(() => this.#attempt(request));
    this.#tail = result.catch(() => undefined); // the caller has the error; the next one's turn comes anyway
    return result;
  }

  async #attempt<T>(request: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await request();
      } catch (error) {
        if (!(error instanceof Glare) || tries === MOST_TRIES) throw error;
        await this.waitAfterGlare();
      }
    }
  }
}
