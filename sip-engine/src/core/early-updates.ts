import { ownResponse } from "../sip/compose.js";
import type { RequestEnvelope } from "../sip/envelope.js";
import { headerValue, serialise } from "../sip/message.js";
import type { SipResponse } from "../sip/message.js";
import { composeAnswer } from "./answers.js";
import type { Context } from "./context.js";
import type { Flow } from "./ports.js";
import type { ServerRequest } from "./server-request.js";
import type { ServerTransaction } from "./server-transaction.js";

/** UPDATEs in calls not answered yet, in drachtio-server's way: they borrow the transaction id of their INVITE. */
export class EarlyUpdates {
  readonly #context: Context;
  readonly #open = new Map<ServerRequest, ServerTransaction>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** Shows an UPDATE to the app of the INVITE; a second one is refused while the first is open. */
  offer(invite: ServerRequest, envelope: RequestEnvelope, flow: Flow): void {
    const { courier, transactions } = this.#context;
    const transaction = transactions.server(envelope, flow);
    if (this.#open.has(invite)) {
      transaction.respond(ownResponse(envelope.message, 500, null));
      return;
    }
    this.#open.set(invite, transaction);
    courier.network(invite.app, flow, invite.id, invite.record?.dialog.id ?? "", serialise(envelope.message));
  }

  /** Sends an app's response when its CSeq says that it answers the UPDATE; false when it is about the INVITE. */
  answer(invite: ServerRequest, commandId: string, message: SipResponse): boolean {
    const transaction = this.#open.get(invite);
    if (transaction === undefined || !/^\d+\s+UPDATE$/.test(headerValue(message, "cseq") ?? "")) return false;
    const { envelope, flow } = transaction;
    const response = composeAnswer({
      request: envelope.message,
      message,
      flow,
      localTag: null,
      inDialog: true,
      rseq: null,
      to: "of-the-request",
      preserved: this.#context.options.preservedHeaders,
    });
    this.#context.courier.responseSent(invite.app, commandId, flow, invite.id, "", serialise(response));
    transaction.respond(response);
    if (response.status >= 200) this.#open.delete(invite);
    return true;
  }

  /** The INVITE is over: its open UPDATE cannot be answered any more. */
  inviteEnded(invite: ServerRequest): void {
    const transaction = this.#open.get(invite);
    this.#open.delete(invite);
    transaction?.respond(ownResponse(transaction.envelope.message, 500, null));
  }
}
