import { describe, expect, it } from "@jest/globals";
import { numberFits } from "./filter.js";
import { readOrder } from "./order.js";
import type { TraceOrder } from "./order.js";
import { Recorder } from "./recorder.js";
import { AGENT_LEG, BOTH_LEGS, CALLER_LEG, traced } from "./sample-call.test-support.js";

function order(value: unknown): TraceOrder {
  const read = readOrder(value);
  if (!read.ok) throw new Error(read.mistakes.join("; "));
  return read.order;
}

function recorded(value: unknown): string[] {
  const recorder = new Recorder(order(value), 0);
  for (const message of BOTH_LEGS) recorder.seen(message);
  return recorder.calls.map(({ callId, messages }) => `${callId} ${messages.length}`);
}

const [A, B] = [`7f3c-1@192.0.2.10 ${CALLER_LEG.length}`, `b2b-99f1 ${AGENT_LEG.length}`];

describe("what is recorded", () => {
  it("everything without a filter, one call per Call-ID", () => {
    expect(recorded({})).toEqual([A, B]);
  });

  it("calls whose From, To or Request-URI has the number, as people write numbers", () => {
    expect(recorded({ number: "+4722*" })).toEqual([A, B]);
    expect(recorded({ from: "0047 22 33 44 55" })).toEqual([A, B]);
    expect(recorded({ to: "anna" })).toEqual([B]);
    expect(recorded({ to: "4722334455" })).toEqual([]);
    expect(recorded({ number: "anna", from: "nobody" })).toEqual([]);
  });

  it("a Call-ID, a peer", () => {
    expect(recorded({ "call-id": "b2b-99f1" })).toEqual([B]);
    expect(recorded({ peer: "192.0.2.10" })).toEqual([A]);
    expect(recorded({ peer: "192.0.2.10:5062" })).toEqual([A]);
    expect(recorded({ peer: "192.0.2.10:5060" })).toEqual([]);
  });

  it("what is no SIP only by its peer or without a filter, as a call without Call-ID", () => {
    const noise = traced(0, "in", "udp 192.0.2.66:9", ["hello"]);
    for (const [filter, calls] of [
      [{}, 1],
      [{ peer: "192.0.2.66" }, 1],
      [{ number: "*" }, 0],
    ] as const) {
      const recorder = new Recorder(order(filter), 0);
      recorder.seen(noise);
      expect(recorder.calls).toHaveLength(calls);
    }
  });

  it("with secrets masked", () => {
    const recorder = new Recorder(order({}), 0);
    recorder.seen(CALLER_LEG[0]!);
    expect(recorder.calls[0]!.messages[0]!.octets).toContain(`response="${"*".repeat(32)}"`);
    expect(JSON.stringify(recorder)).not.toContain("0123456789abcdef");
  });
});

describe("numberFits", () => {
  it.each([
    ["4722334455", "+4722334455", true],
    ["+47 22-33.44 55", "004722334455", true],
    ["22334455", "+4722334455", false],
    ["*22334455", "+4722334455", true],
    ["47*55", "4722334455", true],
    ["47*33*55", "4722334455", true],
    ["47*99*55", "4722334455", false],
    ["4722*2255", "472255", false],
    ["anna.b", "Anna.B", true],
    ["anna", "anna.b", false],
    ["*", "anyone", true],
  ])("%s and %s: %s", (pattern, user, fits) => expect(numberFits(pattern, user)).toBe(fits));
});

describe("bounded memory", () => {
  const message = (ms: number, callId: string, size = 0): Parameters<Recorder["seen"]>[0] =>
    traced(ms, "in", "udp 192.0.2.1:5060", ["OPTIONS sip:x SIP/2.0", `Call-ID: ${callId}`], ["x".repeat(size)]);
  const state = (recorder: Recorder): Record<string, unknown> =>
    JSON.parse(JSON.stringify(recorder)) as Record<string, unknown>;

  it("a call keeps its newest messages", () => {
    const recorder = new Recorder(order({}), 0, { messagesPerCall: 3, bytes: 1e6 });
    for (let i = 0; i < 5; i++) recorder.seen(message(i, "a"));
    expect(recorder.calls).toMatchObject([{ dropped: 2 }]);
    expect(recorder.calls[0]!.messages).toHaveLength(3);
    expect(state(recorder)["dropped"]).toEqual({ calls: 0, messages: 2 });
  });

  it("beyond the number of calls the one that was quiet longest goes", () => {
    const recorder = new Recorder(order({ calls: 2 }), 0);
    for (const callId of ["a", "b", "a", "c"]) recorder.seen(message(0, callId));
    expect(recorder.calls.map(({ callId }) => callId)).toEqual(["a", "c"]);
    expect(state(recorder)["dropped"]).toEqual({ calls: 1, messages: 1 });
  });

  it("beyond the bytes too, and then the oldest messages of the only call", () => {
    const recorder = new Recorder(order({}), 0, { messagesPerCall: 100, bytes: 10_000 });
    for (let i = 0; i < 30; i++) recorder.seen(message(i, i < 3 ? `old${i}` : "new", 2000));
    expect(recorder.calls).toMatchObject([{ callId: "new" }]);
    expect(state(recorder)["bytes"]).toBeLessThanOrEqual(10_000);
    recorder.seen(message(99, "new", 50_000));
    expect(recorder.calls[0]!.messages).toHaveLength(1);
  });

  it("tells another tag whenever there is more", () => {
    const recorder = new Recorder(order({}), 0);
    const before = recorder.tag;
    recorder.seen(message(0, "a"));
    expect(recorder.tag).not.toBe(before);
  });
});

describe("readOrder", () => {
  it("has bounds for everything, and tells all mistakes together", () => {
    expect(order({})).toMatchObject({ calls: 20, seconds: 600, filter: { number: null, peer: null } });
    expect(readOrder([])).toEqual({ ok: false, mistakes: ["need a JSON object"] });
    const wrong = { calls: 0, seconds: 1.5, number: "", from: 3, peer: "example.com", colour: "red" };
    expect(readOrder(wrong)).toEqual({
      ok: false,
      mistakes: [
        "colour: unknown, need one of number, from, to, call-id, peer, calls, seconds",
        "number: need a text of 1 to 256 characters",
        "from: need a text of 1 to 256 characters",
        'peer: need an IP address or address:port, got "example.com"',
        "calls: need a whole number 1..1000",
        "seconds: need a whole number 1..86400",
      ],
    });
    expect(order({ peer: "[2001:DB8::1]:5060" }).filter.peer).toEqual({ host: "2001:db8::1", port: 5060 });
  });
});
