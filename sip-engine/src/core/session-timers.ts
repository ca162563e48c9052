import {
  agreedSession,
  answerSession,
  demandedInterval,
  expireAfter,
  refreshAfter,
  tooSmall,
} from "../dialog/session-timer.js";
import type { Session } from "../dialog/session-timer.js";
import { ownResponse } from "../sip/compose.js";
import type { ResponseEnvelope } from "../sip/envelope.js";
import { field, headerValue } from "../sip/message.js";
import type { SipRequest, SipResponse } from "../sip/message.js";
import type { Context } from "./context.js";
import type { DialogRecord } from "./dialogs.js";
import { composeInDialog, releaseDialog, repeatAck, sendAck } from "./dialog-requests.js";
import type { Flow } from "./ports.js";
import { routeIn, whenRouted } from "./routing.js";
import { TimerSet } from "./timer-set.js";

const EXPIRED = 'SIP;cause=200;text="Session timer expired"';
/** Wait after a 491 to a refresh (RFC 3261 14.1): 2.1 to 4 s for who made the Call-ID, 0 to 2 s for the other, so that they meet once only. */
const GLARE_WAIT_MS = { uac: 3000, uas: 1000 };
/** Wait for the end of a re-INVITE before a refresh (RFC 3261 14.1). */
const BUSY_WAIT_MS = 1000;

/** The timer of one dialog and the interval it agreed on. */
interface Running {
  readonly timers: TimerSet<"refresh" | "expire">;
  seconds: number;
  /** When the session is over unless it is refreshed, milliseconds since the epoch. */
  expiresAt: number;
}

/** Keeps sessions alive by RFC 4028 without the apps' knowing, and ends those whose peer has fallen silent. */
export class SessionTimers {
  readonly #context: Context;
  readonly #running = new Map<DialogRecord, Running>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** The 422 to a refresh that asks for too short an interval, or null. */
  refuse(request: SipRequest): SipResponse | null {
    const refreshes = request.method === "INVITE" || request.method === "UPDATE";
    const { minSe } = this.#context.options;
    if (!refreshes || !tooSmall(request, minSe)) return null;
    return ownResponse(request, 422, null, [field("Min-SE", String(minSe))]);
  }

  /** Completes a 2xx of an app's to INVITE or UPDATE and starts the timer it agrees to. */
  answer(record: DialogRecord, request: SipRequest, response: SipResponse): SipResponse {
    const { options } = this.#context;
    const { session, header, requireTimer } = answerSession(request, response, options, options.behaviour);
    this.#arm(record, session);
    if (header === null) return response;
    const extra = [field("Session-Expires", header), ...(requireTimer ? [field("Require", "timer")] : [])];
    return { ...response, headers: [...response.headers, ...extra] };
  }

  /** Starts the timer a 2xx to our INVITE or UPDATE agrees to; one without stops it (RFC 4028 7.2). */
  answered(record: DialogRecord, response: SipResponse): void {
    this.#arm(record, agreedSession(response, this.#context.options.minSe));
  }

  #arm(record: DialogRecord, session: Session | null): void {
    const known = this.#running.get(record);
    known?.timers.clear();
    if (session === null) return;
    const running = known ?? this.#start(record);
    const expiry = expireAfter(session, this.#context.options.behaviour);
    running.seconds = session.seconds;
    running.expiresAt = this.#context.clock.now() + expiry;
    if (session.weRefresh) running.timers.start("refresh", refreshAfter(session));
    else running.timers.start("expire", expiry);
  }

  #start(record: DialogRecord): Running {
    const timers = new TimerSet<"refresh" | "expire">(this.#context.clock, (timer) => {
      if (timer === "refresh") this.#refresh(record, running);
      else this.#expire(record);
    });
    const running: Running = { timers, seconds: 0, expiresAt: 0 };
    this.#running.set(record, running);
    record.onEnd.add(() => {
      timers.clear();
      this.#running.delete(record);
    });
    return running;
  }

  /** Ends the call; nothing is left to end when the dialog has gone meanwhile. */
  #expire(record: DialogRecord): void {
    if (!this.#running.has(record)) return;
    this.#context.metrics.count("sip_sessions_expired_total");
    releaseDialog(this.#context, record, EXPIRED, true, "session-expired");
  }

  /** Tries again a little later, unless the session would be over by then. */
  #postpone(record: DialogRecord, running: Running, ms: number): void {
    if (this.#context.clock.now() + ms < running.expiresAt) running.timers.start("refresh", ms);
    else this.#expire(record);
  }

  /** Refreshes with the session description last sent; without one by UPDATE, which needs none (RFC 4028 7.4). */
  #refresh(record: DialogRecord, running: Running): void {
    if (isNegotiating(record)) return this.#postpone(record, running, BUSY_WAIT_MS);
    const { localSdp } = record;
    const method = localSdp === null ? "UPDATE" : "INVITE";
    const headers = [
      field("Session-Expires", `${running.seconds};refresher=uac`),
      field("Min-SE", String(this.#context.options.minSe)),
    ];
    const message: SipRequest = { kind: "request", method, uri: "", headers, body: localSdp ?? "" };
    whenRouted(this.#context, routeIn(this.#context, record), (flow) => {
      if (!this.#running.has(record)) return;
      if (typeof flow === "string" || flow.closed) return this.#expire(record);
      const request = composeInDialog(this.#context, record, method, message, flow);
      const { localSeq } = record.dialog;
      this.#context.transactions
        .client(request, flow, {
          responded: (response) => this.#refreshed(record, running, response, flow),
          failed: () => this.#expire(record),
          ended: () => void record.acks.delete(localSeq),
        })
        .start();
    });
  }

  #refreshed(record: DialogRecord, running: Running, response: ResponseEnvelope, flow: Flow): void {
    const { message, cseqMethod } = response;
    const { status } = message;
    if (status < 200) return;
    // RFC 3261 13.2.2.4: every 2xx is acknowledged, also one that comes after the call.
    if (status < 300 && cseqMethod === "INVITE") this.#acknowledge(record, response, flow);
    if (!this.#running.has(record)) return;
    if (status < 300) return this.answered(record, message);
    const demanded = status === 422 ? demandedInterval(message) : null;
    // RFC 3261 14.1, 14.2: the peer is about to change the session itself, or has not finished doing so.
    const busy = status === 491 || (status === 500 && headerValue(message, "retry-after") !== undefined);
    if (busy) this.#postpone(record, running, GLARE_WAIT_MS[record.dialog.role]);
    else if (demanded !== null && demanded > running.seconds) {
      running.seconds = demanded;
      this.#refresh(record, running);
    } else this.#expire(record);
  }

  #acknowledge(record: DialogRecord, response: ResponseEnvelope, flow: Flow): void {
    if (repeatAck(this.#context, record, response.cseq, flow)) return;
    sendAck(
      this.#context,
      record,
      { cseq: response.cseq, reinvite: false, credentials: [], release: null },
      null,
      flow,
    );
  }
}

/** True while a re-INVITE is open in either direction: no other may be begun (RFC 3261 14.1). */
function isNegotiating(record: DialogRecord): boolean {
  return record.reinvite !== null || record.unacked.length > 0 || record.peerReinvites > 0;
}
