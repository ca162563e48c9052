import { describe, expect, it } from "@jest/globals";
import { headerValue } from "../sip/message.js";
import { Rig, startLine, tagOf } from "./engine.test-support.js";
import type { FakeApp } from "./engine.test-support.js";

const SDP = ["Content-Type: application/sdp", "", "v=0"];
const CONTACT = "Contact: <sip:peer@10.0.0.2:5060>";

/** A call from peer 2 that wants a session timer. */
function called(rig: Rig, app: FakeApp, ...headers: string[]): { toTag: string; answer: string | undefined } {
  const peer = rig.peer(2);
  rig.request(peer, "INVITE", { headers: [CONTACT, ...headers] });
  app.order("sip", `|${app.lastSip().tokens[8]}|`, "SIP/2.0 200 OK", ...SDP);
  const answer = peer.last();
  const toTag = tagOf(answer, "to");
  rig.request(peer, "ACK", { toTag, branch: "ack" });
  peer.take();
  app.take();
  return { toTag, answer: headerValue(answer, "session-expires") };
}

describe("session timers (RFC 4028)", () => {
  it("no wish, or a wish without refresher: no timer", () => {
    for (const headers of [[], ["Session-Expires: 1800"]]) {
      const rig = new Rig();
      expect(called(rig, rig.app("invite"), ...headers).answer).toBeUndefined();
      rig.clock.advance(40_000);
      expect(rig.counts()).toMatchObject({ timers: 0 });
    }
  });

  it("a peer that is to refresh and falls silent loses the call, and the app is told", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    const { answer } = called(rig, app, "Session-Expires: 60;refresher=uac", "Supported: timer");
    expect(answer).toBe("90;refresher=uac");
    rig.clock.advance(59_000);
    expect(rig.peer(2).take()).toEqual([]);
    rig.clock.advance(2000);
    expect(rig.peer(2).take()).toContain("BYE");
    expect(app.lastSip().tokens[8]).toBe("unsolicited");
    expect(headerValue(app.lastSip().message!, "reason")).toContain("Session timer expired");
  });

  it("a refresh starts the timer anew; one that asks for less than 90 s is refused with 422", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    const { toTag } = called(rig, app, "x: 90;refresher=uac");
    rig.clock.advance(50_000);
    rig.request(rig.peer(2), "UPDATE", { toTag, cseq: 2, headers: [CONTACT, "Session-Expires: 30"] });
    expect(headerValue(rig.peer(2).last(), "min-se")).toBe("90");
    expect(rig.peer(2).take()).toEqual(["422 UPDATE"]);
    rig.request(rig.peer(2), "UPDATE", { toTag, cseq: 3, headers: [CONTACT, "Session-Expires: 90;refresher=uac"] });
    app.respond(app.lastSip().tokens[8]!, "200 OK");
    rig.clock.advance(50_000);
    expect(rig.peer(2).take()).toEqual(["200 UPDATE"]);
    expect(rig.counts()).toMatchObject({ dialogs: 1 });
  });

  it("we refresh with our last session description and the app sees nothing of it", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    called(rig, app, "Session-Expires: 200;refresher=uas");
    rig.clock.advance(100_000);
    const refresh = rig.peer(2).last();
    expect(refresh).toMatchObject({ method: "INVITE" });
    expect(refresh.body).toContain("v=0");
    expect(headerValue(refresh, "session-expires")).toBe("200;refresher=uac");
    expect(headerValue(refresh, "contact")).toBeDefined();
    rig.answer(rig.peer(2), "INVITE", 200, null, CONTACT, "Session-Expires: 200;refresher=uac");
    expect(rig.peer(2).take()).toEqual(["INVITE", "ACK"]);
    rig.clock.advance(100_000);
    rig.answer(rig.peer(2), "INVITE", 491, null);
    rig.clock.advance(1000);
    expect(rig.peer(2).take()).toEqual(["INVITE", "ACK", "INVITE"]);
    expect(app.take()).toEqual([]);
    rig.peer(2).sent.length = 0;
    rig.clock.advance(32_000);
    expect(app.take()).toEqual(["BYE"]);
  });

  it("of our own calls follow the answer, and end with the call", () => {
    const rig = new Rig();
    const app = rig.app();
    app.order("sip", "||", "INVITE sip:bob@10.0.0.3 SIP/2.0", ...SDP);
    rig.answer(rig.peer(3), "INVITE", 200, "bt", "Contact: <sip:bob@10.0.0.3>", "Session-Expires: 120;refresher=uac");
    const dialogId = app.lastSip().tokens[9]!;
    app.order("sip", `||${dialogId}`, "ACK sip:placeholder SIP/2.0");
    rig.clock.advance(60_000);
    expect(rig.peer(3).sent.map(startLine)).toEqual(["INVITE", "ACK", "INVITE"]);
    rig.answer(rig.peer(3), "INVITE", 491, null);
    // The Call-ID is ours, so it is the peer that tries again first (RFC 3261 14.1).
    rig.clock.advance(2999);
    expect(rig.peer(3).sent.map(startLine)).toEqual(["INVITE", "ACK", "INVITE", "ACK"]);
    rig.clock.advance(1);
    expect(rig.peer(3).sent.map(startLine)).toEqual(["INVITE", "ACK", "INVITE", "ACK", "INVITE"]);
    rig.answer(rig.peer(3), "INVITE", 200, null, "Contact: <sip:bob@10.0.0.3>", "Session-Expires: 120;refresher=uac");
    app.order("sip", `||${dialogId}`, "BYE sip:placeholder SIP/2.0");
    rig.answer(rig.peer(3), "BYE", 200, null);
    rig.clock.advance(40_000);
    expect(rig.leftovers()).toEqual({});
  });
});
