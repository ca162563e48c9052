import { randomBytes, randomInt } from "node:crypto";
import { waitFor } from "./clock.js";
import { type Account, authorize } from "./digest.js";
import { isFinal, reply, type SipSocket } from "./sip-socket.js";
import {
  all,
  answerDirection,
  type AudioDescription,
  type Direction,
  formatAudio,
  header,
  methodOf,
  parseAudio,
  placeOf,
  type SipText,
  statusOf,
  tagOf,
  uriOf,
} from "./sip-text.js";

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

/** What the media side of a call is told. */
export interface CallMedia {
  readonly port: number;
  /** The phone's own way to write a description. */
  describes?(sdp: string): string;
  /** The agreed description changed: send there (or not), in this direction as seen from here. */
  agreed(remote: AudioDescription, direction: Direction): void;
}

interface Names {
  readonly callId: string;
  readonly local: string;
  remote: string;
  target: string;
}

const newId = (): string => randomBytes(8).toString("hex");

/** One call of a plain SIP phone: dials or answers, follows re-INVITEs, holds, hangs up (RFC 3261, 3264). */
export class SipCall {
  #state: CallState;
  /** Status codes of the responses to our INVITE, in order, each once. */
  readonly statuses: number[] = [];
  /** In-dialog requests that came from the other end, in order: "INVITE", "BYE", … */
  readonly requests: string[] = [];
  readonly #socket: SipSocket;
  readonly #media: CallMedia;
  readonly #names: Names;
  #routes: string[] = [];
  #sequence = randomInt(1, 1000);
  #invite: SipText | undefined;
  #account: Account | undefined;
  #isCancelled = false;
  #wanted: Direction = "sendrecv";
  #remoteAudio: AudioDescription | undefined;
  readonly #sdpId = randomInt(1, 2 ** 31);
  #sdpVersion = 0;

