import { randomUUID } from "node:crypto";
import type { Frame, FrameClient } from "./frame-client.js";
import type { Peer, RequestParts } from "./peer.js";
import type { Sip } from "./sip.js";
import { nextOf } from "./world.js";

/** Tokens of a `proxy` frame between transaction id and destinations. */
export const ORDERS = {
  serial: "|fullResponse||serial||",
  simultaneous: "|fullResponse||simultaneous||",
  redirects: "|fullResponse|followRedirects|serial||",
  recordRoute: "remainInDialog|fullResponse||serial||",
  brief: "|||serial||",
};

/** A proxied request: what the caller sent, and the answers the app gets to its order. */
export interface Proxied {
  readonly request: Sip;
  readonly order: string;
  readonly answer: () => Promise<Frame>;
}

/** Has the app proxy a request of the caller to the targets. */
export async function proxied(
  app: FrameClient,
  caller: Peer,
  options: string,
  targets: readonly Peer[],
  parts: RequestParts & { method?: string } = {},
): Promise<Proxied> {
  const method = parts.method ?? "INVITE";
  const request = caller.request(method, parts);
  const { tokens } = await nextOf(app, request);
  const order = randomUUID();
  const places = targets.map(({ name, address }) => `sip:${name}@${address}`).join("|");
  app.write(`${order}|proxy|${tokens[8]}|${options}|${places}\r\n${method} sip:x SIP/2.0\r\nX-By: app\r\n\r\n`);
  return { request, order, answer: () => app.answer(order) };
}

/** Statuses reported by `continue`, and what came at the end. */
export async function outcome({ answer }: Proxied): Promise<string[]> {
  const seen: string[] = [];
  for (;;) {
    const { tokens, sip } = await answer();
    seen.push(tokens.at(-1) === "continue" ? String(sip.status) : tokens.slice(3).join("|"));
    if (tokens.at(-1) !== "continue") return seen;
  }
}

/** The caller acknowledges the 200 straight to the target. */
export const ack = (caller: Peer, request: Sip, answer: Sip, target: Peer): Sip =>
  caller.request("ACK", {
    uri: `sip:${target.name}@${target.address}`,
    callId: request.header("Call-ID"),
    fromTag: request.tag("From"),
    toTag: answer.tag("To"),
  });
