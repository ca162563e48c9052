import { describe, expect, it } from "@jest/globals";
import { headerValue } from "../sip/message.js";
import { Rig, tagOf } from "./engine.test-support.js";

const identity = (method: string, n: number): string[] => [
  `Via: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bKbad${n}`,
  "From: <sip:a@10.0.0.2>;tag=1",
  "To: <sip:b@10.0.0.1>",
  `Call-ID: bad${n}`,
  `CSeq: 1 ${method}`,
];

describe("broken input", () => {
  it("garbage is dropped, counted, and never answered", () => {
    const rig = new Rig();
    const peer = rig.peer(2);
    for (const octets of [
      "",
      "\r\n",
      "\0\0",
      "hello",
      "\x16\x03\x01\x02",
      "GET / HTTP/1.1\r\n\r\n",
      "SIP/2.0 200 OK\r\n\r\n",
    ]) {
      rig.engine.received(octets, peer);
    }
    expect(peer.take()).toEqual([]);
    expect(rig.leftovers()).toEqual({});
    const { metrics } = rig.engine.context;
    expect(metrics.value('sip_dropped_total{reason="garbage"}')).toBe(3);
    expect(metrics.value('sip_dropped_total{reason="empty"}')).toBe(3);
    expect(metrics.value('sip_dropped_total{reason="malformed-response"}')).toBe(1);
  });

  it("broken requests are refused with what is wrong, without leaving a transaction", () => {
    const rig = new Rig();
    const peer = rig.peer(2);
    const without = (name: string): string[] => identity("INVITE", 1).filter((line) => !line.startsWith(name));
    const line = "INVITE sip:b@10.0.0.1 SIP/2.0";
    const cases: [string[], string][] = [
      [["INVITE sip:b@10.0.0.1 SIP/1.0", ...identity("INVITE", 0)], "505 Version Not Supported"],
      [[line, ...without("From")], "400 Bad From Header"],
      [[line, ...without("From"), "From: ;<?>"], "400 Bad From Header"],
      [[line, ...without("Call-ID")], "400 Bad Call-ID Header"],
      [[line, ...identity("BYE", 2)], "400 Bad CSeq Header"],
      [[line, ...without("Call-ID"), "Call-ID: a|b"], "400 Bad Call-ID Header"],
      [[line, ...without("From"), "From: <sip:a@b>;tag=a|b"], "400 Bad From Header"],
      [[line, ...without("To"), "To: <sip:a@b>;tag=a|b"], "400 Bad To Header"],
      [[line, ...identity("INVITE", 3), "Content-Length: 900"], "400 Bad Request"],
      [["INVITE sip:b @x SIP/2.0", ...identity("INVITE", 4)], "400 Bad Request-URI"],
    ];
    for (const [lines, expected] of cases) {
      rig.receive(peer, ...lines);
      const answer = peer.sent.pop();
      expect(answer?.kind === "response" && `${answer.status} ${answer.reason}`).toBe(expected);
      expect(tagOf(answer!, "to")).not.toBe("");
    }
    rig.receive(peer, line, ...without("Via"));
    rig.receive(peer, "ACK sip:b@10.0.0.1 SIP/9.0", ...identity("ACK", 5));
    rig.receive(
      peer,
      "ACK sip:b@10.0.0.1 SIP/2.0",
      ...identity("ACK", 6).filter((l) => !l.startsWith("From")),
      "From: ;<?>",
    );
    expect(peer.take()).toEqual([]);
    expect(rig.leftovers()).toEqual({});
  });

  it("a URI nobody can serve is refused, but not inside a dialog", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    const peer = rig.peer(2);
    rig.request(peer, "OPTIONS", { uri: "sip:a@b@c:x" });
    rig.request(peer, "MESSAGE", { uri: "urn:service:sos" });
    expect(peer.take()).toEqual(["400 OPTIONS", "416 MESSAGE"]);
    rig.request(peer, "INVITE");
    app.respond(app.lastSip().tokens[8]!, "200 OK");
    const toTag = tagOf(peer.last(), "to");
    rig.request(peer, "INFO", { uri: "sip:sip:10.0.0.1:5060", toTag, cseq: 2 });
    expect(app.lastSip().message).toMatchObject({ method: "INFO" });
  });

  it("a Via may name another transport, as behind a proxy that ends TLS: the answer takes the connection", () => {
    const rig = new Rig();
    rig.app("options");
    const browser = rig.peer(2, "ws");
    const lines = identity("OPTIONS", 1).map((one) => one.replace("UDP", "WSS"));
    rig.receive(browser, "OPTIONS sip:b@10.0.0.1 SIP/2.0", ...lines);
    rig.clock.advance(40_000);
    expect(browser.take()).toEqual(["500 OPTIONS"]);
  });

  it("a thousand broken messages leave a call alone", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    const peer = rig.peer(2);
    rig.request(peer, "INVITE");
    app.respond(app.lastSip().tokens[8]!, "200 OK");
    const toTag = tagOf(peer.last(), "to");
    rig.request(peer, "ACK", { toTag, branch: "ack" });
    app.take();
    const stranger = rig.peer(66);
    const text = ["BYE sip:b@10.0.0.1 SIP/2.0", ...identity("BYE", 1), "", ""].join("\r\n");
    let seed = 7;
    const random = (n: number): number => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % n;
    for (let i = 0; i < 1000; i++) {
      const at = random(text.length);
      const noise = Array.from({ length: random(5) }, () => String.fromCharCode(random(256))).join("");
      rig.engine.received(text.slice(0, at) + noise + text.slice(at + random(6)), stranger);
    }
    expect(app.take()).toEqual([]);
    expect(rig.counts()).toMatchObject({ dialogs: 1 });
    rig.request(peer, "BYE", { toTag, cseq: 2 });
    app.respond(app.lastSip().tokens[8]!, "200 OK");
    rig.clock.advance(40_000);
    expect(rig.leftovers()).toEqual({});
  });

  it("RFC 2543 peers without a magic branch are recognised by the request itself", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    const peer = rig.peer(2);
    const lines = identity("INVITE", 1).map((one) => one.replace(/;branch=.*/, ""));
    rig.receive(peer, "INVITE sip:b@10.0.0.1 SIP/2.0", ...lines);
    rig.receive(peer, "INVITE sip:b@10.0.0.1 SIP/2.0", ...lines);
    expect(app.take()).toEqual(["INVITE"]);
    rig.receive(peer, "CANCEL sip:b@10.0.0.1 SIP/2.0", ...lines.map((one) => one.replace("1 INVITE", "1 CANCEL")));
    expect(peer.take()).toEqual(["100 INVITE", "100 INVITE", "200 CANCEL", "487 INVITE"]);
    rig.receive(peer, "ACK sip:b@10.0.0.1 SIP/2.0", ...lines.map((one) => one.replace("1 INVITE", "1 ACK")));
    rig.clock.advance(10_000);
    expect(peer.take()).toEqual([]);
  });

  it("compact and folded requests reach the app spelled out", () => {
    const rig = new Rig();
    const app = rig.app("refer");
    rig.receive(
      rig.peer(2),
      "REFER sip:b@10.0.0.1 SIP/2.0",
      "v: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bKc",
      "f: <sip:a@10.0.0.2>;tag=1",
      "t:",
      " <sip:b@10.0.0.1>",
      "i: compact",
      "CSeq: 1 REFER",
      "r: <sip:c@d>",
    );
    const { sip, message } = app.lastSip();
    expect(headerValue(message!, "refer-to")).toBe("<sip:c@d>");
    expect(sip).toContain("\r\nRefer-To: <sip:c@d>\r\n");
    expect(sip).toContain("\r\nTo: <sip:b@10.0.0.1>\r\n");
  });

  for (const method of ["INVITE", "OPTIONS", "MESSAGE", "BYE", "REFER"]) {
    it(`leaves nothing of a ${method} that was read after its connection had closed`, () => {
      const rig = new Rig();
      const peer = rig.peer(2, "tcp");
      peer.closed = true;
      rig.engine.flowClosed(peer);
      rig.request(peer, method);
      const app = rig.app("invite", "options", "message");
      rig.request(peer, method, { cseq: 2, callId: "call2" });
      if (app.frames.length > 0) app.respond(app.lastSip().tokens[8]!, "200 OK", "Contact: <sip:a@localhost>");
      rig.clock.advance(70_000);
      expect(rig.leftovers()).toEqual({});
    });
  }
});