  private constructor(socket: SipSocket, media: CallMedia, names: Names, state: CallState) {
    this.#socket = socket;
    this.#media = media;
    this.#names = names;
    this.#state = state;
    socket.listen(names.callId, (request) => this.#requested(request));
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
    const local = `<sip:${from}@${socket.address}:${socket.port}>;tag=${newId()}`;
    const names = { callId: newId(), local, remote: `<${uri}>`, target: uri };
    const call = new SipCall(socket, media, names, { phase: "calling" });
    call.#account = account;
    call.#sendInvite(extra, offer);
    return call;
  }

  /** Takes an INVITE that came in; it rings until `answer` or `refuse`. */
  static incoming(socket: SipSocket, media: CallMedia, invite: SipText): SipCall {
    const names = {
      callId: header(invite, "call-id"),
      local: `${header(invite, "to")};tag=${newId()}`,
      remote: header(invite, "from"),
      target: uriOf(header(invite, "contact")),
    };
    const call = new SipCall(socket, media, names, { phase: "ringing" });
    call.#routes = all(invite, "record-route");
    call.#invite = invite;
    call.#respond(invite, 180, "Ringing");
    return call;
  }

  get state(): CallState {
    return this.#state;
  }

  /** The INVITE: ours, or the one that came in (its From, its headers). */
  get invite(): SipText {
    return this.#invite!;
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
    const offer = parseAudio(this.invite.body);
    this.#answerOffer(this.invite, offer);
    this.#state = { phase: "up" };
  }

  /** 183 with a description, before the answer. */
  progress(): void {
    const offer = parseAudio(this.invite.body);
    const direction = offer ? answerDirection(offer.direction, this.#wanted) : this.#wanted;
    const headers: SipText["headers"] = [this.#contact(), ["Content-Type", "application/sdp"]];
    const early = reply(this.invite, 183, "Session Progress", headers, this.#describe(direction));
    this.#socket.respond(this.invite, this.#tagged(early));
    if (offer) this.#agree(offer);
  }

  /** Refuses an incoming call, with 486 or another final status. */
  refuse(status: number, reason: string): void {
    this.#respond(this.invite, status, reason);
    this.#end("us", status, reason);
  }

  /** Gives up an outgoing call that was not answered yet. */
  cancel(): void {
    this.#isCancelled = true;
    const headers = this.invite.headers
      .filter(([name]) => ["Via", "From", "To", "Call-ID", "Max-Forwards", "Route"].includes(name))
      .concat([["CSeq", header(this.invite, "CSeq").replace("INVITE", "CANCEL")]]);
    this.#socket.request(
      { start: this.invite.start.replace("INVITE", "CANCEL"), headers, body: "" },
      this.#place(),
      () => undefined,
    );
  }

  /** Hangs up with BYE. */
  hangUp(): void {
    this.#send("BYE", () => undefined);
    this.#end("us", 200, "hung up");
  }

  /** Presses the phone's hold key, or releases it; resolves when the other end has agreed. */
  async hold(on: boolean): Promise<void> {
    const before = this.#wanted;
    this.#wanted = on ? "sendonly" : "sendrecv";
    const status = await this.request("INVITE", this.#describe(this.#wanted), "application/sdp");
    if (status < 300) return;
    this.#wanted = before;
    throw new Error(`the re-INVITE was refused with ${status}`);
  }

  /** A re-INVITE with a description that `change` makes of the usual one, or without any; resolves with the final response. */
  reinvite(change: ((sdp: string) => string) | null): Promise<SipText> {
    return change
      ? this.exchange("INVITE", change(this.#describe(this.#wanted)), "application/sdp")
      : this.exchange("INVITE");
  }

  /** What Replaces says of this call to its other end (RFC 3891): the tags as that end sees them. */
  get replaces(): string {
    return `${this.#names.callId};to-tag=${tagOf(this.#names.remote)};from-tag=${tagOf(this.#names.local)}`;
  }

  /** Sends any request within the call and resolves with its final status. */
  async request(method: string, body = "", contentType = "", extra: SipText["headers"] = []): Promise<number> {
    return statusOf(await this.exchange(method, body, contentType, extra));
  }

  /** Sends any request within the call and resolves with its final response. */
  exchange(method: string, body = "", contentType = "", extra: SipText["headers"] = []): Promise<SipText> {
    const headers: SipText["headers"] = contentType ? [["Content-Type", contentType], ...extra] : extra;
    return new Promise((resolve) => {
      const request = this.#send(
        method,
        (response) => {
          if (!isFinal(response)) return;
          if (method === "INVITE") this.#reinvited(response, request);
          resolve(response);
        },
        headers,
        body,
      );
    });
  }

  #reinvited(response: SipText, request: SipText): void {
    this.#acknowledge(response, request);
    if (statusOf(response) < 300) this.#agree(parseAudio(response.body));
  }

  #sendInvite(extra: SipText["headers"], offer: boolean): void {
    const type: SipText["headers"] = offer ? [["Content-Type", "application/sdp"]] : [];
    const body = offer ? this.#describe("sendrecv") : "";
    this.#invite = this.#send("INVITE", (response) => this.#invited(response), [...type, ...extra], body);
  }

  #invited(response: SipText): void {
    const status = statusOf(response);
    if (!this.statuses.includes(status)) this.statuses.push(status);
    if (status < 200) {
      if (status > 100 && this.#state.phase === "calling") this.#state = { phase: "ringing" };
      if (response.body) this.#agree(parseAudio(response.body));
      return;
    }
    const isFirst = this.#state.phase === "calling" || this.#state.phase === "ringing";
    if (status >= 300) {
      this.#acknowledge(response, this.invite);
      if (status === 401 && this.#account) return this.#authorize(response, this.#account);
      if (isFirst) this.#end(this.#isCancelled ? "us" : "refused", status, response.start);
      return;
    }
    if (isFirst) {
      this.#names.remote = header(response, "to");
      this.#names.target = uriOf(header(response, "contact"));
      this.#routes = all(response, "record-route").reverse();
      this.#state = { phase: "up" };
    }
    this.#acknowledge(response, this.invite);
    this.#agree(parseAudio(response.body));
    if (isFirst && this.#isCancelled) this.hangUp(); // our CANCEL crossed this 200 (RFC 3261 9.1, 15.1.1)
  }

  // The same INVITE again with credentials, once (RFC 3261 22.2).
  #authorize(response: SipText, account: Account): void {
    this.#account = undefined;
    const { body, headers } = this.invite;
    const value = authorize(header(response, "www-authenticate"), account, "INVITE", this.#names.target);
    const extra = headers.slice(headers.findIndex(([name]) => name === "Allow") + 1);
    this.#invite = this.#send("INVITE", (next) => this.#invited(next), [...extra, ["Authorization", value]], body);
  }

  // ACK of a refusal belongs to the INVITE's transaction; that of a 2xx is a request of its own (RFC 3261 17.1.1.3, 13.2.2.4).
  #acknowledge(response: SipText, invite: SipText): void {
    const isSuccess = statusOf(response) < 300;
    const cseq = header(invite, "CSeq").replace("INVITE", "ACK");
    if (isSuccess) {
      // An INVITE without an offer is answered with one, and the ACK carries the answer (RFC 3264 section 4).
      const type: SipText["headers"] = invite.body ? [] : [["Content-Type", "application/sdp"]];
      const offered = parseAudio(response.body)?.direction ?? "sendrecv";
      const body = invite.body ? "" : this.#describe(answerDirection(offered, this.#wanted));
      this.#socket.request(this.#build("ACK", cseq, type, body), this.#place());
      return;
    }
    const kept = invite.headers.filter(([name]) => ["Via", "From", "Call-ID", "Max-Forwards", "Route"].includes(name));
    const headers: SipText["headers"] = [...kept, ["To", header(response, "to")], ["CSeq", cseq]];
    this.#socket.request({ start: invite.start.replace("INVITE", "ACK"), headers, body: "" }, this.#place());
  }

  #requested(request: SipText): void {
    const method = methodOf(request);
    if (method === "ACK") {
      if (request.body) this.#agree(parseAudio(request.body)); // the answer to an offer in our 200
      return;
    }
    this.requests.push(method);
    if (method === "CANCEL") return this.#cancelled(request);
    if (method === "BYE") {
      this.#respond(request, 200, "OK");
      return this.#end("peer", 200, header(request, "reason"));
    }
    if (this.#state.phase === "ended") return this.#respond(request, 481, "Call/Transaction Does Not Exist");
    if (method === "INVITE") return this.#answerOffer(request, parseAudio(request.body));
    this.#respond(request, 200, "OK");
  }

  #cancelled(request: SipText): void {
    this.#respond(request, 200, "OK");
    if (this.#state.phase !== "ringing") return;
    this.#respond(this.invite, 487, "Request Terminated");
    this.#end("peer", 487, header(request, "reason"));
  }

  #answerOffer(request: SipText, offer: AudioDescription | undefined): void {
    const direction = offer ? answerDirection(offer.direction, this.#wanted) : this.#wanted;
    const type: SipText["headers"] = [["Content-Type", "application/sdp"]];
    const body = this.#describe(direction);
    this.#socket.respond(request, this.#tagged(reply(request, 200, "OK", [this.#contact(), ...type], body)));
    if (offer) this.#agree(offer);
  }

  #agree(remote: AudioDescription | undefined): void {
    if (!remote) return;
    this.#remoteAudio = remote;
    this.#media.agreed(remote, answerDirection(remote.direction, this.#wanted));
  }

  /** What the other end last said about its audio. */
  get remoteAudio(): AudioDescription | undefined {
    return this.#remoteAudio;
  }

  #describe(direction: Direction): string {
    this.#sdpVersion += 1;
    const { address } = this.#socket;
    const { port, describes } = this.#media;
    const sdp = formatAudio({ id: this.#sdpId, version: this.#sdpVersion, address, port, direction });
    return describes ? describes(sdp) : sdp;
  }

  #send(method: string, onResponse: (response: SipText) => void, extra: SipText["headers"] = [], body = ""): SipText {
    this.#sequence += 1;
    const request = this.#build(method, `${this.#sequence} ${method}`, extra, body);
    this.#socket.request(request, this.#place(), onResponse);
    return request;
  }

  #build(method: string, cseq: string, extra: SipText["headers"] = [], body = ""): SipText {
    const { address, port } = this.#socket;
    const headers: SipText["headers"] = [
      ["Via", `SIP/2.0/UDP ${address}:${port};branch=z9hG4bK${newId()};rport`],
      ["Max-Forwards", "70"],
      ["From", this.#names.local],
      ["To", this.#names.remote],
      ["Call-ID", this.#names.callId],
      ["CSeq", cseq],
      ...this.#routes.map((route) => ["Route", route] as const),
      this.#contact(),
      ["Allow", "INVITE, ACK, BYE, CANCEL, OPTIONS, INFO"],
      ...extra,
    ];
    return { start: `${method} ${this.#names.target} SIP/2.0`, headers, body };
  }

  #contact(): readonly [string, string] {
    return ["Contact", `<sip:phone@${this.#socket.address}:${this.#socket.port}>`];
  }

  #respond(request: SipText, status: number, reason: string): void {
    this.#socket.respond(request, this.#tagged(reply(request, status, reason, [this.#contact()])));
  }

  // A request that started the call carries no tag of ours yet.
  #tagged(response: SipText): SipText {
    const headers = response.headers.map(([name, value]) =>
      name === "to" && tagOf(value) === ""
        ? ([name, `${value};tag=${tagOf(this.#names.local)}`] as const)
        : ([name, value] as const),
    );
    return { ...response, headers };
  }

  #place(): { host: string; port: number } {
    return placeOf(this.#routes.length > 0 ? uriOf(this.#routes[0]!) : this.#names.target);
  }

  #end(by: "us" | "peer" | "refused", status: number, reason: string): void {
    if (this.#state.phase === "ended") return;
    this.#state = { phase: "ended", by, status, reason };
    // A phone that has hung up sends nothing: its port of the other end may be somebody else's by now.
    if (this.#remoteAudio) this.#media.agreed(this.#remoteAudio, "inactive");
  }

  async #until(isThere: (state: CallState) => boolean, missing: string, withinMs: number): Promise<void> {
    await waitFor(() => (isThere(this.#state) ? undefined : `${missing} (${describe(this.#state)})`), withinMs);
  }
}

const describe = (state: CallState): string =>
  state.phase === "ended" ? `ended by ${state.by}, ${state.status} ${state.reason}` : state.phase;
