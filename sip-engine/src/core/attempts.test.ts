import { describe, expect, it } from "@jest/globals";
import { admitResponse } from "../sip/envelope.js";
import { headerValue } from "../sip/message.js";
import type { SipRequest, SipResponse } from "../sip/message.js";
import { DEFAULT_TIMERS } from "../transaction/machine.js";
import { Attempts, pathFor } from "./attempts.js";
import type { Path } from "./attempts.js";
import type { Context } from "./context.js";
import { FakeClock, FakeFlow } from "./engine.test-support.js";
import { rethrow } from "./contain.js";
import { Metrics } from "./metrics.js";
import type { Flow, ReachFailure, Target } from "./ports.js";
import { Transactions } from "./transactions.js";

const field = (name: string, value: string): { name: string; key: string; value: string } => ({
  name,
  key: name.toLowerCase(),
  value,
});

const REQUEST = (method: string): SipRequest => ({
  kind: "request",
  method,
  uri: "sip:x@carrier.test",
  headers: [
    field("Via", "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKfirst"),
    field("From", "<sip:a@b>;tag=a"),
    field("To", "<sip:x@carrier.test>"),
    field("Call-ID", "one"),
    field("CSeq", `7 ${method}`),
  ],
  body: "",
});
const TARGET: Target = { transport: "udp", host: "carrier.test", port: 5060, portOpen: true, transportOpen: true };

interface Options {
  readonly async?: boolean;
  readonly tcp?: boolean;
  readonly instead?: FakeFlow;
  readonly fixed?: boolean;
}

/** Promises that are kept have been told to those who wait. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Attempts at servers 1, 2, … of one domain; `later` answers the resolver's questions by hand. */
class Try {
  readonly clock = new FakeClock();
  readonly metrics = new Metrics();
  readonly servers: FakeFlow[];
  readonly told: string[] = [];
  readonly context: Context;
  mayMove = true;
  later: ((found: Flow | ReachFailure) => void) | null = null;
  readonly attempts: Attempts;

  constructor(method: string, count: number, options: Options = {}) {
    this.servers = Array.from({ length: count }, (_, i) => {
      return new FakeFlow((options.instead !== undefined && i === 0) || options.tcp === true ? "tcp" : "udp", {
        host: `10.0.0.${i + 2}`,
        port: 5060,
      });
    });
    let ids = 0;
    const next = (failed: readonly Flow[]): Flow | ReachFailure =>
      this.servers.find((server) => !failed.includes(server)) ?? "no-connection";
    const reach = (
      _target: Target,
      failed: readonly Flow[] = [],
    ): Flow | ReachFailure | Promise<Flow | ReachFailure> =>
      options.async === true ? new Promise((resolve) => (this.later = () => resolve(next(failed)))) : next(failed);
    this.context = {
      report: rethrow,
      metrics: this.metrics,
      ids: { token: () => `next${++ids}`, uuid: () => "" },
      transports: { reach, connectionFor: () => null },
      transactions: new Transactions(this.clock, DEFAULT_TIMERS, this.metrics, rethrow),
    } as unknown as Context;
    const path: Path = { request: REQUEST(method), flow: this.servers[0]!, instead: options.instead ?? null };
    this.attempts = new Attempts(this.context, path, options.fixed === true ? null : TARGET, {
      responded: ({ message }) => this.told.push(String(message.status)),
      failed: (cause) => this.told.push(cause),
      ended: () => this.told.push("ended"),
      mayMove: () => this.mayMove,
      moved: (_request, flow) => this.told.push(`to ${flow.remote.host}`),
    });
    this.attempts.start();
  }

  /** Server n (from 0) answers what it got last. */
  answer(n: number, status: number): void {
    const server = this.servers[n]!;
    const request = server.sent.filter((one) => one.kind === "request" && one.method !== "ACK").at(-1)!;
    const message: SipResponse = { kind: "response", status, reason: "", headers: request.headers, body: "" };
    const envelope = admitResponse(message)!;
    this.context.transactions.findClient(envelope)?.respond(envelope, server);
  }
}

