import { describe, expect, it } from "@jest/globals";
import { headerValue, listValues } from "../sip/message.js";
import { FakeFlow, Rig, tagOf } from "./engine.test-support.js";
import type { FakeApp } from "./engine.test-support.js";

function proxied(rig: Rig, app: FakeApp, options: string, ...targets: string[]): string {
  rig.request(rig.peer(2), "INVITE", { headers: ["Contact: <sip:peer@10.0.0.2>", "Max-Forwards: 10"] });
  const id = app.lastSip().tokens[8]!;
  return app
    .order("proxy", `|${id}|${options}|${targets.join("|")}`, "INVITE sip:x SIP/2.0", "X-By: proxy")
    .tokens.join("|");
}

/** Like `proxied`, for orders that are answered only later. */
function start(rig: Rig, app: FakeApp, options: string, ...targets: string[]): void {
  try {
    proxied(rig, app, options, ...targets);
  } catch (error) {
    if (!(error instanceof Error) || error.message !== "no answer") throw error;
  }
}

const answers = (app: FakeApp): string[] =>
  app.frames
    .filter(({ tokens }) => tokens[1] === "response")
    .map(({ tokens, message }) =>
      tokens.at(-1) === "continue" && message?.kind === "response" ? `${message.status}` : tokens[4]!,
    );

