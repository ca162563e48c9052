import { Changes } from "./changes.js";
import { type Account, authorize } from "./digest.js";
import { SDP_TYPE, SipDialog } from "./sip-dialog.js";
import { type CallMedia, Negotiation } from "./sip-media.js";
import { isFinal, type SipSocket } from "./sip-socket.js";
import {
  answerDirection,
  type AudioDescription,
  header,
  methodOf,
  parseAudio,
  type SipText,
  statusOf,
} from "./sip-text.js";

export type { CallMedia } from "./sip-media.js";

/** What a call has come to. */
export type CallState =
  | { readonly phase: "calling" }
  | { readonly phase: "ringing" }
  | { readonly phase: "up" }
  | {
      readonly phase: "ended";
      readonly by: "us" | "peer" | "refused";
      readonly status: number;
      readonly reason: string;
    };

/** One call of a plain SIP phone: dials or answers, follows re-INVITEs, holds, hangs up (RFC 3261, 3264). */
export class SipCall {
  #state: CallState;
  /** Status codes of the responses to our INVITE, in order, each once. */
  readonly statuses: number[] = [];
  /** In-dialog requests that came from the other end, in order: "INVITE", "BYE", … */
  readonly requests: string[] = [];
  readonly #dialog: SipDialog;
  readonly #audio: Negotiation;
  readonly #changes = new Changes();
  #invite: SipText | undefined;
  #account: Account | undefined;
  #isCancelled = false;

  private constructor(socket: SipSocket, media: CallMedia, dialog: SipDialog, state: CallState) {
    this.#audio = new Negotiation(socket.address, media);
    this.#dialog = dialog;
    this.#state = state;
    socket.listen(dialog.callId, (request) => {
      this.#requested(request);
      this.#changes.happened();
    });
  }

  /** Calls `uri`, named `from`; the INVITE goes straight to the URI's address. */
  static dial(
    socket: SipSocket,
    media: CallMedia,
    uri: string,
    from: string,
    extra: SipText["headers"] = [],
    offer = true,
    account?: Account,
  ): SipCall {
    const call = new SipCall(socket, media, SipDialog.towards(socket, uri, from), { phase: "calling" });
    call.#account = account;
    call.#sendInvite(offer ? [SDP_TYPE, ...extra] : extra, offer ? call.#audio.offer() : "");
    return call;
  }

  /** Takes an INVITE that came in; it rings until `answer` or `refuse`. */
  static incoming(socket: SipSocket, media: CallMedia, invite: SipText): SipCall {
    const call = new SipCall(socket, media, SipDialog.from(socket, invite), { phase: "ringing" });
    call.#invite = invite;
    call.#dialog.respond(invite, 180, "Ringing");
    return call;
  }

  get state(): CallState {
    return this.#state;
  }

  /** The INVITE: ours, or the one that came in (its From, its headers). */
  get invite(): SipText {
    return this.#invite!;
  }

  /** What the other end last said about its audio. */
  get remoteAudio(): AudioDescription | undefined {
    return this.#audio.remote;
  }

  /** What Replaces says of this call to its other end (RFC 3891). */
  get replaces(): string {
    return this.#dialog.replaces;
  }