describe("where a request may go next (RFC 3263 4.3)", () => {
  it("a 503 is acknowledged and the next server asked, in another transaction with another branch", () => {
    const one = new Try("INVITE", 2);
    one.answer(0, 100);
    one.answer(0, 503);
    expect(one.servers[0]!.take()).toEqual(["INVITE", "ACK"]);
    expect(one.told).toEqual(["100", "to 10.0.0.3"]);
    const again = one.servers[1]!.last();
    expect(headerValue(again, "via")).toBe("SIP/2.0/UDP 10.0.0.1;rport;branch=z9hG4bKnext1");
    expect([headerValue(again, "call-id"), headerValue(again, "cseq")]).toEqual(["one", "7 INVITE"]);
    one.answer(1, 200);
    one.clock.advance(64_000);
    expect(one.told).toEqual(["100", "to 10.0.0.3", "200", "ended"]);
    expect(one.metrics.value('sip_failovers_total{cause="503"}')).toBe(1);
    expect([...one.context.transactions.clients]).toEqual([]);
  });

  it("a server that says nothing is given up after timer B or F, and the last one's failure is told", () => {
    for (const method of ["INVITE", "OPTIONS"]) {
      const one = new Try(method, 2);
      one.clock.advance(32_000);
      expect(one.told).toEqual(["to 10.0.0.3"]);
      one.clock.advance(32_000);
      expect(one.told).toEqual(["to 10.0.0.3", "timeout", "ended"]);
    }
  });

  it("a 503 of the last server is told, be the transaction over by then or not", async () => {
    for (const tcp of [false, true]) {
      const one = new Try("INVITE", 1, { async: true, tcp });
      one.answer(0, 503);
      expect(one.told).toEqual([]);
      one.later?.("no-connection");
      await settled();
      expect(one.told).toEqual(tcp ? ["503", "ended"] : ["503"]);
      one.clock.advance(64_000);
      expect(one.told).toEqual(["503", "ended"]);
    }
  });

  it("any other answer is the answer; a server that has rung is not left", () => {
    const busy = new Try("INVITE", 2);
    busy.answer(0, 486);
    expect(busy.told[0]).toBe("486");
    const ringing = new Try("INVITE", 2);
    ringing.answer(0, 180);
    ringing.answer(0, 503);
    expect(ringing.told.slice(0, 2)).toEqual(["180", "503"]);
    expect([...busy.servers[1]!.sent, ...ringing.servers[1]!.sent]).toEqual([]);
  });

  it("a request that was cancelled, or has to take one path, goes nowhere else", () => {
    const cancelled = new Try("INVITE", 2);
    cancelled.mayMove = false;
    cancelled.answer(0, 503);
    expect(cancelled.told[0]).toBe("503");
    const fixed = new Try("INVITE", 2, { fixed: true });
    fixed.clock.advance(32_000);
    expect(fixed.told).toEqual(["timeout", "ended"]);
  });

  it("a request cancelled while the next server is looked for ends as its last attempt did", async () => {
    const one = new Try("OPTIONS", 2, { async: true });
    one.clock.advance(32_000);
    expect(one.told).toEqual([]);
    one.mayMove = false;
    one.later?.("dns");
    await settled();
    expect(one.told).toEqual(["timeout", "ended"]);
  });
});

describe("requests too large for a datagram (RFC 3261 18.1.1)", () => {
  const udp = new FakeFlow("udp", { host: "10.0.0.9", port: 5060 });
  const tcp = new FakeFlow("tcp", { host: "10.0.0.9", port: 5060 });
  const context = (limit: number): Context => {
    const connectionFor = (_flow: Flow, bytes: number): Flow | null => (bytes > limit ? tcp : null);
    return { transports: { connectionFor }, ids: { token: () => "new" } } as unknown as Context;
  };

  it("go over a connection, and their Via says so; others do not", () => {
    const path = pathFor(context(100), REQUEST("INVITE"), udp, TARGET);
    expect([path.flow, path.instead]).toEqual([tcp, udp]);
    expect(headerValue(path.request, "via")).toBe("SIP/2.0/TCP 10.0.0.1;branch=z9hG4bKnew");
    const small = REQUEST("INVITE");
    expect(pathFor(context(1300), small, udp, TARGET)).toEqual({ request: small, flow: udp, instead: null });
  });

  it("keep to UDP when their URI says UDP, or when they must take a path of their own", () => {
    expect(pathFor(context(100), REQUEST("INVITE"), udp, { ...TARGET, transportOpen: false }).flow).toBe(udp);
    expect(pathFor(context(100), REQUEST("INVITE"), udp, null).flow).toBe(udp);
  });

  it("go by UDP after all when no connection can be had, and to the next server when nobody answers on it", () => {
    const one = new Try("INVITE", 2, { instead: udp });
    for (const client of [...one.context.transactions.clients]) client.transportFailed();
    expect(one.told).toEqual(["to 10.0.0.9"]);
    expect(headerValue(udp.last(), "via")).toMatch(/^SIP\/2\.0\/UDP 10\.0\.0\.1;rport;branch=/);
    const silent = new Try("INVITE", 2, { instead: udp });
    silent.clock.advance(32_000);
    expect(silent.told).toEqual(["to 10.0.0.3"]);
  });
});