describe("proxying", () => {
  it("forwards with Record-Route, one hop less, and passes answers back", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    start(rig, app, "remainInDialog|fullResponse||serial||", "sip:10.0.0.3");
    const sent = rig.peer(3).last();
    expect(sent).toMatchObject({ method: "INVITE", uri: "sip:10.0.0.3" });
    expect(listValues(sent, "record-route")).toEqual(["<sip:10.0.0.1:5060;lr>"]);
    expect(headerValue(sent, "max-forwards")).toBe("9");
    expect(headerValue(sent, "x-by")).toBe("proxy");
    expect(listValues(sent, "via")).toHaveLength(2);
    rig.answer(rig.peer(3), "INVITE", 180, "bt");
    rig.answer(rig.peer(3), "INVITE", 200, "bt", "Contact: <sip:bob@10.0.0.3>");
    expect(listValues(rig.peer(2).last(), "via")).toHaveLength(1);
    expect(rig.peer(2).take()).toEqual(["100 INVITE", "180 INVITE", "200 INVITE"]);
    expect(answers(app)).toEqual(["200", "done"]);
  });

  it("relays the dialog's further requests without state and their answers back", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    start(rig, app, "remainInDialog|fullResponse||serial||", "sip:10.0.0.3");
    rig.answer(rig.peer(3), "INVITE", 200, "bt", "Contact: <sip:bob@10.0.0.3>");
    const headers = ["Route: <sip:10.0.0.1:5060;lr>"];
    rig.request(rig.peer(2), "ACK", { toTag: "bt", uri: "sip:bob@10.0.0.3", branch: "a", headers });
    rig.request(rig.peer(2), "BYE", { toTag: "bt", uri: "sip:bob@10.0.0.3", cseq: 2, headers });
    expect(rig.peer(3).take()).toEqual(["INVITE", "ACK", "BYE"]);
    rig.peer(3).sent.length = 0;
    rig.request(rig.peer(2), "BYE", { toTag: "bt", uri: "sip:bob@10.0.0.3", cseq: 2, headers });
    const bye = rig.peer(3).last();
    expect(headerValue(bye, "route")).toBeUndefined();
    rig.peer(2).take();
    rig.answer(rig.peer(3), "BYE", 200, null);
    expect(rig.peer(2).take()).toEqual(["200 BYE"]);
    rig.clock.advance(200_000);
    expect(rig.leftovers()).toEqual({});
  });

  it.each([200, 486])("leaves nothing when the caller's connection is gone before the %i of the callee", (status) => {
    const rig = new Rig();
    const app = rig.app("invite");
    const caller = new FakeFlow("ws", { host: "127.0.0.1", port: 40_001 });
    rig.request(caller, "INVITE", { headers: ["Contact: <sip:peer@peer.invalid;transport=ws>", "Max-Forwards: 10"] });
    app.order("proxy", `|${app.lastSip().tokens[8]}|||||||sip:10.0.0.3`, "INVITE sip:x SIP/2.0");
    caller.closed = true;
    rig.engine.flowClosed(caller);
    rig.answer(rig.peer(3), "INVITE", status, "bt", "Contact: <sip:bob@10.0.0.3>");
    rig.clock.advance(200_000);
    expect(rig.leftovers()).toEqual({});
  });

  it("serial: tries the next after a refusal and passes the best answer back", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    start(rig, app, "|fullResponse||serial||", "sip:10.0.0.3", "sip:10.0.0.4");
    rig.answer(rig.peer(3), "INVITE", 486, "x");
    expect(rig.peer(4).take()).toEqual(["INVITE"]);
    rig.peer(4).sent.length = 0;
    expect(rig.peer(2).take()).toEqual(["100 INVITE"]);
    expect(answers(app)).toEqual(["486"]);
  });

  it("simultaneous: the first 2xx cancels the others", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    start(rig, app, "|fullResponse||simultaneous||", "sip:10.0.0.3", "sip:10.0.0.4", "sip:10.0.0.5");
    rig.answer(rig.peer(3), "INVITE", 180, "a");
    rig.answer(rig.peer(4), "INVITE", 200, "b");
    expect(rig.peer(3).take()).toEqual(["INVITE", "CANCEL"]);
    expect(rig.peer(5).sent.map((one) => one.kind === "request" && one.method)).toEqual(["INVITE"]);
    rig.answer(rig.peer(5), "INVITE", 180, "c");
    expect(rig.peer(5).take()).toEqual(["INVITE", "CANCEL"]);
    expect(rig.peer(2).take()).toEqual(["100 INVITE", "180 INVITE", "200 INVITE"]);
  });

  it("CANCEL from the caller: 200 and 487 at once, CANCEL downstream, no frame but the report", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    start(rig, app, "|fullResponse||serial||", "sip:10.0.0.3");
    rig.answer(rig.peer(3), "INVITE", 180, "a");
    app.take();
    rig.request(rig.peer(2), "CANCEL", { branch: "INVITE1" });
    expect(rig.peer(2).take()).toEqual(["100 INVITE", "180 INVITE", "200 CANCEL", "487 INVITE"]);
    expect(rig.peer(3).take()).toEqual(["INVITE", "CANCEL"]);
    expect(app.take()).toEqual([]);
  });

  it("a request cancelled while a name is looked up goes nowhere", async () => {
    const rig = new Rig();
    const app = rig.app("invite");
    start(rig, app, "|fullResponse||serial||", "sip:slow.example", "sip:10.0.0.4");
    rig.request(rig.peer(2), "CANCEL", { branch: "INVITE1" });
    rig.transports.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(rig.peer(2).take()).toEqual(["100 INVITE", "200 CANCEL", "487 INVITE"]);
    rig.clock.advance(200_000);
    expect([rig.peer(3).take(), rig.peer(4).take()]).toEqual([[], []]);
    expect(answers(app)).toEqual(["done"]);
    expect(rig.leftovers()).toEqual({});
  });

  it.each(["a CANCEL", "another's answer"])("a 503 after %s sends the request to no further server", (cause) => {
    const rig = new Rig();
    const app = rig.app("invite");
    start(rig, app, "|fullResponse||simultaneous||", "sip:pair.example", "sip:10.0.0.4");
    if (cause === "a CANCEL") rig.request(rig.peer(2), "CANCEL", { branch: "INVITE1" });
    else rig.answer(rig.peer(4), "INVITE", 200, "bt", "Contact: <sip:bob@10.0.0.4>");
    rig.answer(rig.peer(31), "INVITE", 503, "x");
    expect(rig.peer(31).take()).toEqual(["INVITE", "ACK"]);
    expect(rig.peer(32).take()).toEqual([]);
  });

  it("a 503 while the search goes on sends it to the next server", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    start(rig, app, "|fullResponse||serial||", "sip:pair.example");
    rig.answer(rig.peer(31), "INVITE", 503, "x");
    expect(rig.peer(32).take()).toEqual(["INVITE"]);
  });

  it("a silent target is given up after the app's time; 408 when none is left", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    start(rig, app, "|fullResponse||serial|2s|", "sip:10.0.0.3");
    rig.clock.advance(2000);
    expect(rig.peer(2).take()).toEqual(["100 INVITE", "408 INVITE"]);
    expect(answers(app)).toEqual(["done"]);
  });

  it("a target that rings and never answers is cancelled after timer C, 185 s; 408 upstream (RFC 3261 16.8)", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    start(rig, app, "|fullResponse||serial||", "sip:10.0.0.3");
    rig.answer(rig.peer(3), "INVITE", 180, "bt");
    rig.clock.advance(184_999);
    expect(rig.peer(3).take()).toEqual(["INVITE"]);
    rig.clock.advance(1);
    rig.answer(rig.peer(3), "CANCEL", 200, "bt");
    rig.answer(rig.peer(3), "INVITE", 487, "bt");
    expect(rig.peer(3).take()).toEqual(["CANCEL", "ACK"]);
    expect(rig.peer(2).take()).toEqual(["100 INVITE", "180 INVITE", "408 INVITE"]);
    rig.clock.advance(200_000);
    expect(rig.leftovers()).toEqual({});
  });

  it("each provisional response but 100 starts timer C again, as early media over minutes needs (RFC 3261 16.7 step 2)", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    start(rig, app, "|fullResponse||serial||", "sip:10.0.0.3");
    for (const status of [180, 183, 183]) {
      rig.answer(rig.peer(3), "INVITE", status, "bt");
      rig.clock.advance(184_000);
    }
    expect(rig.peer(3).take()).toEqual(["INVITE"]);
    rig.answer(rig.peer(3), "INVITE", 100, null);
    rig.clock.advance(1000);
    expect(rig.peer(3).take()).toEqual(["CANCEL"]);
  });

  it("timer C ends with the answer", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    start(rig, app, "|fullResponse||serial||", "sip:10.0.0.3");
    rig.answer(rig.peer(3), "INVITE", 200, "bt", "Contact: <sip:bob@10.0.0.3>");
    rig.clock.advance(200_000);
    expect(rig.peer(3).take()).toEqual(["INVITE"]);
    expect(rig.leftovers()).toEqual({});
  });

  it("a challenge is passed back and the second try goes to who challenged", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    start(rig, app, "|fullResponse||serial||", "sip:10.0.0.3", "sip:10.0.0.4");
    rig.answer(rig.peer(3), "INVITE", 407, "x", 'Proxy-Authenticate: Digest realm="r", nonce="N1"');
    expect(rig.peer(2).take()).toEqual(["100 INVITE", "407 INVITE"]);
    expect(rig.peer(4).sent).toEqual([]);
    rig.request(rig.peer(2), "INVITE", { cseq: 2, headers: ['Proxy-Authorization: Digest nonce="N1"'] });
    const id = app.lastSip().tokens[8]!;
    try {
      app.order("proxy", `|${id}||fullResponse||serial|||sip:10.0.0.9`, "INVITE sip:x SIP/2.0");
    } catch {
      // Answered later.
    }
    expect(rig.peer(3).last()).toMatchObject({ method: "INVITE", uri: "sip:10.0.0.3" });
  });

  it("no hops left: 483 and a reason for the app; unknown transaction: declined", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    rig.request(rig.peer(2), "INVITE", { headers: ["Max-Forwards: 0"] });
    const id = app.lastSip().tokens[8]!;
    const order = (transaction: string): readonly string[] =>
      app.order("proxy", `|${transaction}||||serial|||sip:10.0.0.3`, "INVITE sip:x SIP/2.0").tokens.slice(3);
    expect(order(id)).toEqual(["NOK", "Rejected with 483 Too Many Hops due to Max-Forwards value of 0"]);
    expect(rig.peer(2).take()).toEqual(["100 INVITE", "483 INVITE"]);
    expect(order("nobody")).toEqual(["NOK", "Unknown transaction id: nobody"]);
  });

  it("REGISTER is given a Path instead of a Record-Route (RFC 3327)", () => {
    const rig = new Rig();
    const app = rig.app("register");
    rig.request(rig.peer(2), "REGISTER");
    const id = app.lastSip().tokens[8]!;
    app.order("proxy", `|${id}|remainInDialog|||serial|||sip:10.0.0.3`, "REGISTER sip:x SIP/2.0");
    const sent = rig.peer(3).last();
    expect(headerValue(sent, "path")).toBe("<sip:10.0.0.1:5060;lr>");
    expect(headerValue(sent, "require")).toBe("path");
    expect(tagOf(sent, "from")).toBe("peertag");
  });
});
