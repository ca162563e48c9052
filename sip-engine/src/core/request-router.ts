import type { RouteDecision, RouteRule, RouteTable } from "../protocol/routing.js";
import { routingQuery } from "../protocol/routing.js";
import { ownResponse } from "../sip/compose.js";
import { field, serialise } from "../sip/message.js";
import type { SipRequest, SipResponse } from "../sip/message.js";
import { recordRefusal } from "./call-records.js";
import type { Context } from "./context.js";
import type { App, RoutingPort } from "./ports.js";
import type { Proxies } from "./proxies.js";
import type { ServerRequests } from "./server-requests.js";
import type { ServerTransaction } from "./server-transaction.js";

/** Stands in where a request is proxied without any app asking. */
const NOBODY: App = { id: "none", connected: false, send: () => undefined, close: () => undefined };

/** Decides about new requests of the methods that have a rule: by a web server's word, or by a fixed app. */
export class RequestRouter {
  readonly #context: Context;
  readonly #rules: RouteTable;
  readonly #port: RoutingPort;
  readonly #servers: ServerRequests;
  readonly #proxies: Proxies;

  constructor(context: Context, rules: RouteTable, port: RoutingPort, servers: ServerRequests, proxies: Proxies) {
    this.#context = context;
    this.#rules = rules;
    this.#port = port;
    this.#servers = servers;
    this.#proxies = proxies;
  }

  /** True when requests of this method are not offered to connected apps. */
  handles(method: string): boolean {
    return this.#rule(method) !== undefined;
  }

  #rule(method: string): RouteRule | undefined {
    return this.#rules.get(method.toLowerCase()) ?? this.#rules.get("*");
  }

  /** Finds out what is to be done and does it, unless the caller has given up meanwhile. */
  async route(transaction: ServerTransaction): Promise<void> {
    const { message } = transaction.envelope;
    const rule = this.#rule(message.method);
    if (rule === undefined) return;
    const decision =
      rule.type === "connect"
        ? { action: "connect" as const, address: rule.address }
        : await this.#ask(rule, transaction);
    if (!transaction.open) return;
    if (typeof decision === "number") this.#refuse(transaction, decision);
    else await this.#carryOut(transaction, message, decision);
  }

  async #ask(
    rule: Extract<RouteRule, { type: "ask" }>,
    transaction: ServerTransaction,
  ): Promise<RouteDecision | number> {
    const { envelope, flow } = transaction;
    const query = routingQuery(envelope.message, flow.transport, flow.remote.host);
    const answer = await this.#port.ask(rule, query, serialise(envelope.message));
    this.#context.metrics.count(
      "sip_route_questions_total",
      `result="${typeof answer === "string" ? answer : "decided"}"`,
    );
    if (answer === "unreachable") return 480;
    return answer === "invalid" ? 500 : answer;
  }

  async #carryOut(transaction: ServerTransaction, message: SipRequest, decision: RouteDecision): Promise<void> {
    switch (decision.action) {
      case "reject":
        return this.#refuse(transaction, decision.status, decision.reason);
      case "redirect": {
        const contacts = decision.contacts.map((contact) => field("Contact", contact));
        const response = ownResponse(message, 302, this.#context.ids.token(), contacts, "Moved");
        return this.#end(transaction, response);
      }
      case "proxy":
        return this.#proxies.start(
          NOBODY,
          { type: "proxy", id: "", transactionId: "", sip: "", ...decision.options },
          transaction,
        );
      case "tag":
        return this.#offer(transaction, this.#context.apps.pickTagged(decision.tag));
      case "connect": {
        const app = await this.#port.connect(decision.address);
        if (transaction.open) return this.#offer(transaction, app);
        // The caller has given up: nobody else would ever end this connection.
        return app?.close();
      }
    }
  }

  #offer(transaction: ServerTransaction, app: App | null): void {
    if (app === null || !app.connected) this.#refuse(transaction, 480);
    else this.#servers.offer(app, transaction);
  }

  #refuse(transaction: ServerTransaction, status: number, reason?: string): void {
    const { message } = transaction.envelope;
    this.#end(transaction, ownResponse(message, status, this.#context.ids.token(), [], reason));
  }

  #end(transaction: ServerTransaction, response: SipResponse): void {
    if (transaction.respond(response)) recordRefusal(this.#context, transaction, response);
  }
}
