import type { ErrorCode } from "@legwork/shared/api";
import type { RequestId } from "@legwork/shared/ids";

export interface Asker {
  accepted(): void;
  refused(why: ErrorCode): void;
  /** False: what is asked for has lost its sense, a call taken back for one. It is looked at when the turn of the request has come. */
  readonly stillAsks?: () => boolean;
}

/** Whoever asked for something is answered exactly once. */
export class Requests {
  readonly #waiting = new Map<RequestId, Asker>();

  get size(): number {
    return this.#waiting.size;
  }

  add(request: RequestId, asker: Asker): void {
    this.#waiting.set(request, asker);
  }

  accept(request: RequestId): void {
    this.#take(request)?.accepted();
  }

  refuse(request: RequestId, why: ErrorCode): void {
    this.#take(request)?.refused(why);
  }

  #take(request: RequestId): Asker | undefined {
    const asker = this.#waiting.get(request);
    this.#waiting.delete(request);
    return asker;
  }
}
