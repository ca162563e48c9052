import { pathOf } from "../dialog/dialog.js";
import { contactKey, parseUri } from "../sip/uri.js";
import type { Uri } from "../sip/uri.js";
import type { Behaviour } from "./behaviour.js";
import type { Context } from "./context.js";
import type { DialogRecord } from "./dialogs.js";
import { targetOf } from "./outgoing.js";
import { isReliable, isWebSocket } from "./ports.js";
import type { Flow, ReachFailure } from "./ports.js";

export type Route = Flow | ReachFailure | Promise<Flow | ReachFailure>;

/** What a registered connection is remembered by; null for an address that cannot be registered. */
export function flowKeyOf(uri: Uri, by: Behaviour["flowKey"]): string | null {
  return contactKey(by === "contact" ? uri : { ...uri, port: null });
}

function registeredFlow(context: Context, text: string): Flow | null {
  const uri = parseUri(text);
  return uri === null ? null : context.flows.get(flowKeyOf(uri, context.options.behaviour.flowKey));
}

/** The path to a URI outside any dialog: a registered connection first, then the URI itself. */
export function routeTo(context: Context, method: string, requestUri: string, nextHop: string | null): Route {
  const { closedFlow, flowMethods } = context.options.behaviour;
  const registered = flowMethods?.has(method) === false ? null : registeredFlow(context, requestUri);
  if (registered !== null) {
    // A closed connection of a browser is final; to a phone's address a new one can be opened.
    if (!registered.closed || isWebSocket(registered)) return registered;
    if (closedFlow === "gone") return "no-connection";
  }
  return reach(context, nextHop ?? requestUri);
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
  const route = reach(context, nextHop);
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

function reach(context: Context, text: string): Route {
  const uri = parseUri(text);
  const target = uri === null ? null : targetOf(uri, context.transports.preferred);
  return target === null ? "no-transport" : context.transports.reach(target);
}

/** Calls back with the path, at once when it is known. */
export function whenRouted(route: Route, use: (found: Flow | ReachFailure) => void): void {
  if (route instanceof Promise) void route.then(use);
  else use(route);
}
