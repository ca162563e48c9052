import { agreedSession, answerSession, expireAfter, MIN_SE, refreshAfter, tooSmall } from "../dialog/session-timer.js";
import type { Session } from "../dialog/session-timer.js";
import { ownResponse } from "../sip/compose.js";
import type { ResponseEnvelope } from "../sip/envelope.js";
import { field } from "../sip/message.js";
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

/** The timer of one dialog and the interval it agreed on. */
interface Running {
  readonly timers: TimerSet<"refresh" | "expire">;
  seconds: number;
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
    if (!refreshes || !tooSmall(request)) return null;
    return ownResponse(request, 422, null, [field("Min-SE", String(MIN_SE))]);
  }

  /** Completes a 2xx of an app's to INVITE or UPDATE and starts the timer it agrees to. */
  answer(record: DialogRecord, request: SipRequest, response: SipResponse): SipResponse {
    const { behaviour, defaultRefresher } = this.#context.options;
    const { session, header, requireTimer } = answerSession(request, response, defaultRefresher, behaviour);
    this.#arm(record, session);
    if (header === null) return response;
    const extra = [field("Session-Expires", header), ...(requireTimer ? [field("Require", "timer")] : [])];
    return { ...response, headers: [...response.headers, ...extra] };
  }

  /** Starts the timer a 2xx to our INVITE or UPDATE agrees to; one without stops it (RFC 4028 7.2). */
  answered(record: DialogRecord, response: SipResponse): void {
    this.#arm(record, agreedSession(response));
  }

  #arm(record: DialogRecord, session: Session | null): void {
    const known = this.#running.get(record);
    known?.timers.clear();
    if (session === null) return;
    const running = known ?? this.#start(record);
    running.seconds = session.seconds;
    if (session.weRefresh) running.timers.start("refresh", refreshAfter(session));
    else running.timers.start("expire", expireAfter(session, this.#context.options.behaviour));
  }

  #start(record: DialogRecord): Running {
    const timers = new TimerSet<"refresh" | "expire">(this.#context.clock, (timer) => {
      if (timer === "refresh") this.#refresh(record, running);
      else this.#expire(record);
    });
    const running: Running = { timers, seconds: 0 };
    this.#running.set(record, running);
    record.onEnd.add(() => {
      timers.clear();
      this.#running.delete(record);
    });
    return running;
  }

  #expire(record: DialogRecord): void {
    this.#context.metrics.count("sip_sessions_expired_total");
    releaseDialog(this.#context, record, EXPIRED, true, "session-expired");
  }

  /** Refreshes with the session description last sent; without one by UPDATE, which needs none (RFC 4028 7.4). */
  #refresh(record: DialogRecord, running: Running): void {
    const { localSdp } = record;
    const method = localSdp === null ? "UPDATE" : "INVITE";
    const headers = [field("Session-Expires", `${running.seconds};refresher=uac`), field("Min-SE", String(MIN_SE))];
    const message: SipRequest = { kind: "request", method, uri: "", headers, body: localSdp ?? "" };
    whenRouted(routeIn(this.#context, record), (flow) => {
      if (typeof flow === "string" || flow.closed) return this.#expire(record);
      const request = composeInDialog(this.#context, record, method, message, flow);
      this.#context.transactions
        .client(request, flow, {
          responded: (response) => this.#refreshed(record, running, response, flow),
          failed: () => this.#expire(record),
        })
        .start();
    });
  }

  #refreshed(record: DialogRecord, running: Running, response: ResponseEnvelope, flow: Flow): void {
    const { status } = response.message;
    if (status < 200 || !this.#running.has(record)) return;
    if (status === 491) running.timers.start("refresh", GLARE_WAIT_MS[record.dialog.role]);
    else if (status >= 300) this.#expire(record);
    else {
      if (response.cseqMethod === "INVITE") this.#acknowledge(record, response, flow);
      this.answered(record, response.message);
    }
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