  async answered(withinMs = 10_000): Promise<void> {
    await this.#until((state) => state.phase === "up" || state.phase === "ended", "not answered", withinMs);
    if (this.#state.phase === "ended") throw new Error(`the call ended before an answer: ${describe(this.#state)}`);
  }

  async ringing(withinMs = 10_000): Promise<void> {
    await this.#until((state) => state.phase !== "calling", "no ringing", withinMs);
  }

  /** Resolves with how the call ended. */
  async ended(withinMs = 10_000): Promise<Extract<CallState, { phase: "ended" }>> {
    await this.#until((state) => state.phase === "ended", "the call has not ended", withinMs);
    return this.#state as Extract<CallState, { phase: "ended" }>;
  }

  /** Answers an incoming call. */
  answer(): void {
    this.#answerOffer(this.invite, 200, "OK");
    this.#become({ phase: "up" });
  }

  /** 183 with a description, before the answer. */
  progress(): void {
    this.#answerOffer(this.invite, 183, "Session Progress");
  }

  /** Refuses an incoming call, with 486 or another final status. */
  refuse(status: number, reason: string): void {
    this.#dialog.respond(this.invite, status, reason);
    this.#end("us", status, reason);
  }

  /** Gives up an outgoing call that was not answered yet. */
  cancel(): void {
    this.#isCancelled = true;
    this.#dialog.cancel(this.invite);
  }

  /** Hangs up with BYE. */
  hangUp(): void {
    // The other end may have answered already: a CANCEL that crosses the 200 is followed by BYE.
    if (this.state.phase === "calling" || this.state.phase === "ringing") return this.cancel();
    this.#dialog.send("BYE", () => undefined);
    this.#end("us", 200, "hung up");
  }

  /** Presses the phone's hold key, or releases it; resolves when the other end has agreed. */
  async hold(on: boolean): Promise<void> {
    const before = this.#audio.wanted;
    this.#audio.wanted = on ? "sendonly" : "sendrecv";
    const status = await this.request("INVITE", this.#audio.offer(), "application/sdp");
    if (status < 300) return;
    this.#audio.wanted = before;
    throw new Error(`the re-INVITE was refused with ${status}`);
  }

  /** A re-INVITE with a description that `change` makes of the usual one, or without any; resolves with the final response. */
  reinvite(change: ((sdp: string) => string) | null): Promise<SipText> {
    return change ? this.exchange("INVITE", change(this.#audio.offer()), "application/sdp") : this.exchange("INVITE");
  }

  /** Sends any request within the call and resolves with its final status. */
  async request(method: string, body = "", contentType = "", extra: SipText["headers"] = []): Promise<number> {
    return statusOf(await this.exchange(method, body, contentType, extra));
  }

  /** Sends any request within the call and resolves with its final response. */
  exchange(method: string, body = "", contentType = "", extra: SipText["headers"] = []): Promise<SipText> {
    const headers: SipText["headers"] = contentType ? [["Content-Type", contentType], ...extra] : extra;
    return new Promise((resolve) => {
      const whenResponded = (response: SipText): void => {
        if (!isFinal(response)) return;
        if (method === "INVITE") this.#acknowledge(response, request);
        resolve(response);
        this.#changes.happened();
      };
      const request = this.#dialog.send(method, whenResponded, headers, body);
    });
  }

  #sendInvite(extra: SipText["headers"], body: string): void {
    const whenResponded = (response: SipText): void => {
      this.#invited(response, extra);
      this.#changes.happened();
    };
    this.#invite = this.#dialog.send("INVITE", whenResponded, extra, body);
  }

  #invited(response: SipText, extra: SipText["headers"]): void {
    const status = statusOf(response);
    if (!this.statuses.includes(status)) this.statuses.push(status);
    if (status < 200) {
      if (status > 100 && this.#state.phase === "calling") this.#become({ phase: "ringing" });
      if (response.body) this.#audio.agree(parseAudio(response.body));
      return;
    }
    const isFirst = this.#state.phase === "calling" || this.#state.phase === "ringing";
    if (isFirst && status < 300) {
      this.#dialog.confirm(response);
      this.#become({ phase: "up" });
    }
    this.#acknowledge(response, this.invite);
    if (status === 401 && this.#account) return this.#authorize(response, this.#account, extra);
    if (isFirst && status >= 300) this.#end(this.#isCancelled ? "us" : "refused", status, response.start);
    if (isFirst && status < 300 && this.#isCancelled) this.hangUp(); // our CANCEL crossed this 200 (RFC 3261 9.1, 15.1.1)
  }

  // The same INVITE again with credentials, once (RFC 3261 22.2).
  #authorize(response: SipText, account: Account, extra: SipText["headers"]): void {
    this.#account = undefined;
    const value = authorize(header(response, "www-authenticate"), account, "INVITE", this.#dialog.target);
    this.#sendInvite([...extra, ["Authorization", value]], this.invite.body);
  }

  #acknowledge(response: SipText, invite: SipText): void {
    if (statusOf(response) >= 300) return this.#dialog.acknowledgeRefusal(invite, response);
    const remote = parseAudio(response.body);
    // An INVITE without an offer is answered with one, and the ACK carries the answer (RFC 3264 section 4).
    const offered = remote?.direction ?? "sendrecv";
    this.#dialog.acknowledge(
      invite,
      invite.body ? "" : this.#audio.offer(answerDirection(offered, this.#audio.wanted)),
    );
    this.#audio.agree(remote);
  }

  #requested(request: SipText): void {
    const method = methodOf(request);
    if (method === "ACK") {
      if (request.body) this.#audio.agree(parseAudio(request.body)); // the answer to an offer in our 200
      return;
    }
    this.requests.push(method);
    if (method === "CANCEL") return this.#cancelled(request);
    if (method === "BYE") {
      this.#dialog.respond(request, 200, "OK");
      return this.#end("peer", 200, header(request, "reason"));
    }
    if (this.#state.phase === "ended") return this.#dialog.respond(request, 481, "Call/Transaction Does Not Exist");
    if (method === "INVITE") return this.#answerOffer(request, 200, "OK");
    this.#dialog.respond(request, 200, "OK");
  }

  #cancelled(request: SipText): void {
    this.#dialog.respond(request, 200, "OK");
    if (this.#state.phase !== "ringing") return;
    this.#dialog.respond(this.invite, 487, "Request Terminated");
    this.#end("peer", 487, header(request, "reason"));
  }

  #answerOffer(request: SipText, status: number, reason: string): void {
    const offer = parseAudio(request.body);
    this.#dialog.respond(request, status, reason, [SDP_TYPE], this.#audio.answer(offer));
    this.#audio.agree(offer);
  }

  #become(state: CallState): void {
    this.#state = state;
    this.#changes.happened();
  }

  #end(by: "us" | "peer" | "refused", status: number, reason: string): void {
    if (this.#state.phase === "ended") return;
    this.#become({ phase: "ended", by, status, reason });
    this.#audio.end();
  }

  async #until(isThere: (state: CallState) => boolean, missing: string, withinMs: number): Promise<void> {
    await this.#changes.until(
      () => (isThere(this.#state) ? undefined : `${missing} (${describe(this.#state)})`),
      withinMs,
    );
  }
}

const describe = (state: CallState): string =>
  state.phase === "ended" ? `ended by ${state.by}, ${state.status} ${state.reason}` : state.phase;
