import { describe, expect, it } from "@jest/globals";
import { headerValue, listValues } from "../sip/message.js";
import { Rig, tagOf } from "./engine.test-support.js";
import type { FakeApp, FakeFlow } from "./engine.test-support.js";

const SDP = "Content-Type: application/sdp";
const OK = ["Contact: <sip:app@localhost>;isfocus", SDP];

/** A call from peer 2, answered by the app and acknowledged. */
function established(rig: Rig, app: FakeApp, peer: FakeFlow): { toTag: string; id: string; dialogId: string } {
  rig.request(peer, "INVITE");
  const id = app.lastSip().tokens[8]!;
  const echo = app.respond(id, "200 OK", ...OK);
  const toTag = tagOf(peer.last(), "to");
  rig.request(peer, "ACK", { toTag, branch: "ack1" });
  app.frames.length = 0;
  peer.sent.length = 0;
  return { toTag, id, dialogId: echo.tokens[11]! };
}

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

  it("CANCEL before any response: 200, 487, a frame without dialog id, and no late answer", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    const peer = rig.peer(2);
    rig.request(peer, "INVITE");
    const id = app.lastSip().tokens[8]!;
    rig.request(peer, "CANCEL", { branch: "INVITE1" });
    expect(peer.take()).toEqual(["100 INVITE", "200 CANCEL", "487 INVITE"]);
    expect(app.lastSip().tokens.slice(8)).toEqual([id, "", ""]);
    expect(app.respond(id, "200 OK", ...OK).tokens.slice(3)).toEqual([
      "NOK",
      "Response not sent due to unknown transaction",
    ]);
    rig.request(peer, "ACK", { branch: "INVITE1" });
    rig.clock.advance(40_000);
    expect(rig.leftovers()).toEqual({});
  });

  it("CANCEL after 180: 200 with the same tag, 487, a frame with the dialog id", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    const peer = rig.peer(2);
    rig.request(peer, "INVITE");
    const id = app.lastSip().tokens[8]!;
    app.respond(id, "180 Ringing");
    const tag = tagOf(peer.last(), "to");
    rig.request(peer, "CANCEL", { branch: "INVITE1", headers: ["Reason: SIP;cause=200"] });
    expect(peer.sent.slice(-2).map((message) => tagOf(message, "to"))).toEqual([tag, tag]);
    expect(app.lastSip().tokens.slice(8)).toEqual([id, "call1;from-tag=peertag", ""]);
    expect(headerValue(app.lastSip().message!, "reason")).toBe("SIP;cause=200");
    expect(app.respond(id, "487 Request Terminated").tokens[3]).toBe("NOK");
  });

  it("CANCEL that crosses the 200 has no effect (RFC 3261 9.2)", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    const peer = rig.peer(2);
    rig.request(peer, "INVITE");
    app.respond(app.lastSip().tokens[8]!, "200 OK", ...OK);
    app.take();
    rig.request(peer, "CANCEL", { branch: "INVITE1" });
    expect(peer.take()).toEqual(["100 INVITE", "200 INVITE", "200 CANCEL"]);
    expect(app.take()).toEqual([]);
    expect(rig.counts()).toMatchObject({ dialogs: 1 });
  });

  it("CANCEL for nothing gets 481", () => {
    const rig = new Rig();
    const peer = rig.peer(2);
    rig.request(peer, "CANCEL");
    expect(peer.take()).toEqual(["481 CANCEL"]);
  });

  it("a re-INVITE comes with a new transaction id and the dialog id, its 200 is repeated and its ACK delivered", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    const peer = rig.peer(2);
    const { toTag, id, dialogId } = established(rig, app, peer);
    rig.request(peer, "INVITE", { toTag, cseq: 2 });
    const { tokens } = app.lastSip();
    expect(tokens[9]).toBe(dialogId);
    expect(tokens[8]).not.toBe(id);
    app.respond(tokens[8]!, "200 OK", ...OK);
    rig.clock.advance(1500);
    expect(peer.take()).toEqual(["100 INVITE", "200 INVITE", "200 INVITE", "200 INVITE"]);
    app.take();
    rig.request(peer, "ACK", { toTag, cseq: 2, branch: "ack2" });
    expect(app.take()).toEqual(["ACK"]);
  });

  it("491 to a re-INVITE passes; the dialog lives on", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    const peer = rig.peer(2);
    const { toTag } = established(rig, app, peer);
    rig.request(peer, "INVITE", { toTag, cseq: 2 });
    app.respond(app.lastSip().tokens[8]!, "491 Request Pending");
    expect(peer.take()).toEqual(["100 INVITE", "491 INVITE"]);
    expect(rig.counts()).toMatchObject({ dialogs: 1 });
  });

  it("BYE ends the dialog at once, goes to the app, and leaves nothing", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    const peer = rig.peer(2);
    const { toTag, dialogId } = established(rig, app, peer);
    rig.request(peer, "BYE", { toTag, cseq: 2 });
    expect(rig.counts()).toMatchObject({ dialogs: 0 });
    const { tokens } = app.lastSip();
    expect(tokens[9]).toBe(dialogId);
    const echo = app.respond(tokens[8]!, "200 OK");
    expect(echo.tokens[11]).toBe("");
    expect(peer.take()).toEqual(["200 BYE"]);
    const late = app.order("sip", `||${dialogId}`, "BYE sip:placeholder SIP/2.0");
    expect(late.tokens[4]).toBe("Server error: unable to find dialog for dialog id provided");
    rig.clock.advance(40_000);
    expect(rig.leftovers()).toEqual({});
  });

  it("BYE answers a re-INVITE that is still pending with 487 (RFC 3261 15.1.2)", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    const peer = rig.peer(2);
    const { toTag } = established(rig, app, peer);
    rig.request(peer, "INVITE", { toTag, cseq: 2 });
    rig.request(peer, "BYE", { toTag, cseq: 3 });
    expect(peer.take()).toEqual(["100 INVITE", "487 INVITE"]);
  });

  it("BYE in an early dialog ends the call like a CANCEL (RFC 3261 15)", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    const peer = rig.peer(2);
    rig.request(peer, "INVITE");
    app.respond(app.lastSip().tokens[8]!, "180 Ringing");
    const toTag = tagOf(peer.last(), "to");
    peer.take();
    app.take();
    rig.request(peer, "BYE", { toTag, cseq: 2 });
    expect(peer.take()).toEqual(["200 BYE", "487 INVITE"]);
    expect(app.take()).toEqual(["CANCEL"]);
  });

  it("an older CSeq in the dialog is refused with 500", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    const peer = rig.peer(2);
    const { toTag } = established(rig, app, peer);
    rig.request(peer, "INFO", { toTag, cseq: 9 });
    rig.request(peer, "INFO", { toTag, cseq: 8 });
    expect(peer.take()).toEqual(["500 INFO"]);
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
    const app = rig.app("invite");
    const peer = rig.peer(2);
    const { toTag } = established(rig, app, peer);
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

describe("reliable provisional responses (RFC 3262)", () => {
  const SUPPORTED = ["Contact: <sip:peer@10.0.0.2:5060>", "Supported: 100rel"];

  it("are numbered, repeated until PRACK, and hold a 200 back while they carry a body", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    const peer = rig.peer(2);
    rig.request(peer, "INVITE", { headers: SUPPORTED });
    const id = app.lastSip().tokens[8]!;
    const echo = app.order("sip", `|${id}|`, "SIP/2.0 183 Session Progress", "Require: 100rel", "", "v=0");
    const rseq = headerValue(echo.message!, "rseq")!;
    expect(app.respond(id, "200 OK", ...OK).tokens[3]).toBe("OK");
    rig.clock.advance(1500);
    expect(peer.take()).toEqual(["100 INVITE", "183 INVITE", "183 INVITE", "183 INVITE"]);
    const toTag = tagOf(echo.message!, "to");
    rig.request(peer, "PRACK", { toTag, cseq: 2, headers: [`RAck: ${rseq} 1 INVITE`] });
    expect(peer.take()).toEqual(["200 INVITE"]);
    const prack = app.lastSip();
    expect(prack.message).toMatchObject({ method: "PRACK" });
    app.respond(prack.tokens[8]!, "200 OK");
    expect(peer.take()).toEqual(["200 PRACK"]);
  });

  it("are refused when the caller does not know them", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    const peer = rig.peer(2);
    rig.request(peer, "INVITE");
    const answer = app.respond(app.lastSip().tokens[8]!, "180 Ringing", "Require: 100rel");
    expect(answer.tokens.slice(3)).toEqual(["NOK", "Remote endpoint does not support 100rel"]);
    expect(peer.take()).toEqual(["100 INVITE"]);
  });

  it("end the call with 503 when no PRACK comes", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    const peer = rig.peer(2);
    rig.request(peer, "INVITE", { headers: SUPPORTED });
    app.respond(app.lastSip().tokens[8]!, "180 Ringing", "Require: 100rel");
    rig.clock.advance(32_000);
    expect(peer.take().at(-1)).toBe("503 INVITE");
  });

  it("PRACK that matches nothing gets 481", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    const peer = rig.peer(2);
    const { toTag } = established(rig, app, peer);
    rig.request(peer, "PRACK", { toTag, cseq: 2, headers: ["RAck: 1 1 INVITE"] });
    expect(peer.take()).toEqual(["481 PRACK"]);
  });
});
