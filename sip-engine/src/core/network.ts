import { ownResponse } from "../sip/compose.js";
import { admitRequest, admitResponse, refusalFor, replaceTopVia } from "../sip/envelope.js";
import type { Refusal, RequestEnvelope } from "../sip/envelope.js";
import { field, listValues, serialise } from "../sip/message.js";
import type { SipMessage, SipRequest, SipResponse } from "../sip/message.js";
import { parseMessage } from "../sip/parse-message.js";
import { parseVia, receivedVia } from "../sip/via.js";
import type { Context } from "./context.js";
import type { Flow } from "./ports.js";

/** Takes what came in on a transport apart: a request to act on, a response, or something to refuse or drop. */
export class NetworkIntake {
  readonly #context: Context;
  readonly #request: (envelope: RequestEnvelope, flow: Flow) => void;
  /** Responses that belong to no client transaction, for the proxy to forward. */
  readonly #strayResponse: (response: SipResponse) => boolean;

  constructor(
    context: Context,
    request: (envelope: RequestEnvelope, flow: Flow) => void,
    strayResponse: (response: SipResponse) => boolean,
  ) {
    this.#context = context;
    this.#request = request;
    this.#strayResponse = strayResponse;
  }

  /**
   * One message, datagram or WebSocket message. Never throws on what a peer can send.
   * @param tooLarge true when `octets` is only the beginning of a message nobody will read
   * @returns false when it could not be read
   */
  receive(octets: string, flow: Flow, tooLarge = false): boolean {
    const { metrics } = this.#context;
    const parsed = parseMessage(octets);
    if (parsed.message === null) {
      const empty = parsed.ok || parsed.problem === "empty";
      metrics.dropped(empty ? "empty" : "garbage");
      return empty;
    }
    metrics.message("in", octets.slice(0, 24));
    if (parsed.message.kind === "response") return this.#response(parsed.ok ? parsed.message : null, flow);
    const request = this.#stamped(parsed.message, flow);
    if (tooLarge) return this.#refuse(request, oversize(octets), flow);
    if (!parsed.ok) {
      metrics.count("sip_parse_errors_total", `problem="${parsed.problem}"`);
      return this.#refuse(request, refusalFor(parsed.problem), flow);
    }
    const envelope = admitRequest(request);
    if ("status" in envelope) {
      metrics.count("sip_parse_errors_total", 'problem="identity"');
      return this.#refuse(request, envelope, flow);
    }
    this.#request(envelope, flow);
    return true;
  }

  #response(message: SipResponse | null, flow: Flow): boolean {
    const { metrics, transactions } = this.#context;
    const envelope = message === null ? null : admitResponse(message);
    if (message === null || envelope === null) {
      metrics.dropped("malformed-response");
      return false;
    }
    const transaction = transactions.findClient(envelope);
    if (transaction !== undefined) transaction.respond(envelope, flow);
    else if (!this.#strayResponse(message)) metrics.dropped("stray-response");
    return true;
  }

  /** Records where the request came from in its top Via: answers go back there (RFC 3261 18.2.1, RFC 3581). */
  #stamped(message: SipRequest, flow: Flow): SipRequest {
    const via = parseVia(listValues(message, "via")[0] ?? "");
    if (via === null) return message;
    const headers = replaceTopVia(message.headers, receivedVia(via, flow.remote.host, flow.remote.port));
    return { ...message, headers };
  }

  /**
   * Answers a broken request statelessly, once per copy received. ACK is never answered, nor is a request
   * without a Via, whose sender could not tell what the answer is to.
   */
  #refuse(message: SipMessage, refusal: Refusal | null, flow: Flow): false {
    const { metrics, transactions, ids } = this.#context;
    metrics.dropped("malformed-request");
    if (refusal === null || message.kind !== "request" || message.method === "ACK") return false;
    if (!message.headers.some((header) => header.key === "via")) return false;
    const extra = refusal.status === 416 ? [] : [field("Server", "legwork-sip-engine")];
    const response = ownResponse(message, refusal.status, ids.token(), extra, refusal.reason);
    transactions.transmit(flow, serialise(response), () => undefined);
    return false;
  }
}

/** Too large: the body, if the whole head was read (RFC 3261 21.4.11), else the message (21.5.7). */
function oversize(octets: string): Refusal {
  return /\r?\n\r?\n$/.test(octets)
    ? { status: 413, reason: "Request Entity Too Large" }
    : { status: 513, reason: "Message Too Large" };
}
