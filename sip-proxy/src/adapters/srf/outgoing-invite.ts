import type { LegFailure } from "@legwork/shared/interaction";
import type { DialogNames } from "../../domain/replaces.js";
import { failureOfStatus } from "../../domain/sip-status.js";
import { ALLOW, type CallOut, type LegContext } from "./leg-context.js";
import {
  bye,
  isNobodyThere,
  type Headers,
  type SrfDialog,
  type SrfMessage,
  type SrfRequest,
  type UacError,
} from "./srf-api.js";

/** A telephone that is there says so at once (RFC 3261 section 17.2.1: within 200 ms); with another contact at hand nobody waits longer. */
const SILENCE_MS = 3_000;
/** RFC 4028: a telephone that goes away without a BYE and without sending anything is noticed by then, in seconds. */
const SESSION_S = 1_800;

/** Asks for a session timer that we keep. */
export const SESSION_TIMER: Headers = { "Session-Expires": `${SESSION_S};refresher=uac` };

export type InviteOutcome = { readonly dialog: SrfDialog } | { readonly failure: LegFailure };

type Attempt =
  { readonly dialog: SrfDialog } | { readonly error: UacError } | { readonly silent: true; readonly instead: CallOut };

/** An INVITE of ours, to one contact of a station after the other, until a dialog comes of it or a failure. */
export class OutgoingInvite {
  #req: SrfRequest | null = null;
  #cancelled = false;
  callId: string | null = null;
  /** The early dialog, once it rings. */
  early: DialogNames | null = null;

  constructor(
    private readonly ctx: Pick<LegContext, "srf" | "log">,
    private readonly contact: Headers,
    private readonly localSdp: string,
  ) {}

  /** What comes of it after `cancel` is tidied up here, and is nobody's business. */
  async run(call: CallOut): Promise<InviteOutcome> {
    const attempt = await this.#attempt(call);
    if ("dialog" in attempt) return attempt;
    if ("silent" in attempt) return this.run(attempt.instead);
    const { status, res } = attempt.error;
    if (status === undefined) {
      this.ctx.log.warn({ error: attempt.error }, "a call of ours failed");
      return { failure: { kind: "unreachable", why: "transport" } };
    }
    // RFC 4028 section 7.3: it wants a longer time; then it gets none.
    if (status === 422 && call.sessionTimer && !this.#cancelled) return this.run({ ...call, sessionTimer: false });
    const next = isNobodyThere(status, res) && !this.#cancelled ? call.instead?.("gone") : null;
    return next ? this.run(next) : { failure: failureOfStatus(status) };
  }

  cancel(): void {
    this.#cancelled = true;
    if (this.#req) this.#take(this.#req);
  }

  async #attempt(call: CallOut): Promise<Attempt> {
    this.#req = null;
    this.early = null;
    const { ctx, contact, localSdp } = this;
    return new Promise((resolve) => {
      let given = false;
      const give = (attempt: Attempt): void => {
        clearTimeout(timer);
        if (!given) resolve(attempt);
        else if ("dialog" in attempt) void bye(attempt.dialog, ctx.log); // it has answered after all
        given = true;
      };
      const silent = (): void => {
        const instead = this.#cancelled ? null : call.instead?.("silent");
        if (!instead) return;
        if (this.#req) this.#take(this.#req);
        give({ silent: true, instead });
      };
      const timer = setTimeout(silent, SILENCE_MS).unref();
      const sent = (error: unknown, req: SrfRequest | undefined): void => {
        if (error || !req || given) return;
        this.#req = req;
        this.callId = req.get("Call-ID") ?? null;
        if (this.#cancelled) this.#take(req); // hung up before the INVITE was on the wire
      };
      const heard = (res: SrfMessage): void => {
        clearTimeout(timer);
        if (!given) this.#rings(res);
      };
      const supported = call.sessionTimer ? "replaces, timer" : "replaces";
      const timed = call.sessionTimer ? SESSION_TIMER : {};
      ctx.srf
        .createUAC(
          call.uri,
          {
            localSdp,
            headers: { ...call.headers, ...contact, ...timed, Allow: ALLOW, Supported: supported },
            ...(call.proxy && { proxy: call.proxy }),
            ...(call.auth && { auth: call.auth }),
          },
          { cbRequest: sent, cbProvisional: heard },
        )
        .then(
          (dialog) => give({ dialog }),
          (error: unknown) => give({ error: error as UacError }),
        );
    });
  }

  #take(req: SrfRequest): void {
    req.cancel((error) => {
      if (error) this.ctx.log.debug({}, "nothing left to cancel");
    });
  }

  #rings(res: SrfMessage): void {
    const localTag = res.getParsedHeader("from").params?.["tag"];
    const remoteTag = res.getParsedHeader("to").params?.["tag"];
    if (this.callId && localTag && remoteTag) this.early = { callId: this.callId, localTag, remoteTag, early: true };
  }
}
