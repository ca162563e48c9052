import { isNobodyThere, type SrfDialog } from "./srf-api.js";

export type Presence = "there" | "gone";

/** Finds out whether the other end still knows a dialog: OPTIONS inside it (RFC 3261 section 12.2.1.2). One at a time; that it is gone is told once. */
export class DialogProbe {
  #asked: Promise<Presence> | null = null;
  #isGone = false;

  constructor(private readonly gone: () => void) {}

  ask(dialog: SrfDialog): Promise<Presence> {
    this.#asked ??= this.#ask(dialog).finally(() => {
      this.#asked = null;
    });
    return this.#asked;
  }

  /** The answer to another request of ours in the dialog. One answer alone may be a telephone's mistake: it is asked whether it means it. */
  answered(dialog: SrfDialog, status: number): void {
    if (meansGone(status)) void this.ask(dialog);
  }

  async #ask(dialog: SrfDialog): Promise<Presence> {
    if (this.#isGone) return "gone";
    try {
      const res = await dialog.request({ method: "OPTIONS" });
      if (!meansGone(res.status) && !isNobodyThere(res.status, res)) return "there";
    } catch {
      return "there"; // nothing was sent, so nothing is known; a dialog that has ended here is told of in another way
    }
    if (!this.#isGone) this.gone();
    this.#isGone = true;
    return "gone";
  }
}

const meansGone = (status: number): boolean => status === 481 || status === 408;
