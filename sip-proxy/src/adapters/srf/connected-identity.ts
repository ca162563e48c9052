import type { Party } from "../../domain/connected-party.js";
import { quoted, userPart } from "../../domain/sip-status.js";
import type { Log } from "../../ports/log.js";
import { SESSION_TIMER } from "./outgoing-invite.js";
import type { SrfDialog } from "./srf-api.js";

/** Long enough for every answer but one that never comes. */
const ANSWER_WAIT_MS = 4_000;
/** RFC 3261 section 14.1: longer than whoever chose the Call-ID waits. */
const AGAIN_AFTER_MS = 2_500;
const TRIES = 3;

/**
 * Tells a telephone whom it speaks with now: UPDATE without SDP (RFC 3311) with P-Asserted-Identity (RFC 3325) and, for older telephones,
 * Remote-Party-ID. One at a time, the newest only; whatever is answered, the call goes on.
 */
export class ConnectedIdentity {
  #dialog: SrfDialog | null = null;
  #shown: string | null;
  #wanted: Party | null = null;
  #busy = false;
  #isOver = false;

  /** `shown`: what the INVITE of ours named; null: the telephone has called us. `answered`: by the telephone, to an UPDATE. */
  constructor(
    private readonly deps: {
      readonly domain: string;
      readonly log: Log;
      answered(dialog: SrfDialog, status: number): void;
    },
    shown: Party | null,
  ) {
    this.#shown = shown && this.#address(shown);
  }

  /** The dialog is confirmed. `allow`: the telephone's Allow header. */
  ready(dialog: SrfDialog, allow: string | undefined): void {
    if (!/\bUPDATE\b/i.test(allow ?? "")) return this.over();
    this.#dialog = dialog;
    void this.#tell(0);
  }

  show(party: Party): void {
    this.#wanted = party;
    void this.#tell(0);
  }

  over(): void {
    this.#isOver = true;
  }

  #address = ({ name, number }: Party): string =>
    `${quoted(name)} <sip:${userPart(number || "anonymous")}@${this.deps.domain}>`;

  async #tell(tried: number): Promise<void> {
    const address = this.#wanted && this.#address(this.#wanted);
    const dialog = this.#dialog;
    if (!dialog || address === null || address === this.#shown || this.#busy || this.#isOver) return;
    this.#busy = true;
    const before = this.#shown;
    this.#shown = address;
    const status = await this.#update(dialog, address);
    this.#busy = false;
    const isPending = status === 491 || status === 500; // another request of the telephone's own is under way (RFC 3311 section 5.2)
    if (isPending && tried + 1 < TRIES) {
      this.#shown = before;
      return void setTimeout(() => void this.#tell(tried + 1), AGAIN_AFTER_MS).unref();
    }
    if (isPending) {
      this.#shown = null; // given up on this one: the next is told, whichever it is
      if (this.#wanted && this.#address(this.#wanted) === address) return;
    }
    // It cannot be told, or is gone: that is no reason to end anything.
    if (status !== null && status >= 300 && !isPending) return this.over();
    void this.#tell(0);
  }

  async #update(dialog: SrfDialog, address: string): Promise<number | null> {
    const headers = {
      Contact: dialog.local.contact,
      "P-Asserted-Identity": address,
      "Remote-Party-ID": `${address};party=calling;privacy=off;screen=yes`,
      // An UPDATE without it would end the session timer (RFC 4028 section 7.2).
      ...(dialog.res?.has("Session-Expires") && { ...SESSION_TIMER, Supported: "timer" }),
    };
    try {
      const answered = dialog.request({ method: "UPDATE", headers }).then(({ status }) => {
        this.deps.answered(dialog, status);
        return status;
      });
      return await Promise.race([answered, patience()]);
    } catch {
      this.deps.log.debug({}, "a telephone was gone before it could be told whom it speaks with");
      return 481;
    }
  }
}

/** An answer may be lost: a provisional one takes the final one's place on some engines. */
const patience = (): Promise<null> => new Promise((resolve) => setTimeout(() => resolve(null), ANSWER_WAIT_MS).unref());
