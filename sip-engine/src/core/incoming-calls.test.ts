import { describe, expect, it } from "@jest/globals";
import { headerValue, listValues } from "../sip/message.js";
import { answered, SDP } from "./calls.test-support.js";
import { Rig, tagOf } from "./engine.test-support.js";

const OK = ["Contact: <sip:app@localhost>;isfocus", SDP];

describe("calls from the network", () => {
  it("100 goes out first, then the app sees the request with its address tokens", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    const peer = rig.peer(2);
    rig.request(peer, "INVITE");
    expect(peer.take()).toEqual(["100 INVITE"]);
    const { tokens, message } = app.lastSip();
    expect(tokens.slice(1, 3)).toEqual(["sip", "network"]);
    expect(tokens.slice(4, 7)).toEqual(["udp", "10.0.0.2", "5060"]);
    expect(tokens[7]).toMatch(/^\d\d:\d\d:\d\d\.\d{6}$/);
    expect(tokens.slice(9)).toEqual(["", "10.0.0.1", "5060", ""]);
    expect(headerValue(message!, "via")).toContain(";rport=5060");
    expect(headerValue(message!, "content-length")).toBe("0");
  });

  it("the echo of a 200 has To tag, Contact and dialog id; all responses share the tag", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    const peer = rig.peer(2);
    rig.request(peer, "INVITE");
    const id = app.lastSip().tokens[8]!;
    const ringing = app.respond(id, "183 Session Progress", SDP, "X-Color: green", "foo-bar: 1");
    expect(ringing.tokens.slice(3, 5)).toEqual(["OK", "application"]);
    expect(ringing.tokens.slice(10)).toEqual([id, "call1;from-tag=peertag", "", "Msg sent:", ""]);
    const progress = peer.last();
    expect(headerValue(progress, "contact")).toBeUndefined();
    expect(progress.headers.map(({ name }) => name)).toEqual(expect.arrayContaining(["X-Color", "Foo-Bar"]));
    const echo = app.respond(id, "200 OK", "contact: <sip:agent;x@localhost>;isfocus;+sip.a=1", SDP);
    expect(headerValue(echo.message!, "contact")).toBe("<sip:agent;x@10.0.0.1:5060>;isfocus;+sip.a=1");
    expect(tagOf(echo.message!, "to")).toBe(tagOf(progress, "to"));
    expect(peer.take()).toEqual(["100 INVITE", "183 INVITE", "200 INVITE"]);
  });

  it("the tag an app writes into To is used", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    const peer = rig.peer(2);
    rig.request(peer, "INVITE");
    app.respond(app.lastSip().tokens[8]!, "200 OK", "To: <sip:whoever@x>;tag=mine", ...OK);
    expect(headerValue(peer.last(), "to")).toBe("<sip:service@10.0.0.1>;tag=mine");
  });

  it("Record-Route comes back in the 200 and Via only ours", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    const peer = rig.peer(2);
    rig.request(peer, "INVITE", { headers: ["Contact: <sip:x@10.0.0.9>", "Record-Route: <sip:10.0.0.2;lr>"] });
    app.respond(app.lastSip().tokens[8]!, "200 OK", "Via: evil", "Record-Route: <sip:evil>", "RSeq: 5", ...OK);
    const answer = peer.last();
    expect(listValues(answer, "record-route")).toEqual(["<sip:10.0.0.2;lr>"]);
    expect(listValues(answer, "via")).toHaveLength(1);
    expect(headerValue(answer, "rseq")).toBeUndefined();
  });

  it("a 200 is repeated until its ACK, which the app sees once, with the INVITE's transaction id", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    const peer = rig.peer(2);
    rig.request(peer, "INVITE");
    const id = app.lastSip().tokens[8]!;
    app.respond(id, "200 OK", ...OK);
    const toTag = tagOf(peer.last(), "to");
    peer.take();
    rig.clock.advance(4000);
    expect(peer.take()).toEqual(["200 INVITE", "200 INVITE", "200 INVITE"]);
    app.take();
    rig.request(peer, "ACK", { toTag, branch: "a" });
    expect(app.lastSip().tokens.slice(8, 10)).toEqual([id, "call1;from-tag=peertag"]);
    expect(app.take()).toEqual(["ACK"]);
    rig.request(peer, "ACK", { toTag, branch: "b" });
    rig.clock.advance(40_000);
    expect(app.take()).toEqual([]);
    expect(peer.take()).toEqual([]);
  });

  it("without an ACK the call is ended after 64·T1 and the app told by an unsolicited BYE", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    const peer = rig.peer(2);
    rig.request(peer, "INVITE");
    app.respond(app.lastSip().tokens[8]!, "200 OK", ...OK);
    app.take();
    rig.clock.advance(32_000);
    expect(peer.take().at(-1)).toBe("BYE");
    const { tokens, message } = app.lastSip();
    expect([tokens[2], tokens[8], tokens[9]]).toEqual(["application", "unsolicited", "call1;from-tag=peertag"]);
    expect(headerValue(message!, "reason")).toContain('text="ACK timeout"');
    rig.clock.advance(40_000);
    expect(rig.leftovers()).toEqual({});
  });

  it("a refusal is repeated until its ACK, which stays with the engine", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    const peer = rig.peer(2);
    rig.request(peer, "INVITE");
    app.respond(app.lastSip().tokens[8]!, "403 Forbidden");
    const toTag = tagOf(peer.last(), "to");
    expect(toTag).not.toBe("");
    rig.clock.advance(1500);
    expect(peer.take()).toEqual(["100 INVITE", "403 INVITE", "403 INVITE", "403 INVITE"]);
    app.take();
    rig.request(peer, "ACK", { toTag, branch: "INVITE1" });
    rig.clock.advance(10_000);
    expect(peer.take()).toEqual([]);
    expect(app.take()).toEqual([]);
    expect(rig.leftovers()).toEqual({});
  });

  it("a repeated INVITE gets the last response again and no second frame", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    const peer = rig.peer(2);
    rig.request(peer, "INVITE");
    rig.request(peer, "INVITE");
    app.respond(app.lastSip().tokens[8]!, "180 Ringing");
    rig.request(peer, "INVITE");
    expect(peer.take()).toEqual(["100 INVITE", "100 INVITE", "180 INVITE", "180 INVITE"]);
    expect(app.take()).toEqual(["INVITE"]);
  });

  it("requests without a dialog get a proper answer instead of silence", () => {
    const rig = new Rig();
    const peer = rig.peer(2);
    const cases: [string, string | undefined, string][] = [
      ["INVITE", undefined, "503 INVITE"],
      ["INVITE", "x", "481 INVITE"],
      ["BYE", "x", "481 BYE"],
      ["UPDATE", "x", "481 UPDATE"],
      ["PRACK", "x", "481 PRACK"],
      ["REFER", "x", "481 REFER"],
      ["REFER", undefined, "405 REFER"],
      ["MESSAGE", undefined, "503 MESSAGE"],
      ["DANCE", undefined, "501 DANCE"],
    ];
    for (const [index, [method, toTag, answer]] of cases.entries()) {
      rig.request(peer, method, {
        branch: `b${index}`,
        callId: `c${index}`,
        ...(toTag === undefined ? {} : { toTag }),
      });
      expect(peer.take().at(-1)).toBe(answer);
    }
    rig.request(peer, "ACK", { toTag: "x" });
    expect(peer.take()).toEqual([]);
  });

  it("an app that never answers: 480 to an INVITE after 64 s, 500 to others after 32 s", () => {
    const rig = new Rig();
    rig.app("invite", "options");
    const peer = rig.peer(2);
    rig.request(peer, "INVITE");
    rig.request(peer, "OPTIONS", { callId: "c2" });
    peer.take();
    rig.clock.advance(32_000);
    expect(peer.take()).toEqual(["500 OPTIONS"]);
    rig.clock.advance(32_000);
    expect(peer.take()).toContain("480 INVITE");
  });

  it("an app that goes away: 503 to what it has not answered, 481 inside its dialogs", () => {
    const rig = new Rig();
    const { app, peer, toTag } = answered(rig);
    rig.request(peer, "INVITE", { callId: "c2", branch: "other" });
    peer.take();
    app.connected = false;
    rig.engine.appGone(app);
    expect(peer.take()).toEqual(["503 INVITE"]);
    rig.request(peer, "INFO", { toTag, cseq: 2 });
    rig.request(peer, "BYE", { toTag, cseq: 3 });
    expect(peer.take()).toEqual(["481 INFO", "481 BYE"]);
    rig.clock.advance(70_000);
    expect(rig.leftovers()).toEqual({});
  });

  it("the same INVITE over two paths: the second answer is refused (RFC 3261 8.2.2.2)", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    const peer = rig.peer(2);
    rig.request(peer, "INVITE", { branch: "one" });
    const first = app.lastSip().tokens[8]!;
    rig.request(peer, "INVITE", { branch: "two" });
    const second = app.lastSip().tokens[8]!;
    app.respond(first, "200 OK", ...OK);
    expect(app.respond(second, "200 OK", ...OK).tokens[4]).toMatch(/^dialog already exists/);
    expect(peer.take().slice(-2)).toEqual(["200 INVITE", "480 INVITE"]);
  });

  it("takes turns between apps and passes over one that is gone", () => {
    const rig = new Rig();
    const [one, two] = [rig.app("invite"), rig.app("invite")];
    const peer = rig.peer(2);
    for (let i = 0; i < 4; i++) rig.request(peer, "INVITE", { callId: `c${i}`, branch: `b${i}` });
    expect([one.take().length, two.take().length]).toEqual([2, 2]);
    one.order("remove_route", "|invite");
    for (let i = 4; i < 6; i++) rig.request(peer, "INVITE", { callId: `c${i}`, branch: `b${i}` });
    expect([one.take().length, two.take().length]).toEqual([0, 2]);
  });
});
