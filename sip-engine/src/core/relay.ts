import { forwardedRequest, hopsLeft, responseTarget, returnedResponse } from "../proxy/forwarding.js";
import { ownResponse } from "../sip/compose.js";
import type { RequestEnvelope } from "../sip/envelope.js";
import { listValues, serialise } from "../sip/message.js";
import type { SipRequest, SipResponse } from "../sip/message.js";
import { parseNameAddr } from "../sip/name-addr.js";
import { bareHost, hostPort, parseUri } from "../sip/uri.js";
import { parseVia } from "../sip/via.js";
import type { Context } from "./context.js";
import { ownVia, targetOf } from "./outgoing.js";
import type { Flow, Transport } from "./ports.js";
import { routeTo, search, whenRouted } from "./routing.js";

/** Forwards what belongs to dialogs we record-routed, without keeping state (RFC 3261 16.11). */
export class Relay {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * Forwards a request whose top Route names us, or top Routes: a call between two transports has one for each side. False when it names
   * somebody else, or there is none.
   */
  request(envelope: RequestEnvelope, flow: Flow): boolean {
    const { message } = envelope;
    const routes = listValues(message, "route");
    const others = routes.findIndex((route) => !this.#isOwnRoute(route));
    const rest = others < 0 ? [] : routes.slice(others);
    if (rest.length === routes.length) return false;
    const hops = hopsLeft(message);
    if (hops === null) {
      if (message.method !== "ACK") this.#refuse(message, flow, 483);
      return true;
    }
    const next = rest[0] === undefined ? message.uri : (parseNameAddr(rest[0])?.uri ?? "");
    const target = parseUri(next);
    const place = target === null ? null : targetOf(target, this.#context.transports.preferred);
    // Addressed to ourselves after all: the caller answers for a dialog we do not know.
    if (place !== null && this.#context.transports.isOurs(place.host, place.port)) return false;
    if (place === null) {
      if (message.method !== "ACK") this.#refuse(message, flow, 404);
      return true;
    }
    whenRouted(this.#context, routeTo(this.#context, message.method, next, null), (found) => {
      if (typeof found === "string" || found.closed) {
        if (message.method !== "ACK") this.#refuse(message, flow, 503);
        return;
      }
      const via = ownVia(found, statelessBranch(envelope));
      const parts = {
        request: message,
        requestUri: message.uri,
        via,
        hops,
        recordRoute: [],
        routes: rest,
        extra: [],
      };
      const text = serialise(forwardedRequest(parts));
      this.#context.transactions.transmit(found, text, () => undefined);
      if (message.method === "BYE") {
        this.#context.courier.cdr({ type: "stop", source: "network", reason: "normal-release" }, text);
      }
    });
    return true;
  }

  #isOwnRoute(route: string): boolean {
    const uri = parseUri(parseNameAddr(route)?.uri ?? "");
    return uri !== null && uri.params.has("lr") && this.#context.transports.isOurs(uri.host, uri.port ?? 5060);
  }

  /** Sends a response to a relayed request back by its Vias; false when its top Via is not ours. */
  response(response: SipResponse): boolean {
    const own = parseVia(listValues(response, "via")[0] ?? "");
    if (own === null || !this.#context.transports.isOurs(bareHost(own.host), own.port ?? 5060)) return false;
    const returned = returnedResponse(response);
    const target = responseTarget(returned);
    if (target === null) return false;
    const route = search(this.#context, {
      ...target,
      transport: target.transport as Transport,
      portOpen: false,
    });
    whenRouted(this.#context, route, (found) => {
      if (typeof found !== "string") this.#context.transactions.transmit(found, serialise(returned), () => undefined);
    });
    return true;
  }

  #refuse(message: SipRequest, flow: Flow, status: number): void {
    const response = ownResponse(message, status, this.#context.ids.token());
    this.#context.transactions.transmit(flow, serialise(response), () => undefined);
  }
}

/** The same branch for every copy of a request, its CANCEL and its ACK (16.11): a plain function of the incoming one. */
function statelessBranch(envelope: RequestEnvelope): string {
  const { via, branch } = envelope;
  return `r${hash(`${branch}|${hostPort(via.host, via.port)}`)}${branch.slice(-8).replace(/[^A-Za-z0-9]/g, "x")}`;
}

/** FNV-1a, 32 bits: spreads branches, guards nothing. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return (value >>> 0).toString(36);
}
