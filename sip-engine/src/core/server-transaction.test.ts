import { describe, expect, it } from "@jest/globals";
import { ownResponse } from "../sip/compose.js";
import { admitRequest } from "../sip/envelope.js";
import { parseMessage } from "../sip/parse-message.js";
import { DEFAULT_TIMERS } from "../transaction/machine.js";
import { FakeClock, FakeFlow } from "./engine.test-support.js";
import { rethrow } from "./contain.js";
import { Metrics } from "./metrics.js";
import type { ServerTransaction } from "./server-transaction.js";
import { Transactions } from "./transactions.js";

const REQUEST = [
  "OPTIONS sip:x@10.0.0.1 SIP/2.0",
  "Via: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKone",
  "From: <sip:a@b>;tag=a",
  "To: <sip:x@10.0.0.1>",
  "Call-ID: call-1@10.0.0.9",
  "CSeq: 1 OPTIONS",
  "",
  "",
].join("\r\n");

function begin(): { clock: FakeClock; flow: FakeFlow; layer: Transactions; transaction: ServerTransaction } {
  const clock = new FakeClock();
  const flow = new FakeFlow("udp", { host: "10.0.0.9", port: 5060 });
  const layer = new Transactions(clock, DEFAULT_TIMERS, new Metrics(), rethrow);
  const { message } = parseMessage(REQUEST);
  const envelope = message?.kind === "request" ? admitRequest(message) : null;
  if (envelope === null || !("message" in envelope)) throw new Error("the request is broken");
  return { clock, flow, layer, transaction: layer.server(envelope, flow) };
}

describe("a server transaction the layer above is done with", () => {
  it("keeps of the messages the final response only, repeats it, and can still tell whose it is", () => {
    const { clock, flow, layer, transaction } = begin();
    transaction.respond(ownResponse(transaction.envelope.message, 200, "t"));
    transaction.settle();
    expect(() => transaction.envelope).toThrow("OPTIONS: the request is not kept in a settled transaction");
    transaction.requestReceived();
    expect(flow.take()).toEqual(["200 OPTIONS", "200 OPTIONS"]);
    expect(transaction.method).toBe("OPTIONS");
    expect(transaction.callId).toBe("call-1@10.0.0.9");
    clock.advance(32_000);
    expect([...layer.servers]).toEqual([]);
  });

  it("keeps the request as long as it is not answered, whatever the layer above says", () => {
    const { transaction } = begin();
    transaction.respond(ownResponse(transaction.envelope.message, 100, null));
    transaction.settle();
    expect(transaction.envelope.callId).toBe("call-1@10.0.0.9");
  });

  it("tells its end to whoever asked after it was settled, not to those before", () => {
    const { clock, transaction } = begin();
    const told: string[] = [];
    transaction.onEnd = () => told.push("before");
    transaction.respond(ownResponse(transaction.envelope.message, 404, "t"));
    transaction.settle();
    transaction.onEnd = () => told.push("after");
    clock.advance(32_000);
    expect(told).toEqual(["after"]);
  });
});
