import { admitRequest, admitResponse, uriRefusal } from "../dist/sip/envelope.js";
import { serialise } from "../dist/sip/message.js";
import { parseMessage } from "../dist/sip/parse-message.js";
import { StreamReader } from "../dist/sip/stream-reader.js";
import { EXAMPLES, METHODS, extraHeaders, request, response } from "./grammar.mjs";
import { mutate } from "./mutate.mjs";

/** A message for the parser: correct, broken, or noise. */
export function anyMessage(chance) {
  if (chance.oneIn(30)) return chance.octets(chance.below(200));
  const correct = chance.oneIn(4)
    ? chance.pick(EXAMPLES)
    : request(chance, chance.pick(METHODS), { extra: extraHeaders(chance) });
  const text = chance.oneIn(4) ? response(correct, chance.pick([100, 180, 200, 302, 487, 699])) : correct;
  return chance.oneIn(10) ? text : mutate(chance, text);
}

/** What is wrong with how the parser takes `octets`, or null. */
export function parserFault(octets) {
  try {
    const parsed = parseMessage(octets);
    if (!parsed.ok) return null;
    const { message } = parsed;
    if (message.kind === "request") {
      admitRequest(message);
      uriRefusal(message.uri);
    } else admitResponse(message);
    const once = serialise(message);
    const again = parseMessage(once);
    // The Content-Length that is added may be the one header too many.
    if (!again.ok && again.problem === "header" && message.headers.length > 505) return null;
    if (!again.ok) return `what it writes does not parse: ${again.problem}`;
    return serialise(again.message) === once ? null : "writing what it wrote changes it";
  } catch (error) {
    return `throws: ${error.stack}`;
  }
}

/** What is wrong with how a byte stream is cut into messages: the pieces it comes in must make no difference. */
export function streamFault(chance, octets) {
  try {
    const whole = new StreamReader().push(octets);
    const reader = new StreamReader();
    const pieces = [];
    for (let at = 0; at < octets.length;) {
      const length = 1 + chance.below(200);
      pieces.push(...reader.push(octets.slice(at, at + length)));
      at += length;
    }
    const messages = (events) => JSON.stringify(events.filter(({ type }) => type === "message"));
    return messages(whole) === messages(pieces) ? null : "the same bytes in other pieces make other messages";
  } catch (error) {
    return `throws: ${error.stack}`;
  }
}

/** @returns how many messages were tried, and the first fault with what caused it */
export function fuzzParser(chance, untilMs) {
  let tried = 0;
  while (Date.now() < untilMs) {
    for (let i = 0; i < 200; i++, tried++) {
      const octets = anyMessage(chance);
      const fault = parserFault(octets);
      if (fault !== null) return { tried, fault, target: "parser", inputs: [octets] };
      const stream = octets + anyMessage(chance);
      const cut = streamFault(chance, stream);
      if (cut !== null) return { tried, fault: cut, target: "stream", inputs: [stream] };
    }
  }
  return { tried, fault: null };
}
