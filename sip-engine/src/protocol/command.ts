/** What an app orders: one drachtio frame, decoded. `id` is the app's message id, echoed in the answer. */
export type Command =
  | { readonly type: "authenticate"; readonly id: string; readonly secret: string; readonly tags: readonly string[] }
  | { readonly type: "route"; readonly id: string; readonly verb: string }
  | { readonly type: "removeRoute"; readonly id: string; readonly verb: string }
  | { readonly type: "ping"; readonly id: string }
  | { readonly type: "respond"; readonly id: string; readonly transactionId: string; readonly sip: string }
  | { readonly type: "requestInDialog"; readonly id: string; readonly dialogId: string; readonly sip: string }
  | { readonly type: "cancel"; readonly id: string; readonly transactionId: string; readonly sip: string }
  | { readonly type: "request"; readonly id: string; readonly nextHop: string | null; readonly sip: string }
  | ({
      readonly type: "proxy";
      readonly id: string;
      readonly transactionId: string;
      readonly sip: string;
    } & ProxyOptions);

/** How a request is to be proxied. Times in milliseconds, null when the app set none. */
export interface ProxyOptions {
  readonly recordRoute: boolean;
  readonly fullResponse: boolean;
  readonly followRedirects: boolean;
  readonly simultaneous: boolean;
  readonly provisionalTimeout: number | null;
  readonly finalTimeout: number | null;
  readonly destinations: readonly string[];
}

/** A frame that is no command: `id` is null when not even that could be read. */
export interface BadCommand {
  readonly type: "invalid";
  readonly id: string | null;
  readonly reason: string;
}

/** Decodes the payload of one frame from an app. */
export function decodeCommand(payload: string): Command | BadCommand {
  const end = payload.indexOf("\r\n");
  const meta = end < 0 ? payload : payload.slice(0, end);
  const sip = end < 0 ? "" : payload.slice(end + 2);
  const [id, type, ...args] = meta.split("|");
  if (id === undefined || id === "" || type === undefined) {
    return { type: "invalid", id: null, reason: "message without id or type" };
  }
  switch (type) {
    case "authenticate":
      return { type, id, secret: args[0] ?? "", tags: (args[1] ?? "").split(",").filter((tag) => tag !== "") };
    case "route":
    case "remove_route": {
      const verb = (args[0] ?? "").toLowerCase();
      if (verb === "") return { type: "invalid", id, reason: "verb missing" };
      return { type: type === "route" ? "route" : "removeRoute", id, verb };
    }
    case "ping":
      return { type, id };
    case "sip":
      return decodeSip(id, args, sip);
    case "proxy":
      return decodeProxy(id, args, sip);
    default:
      return { type: "invalid", id, reason: `unknown message type: ${type}` };
  }
}

function decodeSip(id: string, args: readonly string[], sip: string): Command | BadCommand {
  const [transactionId = "", dialogId = "", nextHop = ""] = args;
  if (sip.startsWith("SIP/")) {
    if (transactionId === "") return { type: "invalid", id, reason: "transaction id missing" };
    return { type: "respond", id, transactionId, sip };
  }
  if (sip === "") return { type: "invalid", id, reason: "sip message missing" };
  if (dialogId !== "") return { type: "requestInDialog", id, dialogId, sip };
  if (transactionId !== "") return { type: "cancel", id, transactionId, sip };
  return { type: "request", id, nextHop: nextHop === "" ? null : nextHop, sip };
}

function decodeProxy(id: string, args: readonly string[], sip: string): Command | BadCommand {
  const [transactionId = "", recordRoute, fullResponse, followRedirects, forking, provisional, final, ...rest] = args;
  if (transactionId === "") return { type: "invalid", id, reason: "transaction id missing" };
  return {
    type: "proxy",
    id,
    transactionId,
    sip,
    recordRoute: recordRoute === "remainInDialog",
    fullResponse: fullResponse === "fullResponse",
    followRedirects: followRedirects === "followRedirects",
    simultaneous: forking === "simultaneous",
    provisionalTimeout: duration(provisional),
    finalTimeout: duration(final),
    destinations: rest.filter((destination) => destination !== ""),
  };
}

/** `500ms` or `2s` in milliseconds. */
function duration(text: string | undefined): number | null {
  const match = /^(\d{1,7})(ms|s)?$/.exec(text ?? "");
  if (match === null) return null;
  return Number(match[1]) * (match[2] === "ms" ? 1 : 1000);
}
