import { pathOf } from "../dialog/dialog.js";
import { parseNameAddr } from "../sip/name-addr.js";
import { bareHost, contactKey, parseUri, withoutPassword } from "../sip/uri.js";
import type { Uri } from "../sip/uri.js";
import type { Behaviour } from "./behaviour.js";
import { contain } from "./contain.js";
import type { Context } from "./context.js";
import type { DialogRecord } from "./dialogs.js";
import { targetOf } from "./outgoing.js";
import { isReliable, isWebSocket } from "./ports.js";
import type { Address, Flow, ReachFailure, Target } from "./ports.js";

export type Route = Flow | ReachFailure | Promise<Flow | ReachFailure>;

/** What a registered connection is remembered by; null for an address that cannot be registered. */
export function flowKeyOf(uri: Uri, by: Behaviour["flowKey"]): string | null {
  return contactKey(by === "contact" ? uri : { ...withoutPassword(uri), port: null });
}

function registeredFlow(context: Context, text: string): Flow | null {
  const uri = parseUri(text);
  return uri === null ? null : context.flows.get(flowKeyOf(uri, context.options.behaviour.flowKey));
}

/** The path to a URI outside any dialog: a registered connection first, then the URI itself. */
export function routeTo(context: Context, method: string, requestUri: string, nextHop: string | null): Route {
  return registeredRoute(context, method, requestUri) ?? reach(context, nextHop ?? requestUri);
}

/** Where such a request may go when its path leads nowhere; null for one that takes a registered connection. */
export function targetTo(context: Context, method: string, requestUri: string, nextHop: string | null): Target | null {
  return registeredRoute(context, method, requestUri) === null ? targetAt(context, nextHop ?? requestUri) : null;
}

function registeredRoute(context: Context, method: string, requestUri: string): Flow | "no-connection" | null {
  const { closedFlow, flowMethods } = context.options.behaviour;
  const registered = flowMethods?.has(method) === false ? null : registeredFlow(context, requestUri);
  if (registered === null) return null;
  // A closed connection of a browser is final; to a phone's address a new one can be opened.
  if (!registered.closed || isWebSocket(registered)) return registered;
  return closedFlow === "gone" ? "no-connection" : null;
}

/** Where a request inside a dialog may go when its path leads nowhere; null for a dialog that keeps to its connection. */
export function targetIn(context: Context, record: DialogRecord): Target | null {
  return record.resolved === null ? null : targetAt(context, record.resolved.nextHop, ownAddress(record));
}

/** What the peer knows us by in this dialog: our Contact. */
function ownAddress(record: DialogRecord): Address | undefined {
  const uri = parseUri(parseNameAddr(record.dialog.contact)?.uri ?? "");
  return uri === null ? undefined : { host: bareHost(uri.host), port: uri.port ?? 5060 };
}

/** The path a request inside a dialog takes. */
export function routeIn(context: Context, record: DialogRecord): Route {
  // A browser that came back on a new connection and registered again takes its calls with it.
  const registered = registeredFlow(context, record.dialog.target);
  if (registered !== null && !registered.closed) return registered;
  const { flow } = record;
  if (flow !== null && (!isReliable(flow.transport) || !flow.closed)) return flow;
  if (flow !== null && isWebSocket(flow)) return flow;
  const { nextHop } = pathOf(record.dialog);
  if (record.resolved?.nextHop === nextHop) return record.resolved.route;
  const route = reach(context, nextHop, ownAddress(record));
  record.resolved = { nextHop, route };
  if (route instanceof Promise) {
    void route.then((found) => {
      if (record.resolved?.nextHop === nextHop) record.resolved = { nextHop, route: found };
    });
  } else if (typeof route === "string" || isReliable(route.transport)) {
    record.resolved = null;
  }
  return route;
}

function targetAt(context: Context, text: string, from?: Address): Target | null {
  const uri = parseUri(text);
  const target = uri === null ? null : targetOf(uri, context.transports.preferred);
  return target === null || from === undefined ? target : { ...target, from };
}

function reach(context: Context, text: string, from?: Address): Route {
  const target = targetAt(context, text, from);
  return target === null ? "no-transport" : search(context, target);
}

/** The path to a target; `failed` are those that did not work. A search that breaks down finds nothing. */
export function search(context: Context, target: Target, failed: readonly Flow[] = []): Route {
  const route = context.transports.reach(target, failed);
  if (!(route instanceof Promise)) return route;
  return route.catch((error: unknown) => {
    context.report(error);
    return "dns" as const;
  });
}

/** Calls back with the path, at once when it is known. */
export function whenRouted(context: Context, route: Route, use: (found: Flow | ReachFailure) => void): void {
  if (route instanceof Promise) void route.then((found) => contain(context.report, () => use(found)));
  else use(route);
}
