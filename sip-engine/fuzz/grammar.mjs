import { createRequire } from "node:module";

const example = createRequire(import.meta.url)("sip-message-examples");
const NAMES = "invite invite-tls 200ok 200ok-tls udp branch tortuous ack bye".split(" ");

/** Messages of real devices, from the npm package sip-message-examples. */
export const EXAMPLES = NAMES.map((name) => example(name)).filter((text) => typeof text === "string");

export const METHODS =
  "INVITE ACK BYE CANCEL OPTIONS REGISTER PRACK SUBSCRIBE NOTIFY PUBLISH INFO REFER MESSAGE UPDATE NEWMETHOD".split(
    " ",
  );

const SDP = [
  "v=0",
  "o=- 1 1 IN IP4 127.0.0.1",
  "s=-",
  "c=IN IP4 127.0.0.1",
  "t=0 0",
  "m=audio 7000 RTP/AVP 0",
  "",
].join("\r\n");

/** Headers that make the engine think: one line each. */
const EXTRA = [
  "Require: 100rel",
  "Supported: 100rel, timer, replaces",
  "Session-Expires: 90;refresher=uac",
  "Session-Expires: 4294967296",
  "Min-SE: 90",
  "Require: timer",
  "Require: unheard-of",
  "Route: <sip:127.0.0.1;lr>",
  "Record-Route: <sip:127.0.0.1:5;lr>, <sip:127.0.0.1:6;lr>",
  "Replaces: abc;to-tag=1;from-tag=2",
  "RAck: 1 1 INVITE",
  "RSeq: 1",
  "Expires: 0",
  "Event: refer",
  "Subscription-State: terminated;reason=noresource",
  "Subscription-State: active;expires=5",
  "Refer-To: <sip:x@127.0.0.1?Replaces=a%3Bto-tag%3D1>",
  'Authorization: Digest username="a", realm="b"',
  "Date: Fri, 01 Jan 2010 16:00:00 EST",
  'Warning: 1812 overture "In Progress"',
  "Max-Forwards: 0",
  "Timestamp: 54.2 1.1",
  "X-Empty:",
];

/**
 * A request as a correct peer writes it. `call` is { id, tag, to, branch, cseq, via, contact }; a missing part is made
 * up.
 */
export function request(chance, method, call = {}) {
  const { id = chance.token(), tag = chance.token(4), to = "<sip:service@127.0.0.1>" } = call;
  const { branch = `z9hG4bK${chance.token()}`, cseq = 1, via = "UDP 127.0.0.1:9", contact = "127.0.0.1:9" } = call;
  const body = method === "INVITE" || method === "UPDATE" ? SDP : method === "MESSAGE" ? "hello" : "";
  const lines = [
    `${method} sip:${call.user ?? "service"}@127.0.0.1 SIP/2.0`,
    `Via: SIP/2.0/${via};branch=${branch}`,
    "Max-Forwards: 70",
    `From: <sip:fuzz@127.0.0.1>;tag=${tag}`,
    `To: ${to}`,
    `Call-ID: ${id}`,
    `CSeq: ${cseq} ${method}`,
    `Contact: <sip:fuzz@${contact}>`,
    ...(call.extra ?? []),
    ...(body === "" ? [] : [`Content-Type: ${method === "MESSAGE" ? "text/plain" : "application/sdp"}`]),
    `Content-Length: ${body.length}`,
  ];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

/** A response to a request we received, its identity copied. */
export function response(received, status, { toTag, extra = [], body = "" } = {}) {
  const copied = received
    .split("\r\n\r\n")[0]
    .split("\r\n")
    .filter((line) => /^(via|from|call-id|cseq):/i.test(line));
  const to = /^To: (.*)$/im.exec(received)?.[1]?.trim() ?? "<sip:nobody@127.0.0.1>";
  const tagged = toTag === undefined || /;tag=/.test(to) ? to : `${to};tag=${toTag}`;
  const lines = [`SIP/2.0 ${status} Fuzz`, ...copied, `To: ${tagged}`, ...extra, `Content-Length: ${body.length}`];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

export const extraHeaders = (chance) => Array.from({ length: chance.below(4) }, () => chance.pick(EXTRA));
