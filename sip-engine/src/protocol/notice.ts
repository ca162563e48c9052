/** Where a SIP message came from or went to, as the frames tell it. */
export interface Trace {
  readonly bytes: number;
  /** `udp`, `tcp`, `tls`, `unknown`, or empty. */
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
  /** UTC time of day, `HH:MM:SS.uuuuuu`. */
  readonly time: string;
}

const place = (trace: Trace): string => `${trace.bytes}|${trace.protocol}|${trace.address}|${trace.port}|${trace.time}`;

/** `OK` to a command without SIP message, with further tokens if any. */
export function okAnswer(id: string, messageId: string, ...tokens: readonly string[]): string {
  return [messageId, "response", id, "OK", ...tokens].join("|");
}

/** A command that failed; drachtio-srf turns the text into an Error. */
export function failureAnswer(id: string, messageId: string, reason: string): string {
  return `${messageId}|response|${id}|NOK|${reason}`;
}

/** A command that broke the protocol; the connection is closed after it. */
export function refusalAnswer(id: string, messageId: string, reason: string): string {
  return `${messageId}|response|${id}|NO|${reason}`;
}

/** Echo of a request as it was sent. */
export function requestSent(id: string, messageId: string, trace: Trace, transactionId: string, sip: string): string {
  return `${messageId}|response|${id}|OK|application|${place(trace)}|${transactionId}|Msg sent:|\r\n${sip}`;
}

/** Echo of a response as it was sent. */
export function responseSent(
  id: string,
  messageId: string,
  trace: Trace,
  transactionId: string,
  dialogId: string,
  sip: string,
): string {
  return `${messageId}|response|${id}|OK|application|${place(trace)}|${transactionId}|${dialogId}||Msg sent:|\r\n${sip}`;
}

/** A new request from the network; `receivedOn` is the local address it came in on. */
export function newRequest(
  messageId: string,
  trace: Trace,
  transactionId: string,
  receivedOn: { readonly host: string; readonly port: number } | null,
  sip: string,
): string {
  const local = receivedOn === null ? "" : `${receivedOn.host}|${receivedOn.port}|`;
  return `${messageId}|sip|network|${place(trace)}|${transactionId}||${local}\r\n${sip}`;
}

/** Anything else from the network: in-dialog requests, ACK, CANCEL, responses. */
export function networkMessage(
  messageId: string,
  trace: Trace,
  transactionId: string,
  dialogId: string,
  sip: string,
): string {
  return `${messageId}|sip|network|${place(trace)}|${transactionId}|${dialogId}|\r\n${sip}`;
}

/** A request the engine sent on its own, for example the BYE after an ACK time-out. */
export function unsolicitedRequest(messageId: string, trace: Trace, dialogId: string, sip: string): string {
  return `${messageId}|sip|application|${place(trace)}|unsolicited|${dialogId}|\r\n${sip}`;
}

/** A final response reported while a proxied request goes on. */
export function proxyProgress(id: string, messageId: string, trace: Trace, sip: string): string {
  return `${messageId}|response|${id}|OK|network|${place(trace)}|||continue\r\n${sip}`;
}

export type CdrEvent =
  | { readonly type: "attempt"; readonly source: "network" | "application" }
  | { readonly type: "start"; readonly source: "network" | "application"; readonly role: CdrRole }
  | { readonly type: "stop"; readonly source: "network" | "application"; readonly reason: CdrStop };

export type CdrRole = "uac" | "uas" | "proxy-uac" | "proxy-uas";
export type CdrStop =
  "call-rejected" | "call-canceled" | "normal-release" | "session-expired" | "system-initiated-termination";

/** A call detail record with the SIP message that caused it. */
export function cdrNotice(messageId: string, event: CdrEvent, time: string, sip: string): string {
  const detail = event.type === "attempt" ? "" : `|${event.type === "start" ? event.role : event.reason}`;
  return `${messageId}|cdr:${event.type}|${event.source}|${time}${detail}\r\n${sip}`;
}
