import { randomBytes, randomInt } from "node:crypto";
import { reply, type SipSocket } from "./sip-socket.js";
import { all, header, placeOf, type SipText, tagOf, uriOf } from "./sip-text.js";

export const newId = (): string => randomBytes(8).toString("hex");

export const SDP_TYPE = ["Content-Type", "application/sdp"] as const;

interface Names {
  readonly callId: string;
  readonly local: string;
  remote: string;
  target: string;
}

/** Names, route set and sequence numbers of one dialog (RFC 3261 section 12), and the requests written with them. */
export class SipDialog {
  readonly #socket: SipSocket;
  readonly #names: Names;
  #routes: string[] = [];
  #sequence = randomInt(1, 1000);

  private constructor(socket: SipSocket, names: Names) {
    this.#socket = socket;
    this.#names = names;
  }

  /** Of a call to `uri`, from a number, or from a whole address with a name (RFC 3261 name-addr). */
  static towards(socket: SipSocket, uri: string, from: string): SipDialog {
    const address = from.endsWith(">") ? from : `<sip:${from}@${socket.address}:${socket.port}>`;
    const local = `${address};tag=${newId()}`;
    return new SipDialog(socket, { callId: newId(), local, remote: `<${uri}>`, target: uri });
  }

  /** Of a call that came in. */
  static from(socket: SipSocket, invite: SipText): SipDialog {
    const dialog = new SipDialog(socket, {
      callId: header(invite, "call-id"),
      local: `${header(invite, "to")};tag=${newId()}`,
      remote: header(invite, "from"),
      target: uriOf(header(invite, "contact")),
    });
    dialog.#routes = all(invite, "record-route");
    return dialog;
  }

  get callId(): string {
    return this.#names.callId;
  }

  get target(): string {
    return this.#names.target;
  }

  /** What Replaces says of it to the other end (RFC 3891): the tags as that end sees them. */
  get replaces(): string {
    return `${this.callId};to-tag=${tagOf(this.#names.remote)};from-tag=${tagOf(this.#names.local)}`;
  }

  /** Takes the other end's tag, target and route set out of its 2xx (RFC 3261 12.1.2). */
  confirm(response: SipText): void {
    this.#names.remote = header(response, "to");
    this.#names.target = uriOf(header(response, "contact"));
    this.#routes = all(response, "record-route").reverse();
  }

  /** Sends a request with the next sequence number; every response is reported. */
  send(method: string, onResponse: (response: SipText) => void, extra: SipText["headers"] = [], body = ""): SipText {
    this.#sequence += 1;
    const request = this.#build(method, `${this.#sequence} ${method}`, extra, body);
    this.#socket.request(request, this.#place(), onResponse);
    return request;
  }

  /** ACK of a 2xx: a request of its own in the dialog, with `answer` when the 2xx carried the offer (RFC 3261 13.2.2.4). */
  acknowledge(invite: SipText, answer = ""): void {
    const cseq = header(invite, "CSeq").replace("INVITE", "ACK");
    this.#socket.request(this.#build("ACK", cseq, answer ? [SDP_TYPE] : [], answer), this.#place());
  }

  /** ACK of a refusal: part of the INVITE's own transaction (RFC 3261 17.1.1.3). */
  acknowledgeRefusal(invite: SipText, response: SipText): void {
    this.#socket.request(ackOfRefusal(invite, response), this.#place());
  }

  /** CANCEL of an INVITE without a final response (RFC 3261 9.1). */
  cancel(invite: SipText): void {
    this.#socket.request(inTransactionOf(invite, "CANCEL", header(invite, "To")), this.#place(), () => undefined);
  }

  respond(request: SipText, status: number, reason: string, extra: SipText["headers"] = [], body = ""): void {
    this.#socket.respond(request, this.#tagged(reply(request, status, reason, [this.#contact(), ...extra], body)));
  }

  #build(method: string, cseq: string, extra: SipText["headers"], body: string): SipText {
    const { address, port } = this.#socket;
    const headers: SipText["headers"] = [
      ["Via", `SIP/2.0/UDP ${address}:${port};branch=z9hG4bK${newId()};rport`],
      ["Max-Forwards", "70"],
      ["From", this.#names.local],
      ["To", this.#names.remote],
      ["Call-ID", this.callId],
      ["CSeq", cseq],
      ...this.#routes.map((route) => ["Route", route] as const),
      this.#contact(),
      ["Allow", "INVITE, ACK, BYE, CANCEL, OPTIONS, INFO"],
      ...extra,
    ];
    return { start: `${method} ${this.target} SIP/2.0`, headers, body };
  }

  #contact(): readonly [string, string] {
    return ["Contact", `<sip:phone@${this.#socket.address}:${this.#socket.port}>`];
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
    return placeOf(this.#routes.length > 0 ? uriOf(this.#routes[0]!) : this.target);
  }
}

/** The ACK of a final response of 300 and above to an INVITE. */
export const ackOfRefusal = (invite: SipText, response: SipText): SipText =>
  inTransactionOf(invite, "ACK", header(response, "to"));

// ACK of a refusal and CANCEL repeat the INVITE's branch, sequence number and route.
function inTransactionOf(invite: SipText, method: string, to: string): SipText {
  const kept = invite.headers.filter(([name]) => ["Via", "From", "Call-ID", "Max-Forwards", "Route"].includes(name));
  const cseq = header(invite, "CSeq").replace("INVITE", method);
  return {
    start: invite.start.replace("INVITE", method),
    headers: [...kept, ["To", to], ["CSeq", cseq]],
    body: "",
  };
}
