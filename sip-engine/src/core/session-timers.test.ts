import { describe, expect, it } from "@jest/globals";
import { headerValue } from "../sip/message.js";
import { Rig, startLine, tagOf } from "./engine.test-support.js";
import type { FakeApp, RequestParts } from "./engine.test-support.js";

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

/** A call of the app's to peer 3, whose 200 says this of a session timer. */
function calling(rig: Rig, app: FakeApp, ...headers: string[]): { dialogId: string; peer: RequestParts } {
  app.order("sip", "||", "INVITE sip:bob@10.0.0.3 SIP/2.0", ...SDP);
  const invite = rig.peer(3).last();
  rig.answer(rig.peer(3), "INVITE", 200, "bt", "Contact: <sip:bob@10.0.0.3>", ...headers);
  const dialogId = app.lastSip().tokens[9]!;
  app.order("sip", `||${dialogId}`, "ACK sip:placeholder SIP/2.0");
  rig.peer(3).take();
  app.take();
  return { dialogId, peer: { toTag: tagOf(invite, "from"), callId: headerValue(invite, "call-id")!, fromTag: "bt" } };
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

  it.each([0, 1, 89])("a 2xx that names %i seconds is taken for 90: no storm of refreshes", (seconds) => {
    const rig = new Rig();
    const app = rig.app();
    const { dialogId } = calling(rig, app, `Session-Expires: ${seconds}`);
    rig.clock.advance(44_999);
    expect(rig.peer(3).take()).toEqual([]);
    rig.clock.advance(1);
    expect(headerValue(rig.peer(3).last(), "session-expires")).toBe("90;refresher=uac");
    rig.answer(rig.peer(3), "INVITE", 422, null, "Min-SE: 120");
    expect(headerValue(rig.peer(3).last(), "session-expires")).toBe("120;refresher=uac");
    app.order("sip", `||${dialogId}`, "BYE sip:placeholder SIP/2.0");
  });

  it("a session of 30 days is refreshed after half a day, and a silent peer's ends after 30 days", () => {
    for (const [refresher, hours, sent] of [
      ["uac", 12, "INVITE"],
      ["uas", 30 * 24, "BYE"],
    ] as const) {
      const rig = new Rig();
      calling(rig, rig.app(), `Session-Expires: 2592000;refresher=${refresher}`);
      rig.clock.advance(hours * 3_600_000 - 60_000);
      expect(rig.peer(3).take()).toEqual([]);
      rig.clock.advance(60_000);
      expect(rig.peer(3).take()[0]).toBe(sent);
    }
  });

  it("a refresh waits for the end of a re-INVITE, the app's or the peer's (RFC 3261 14.1)", () => {
    const rig = new Rig();
    const app = rig.app();
    const { dialogId, peer } = calling(rig, app, "Session-Expires: 90");
    rig.clock.advance(30_000);
    app.order("sip", `||${dialogId}`, "INVITE sip:placeholder SIP/2.0", ...SDP, "s=new");
    const reinvite = rig.peer(3).last();
    rig.answer(rig.peer(3), "INVITE", 180, null);
    rig.peer(3).take();
    rig.clock.advance(20_000);
    expect(rig.peer(3).take()).toEqual([]);
    rig.answerTo(rig.peer(3), reinvite, 488, null);
    rig.clock.advance(1000);
    expect(rig.peer(3).last()).toMatchObject({ method: "INVITE", body: expect.not.stringContaining("s=new") });
    expect(rig.peer(3).sent.map(startLine)).toEqual(["ACK", "INVITE"]);
    rig.answer(rig.peer(3), "INVITE", 200, null, "Session-Expires: 90");
    rig.peer(3).take();
    rig.clock.advance(44_000);
    const headers = ["Contact: <sip:bob@10.0.0.3>"];
    rig.request(rig.peer(3), "INVITE", { ...peer, cseq: 7, branch: "again", headers });
    rig.clock.advance(10_000);
    expect(rig.peer(3).take()).toEqual(["100 INVITE"]);
    app.respond(app.lastSip().tokens[8]!, "488 Not Acceptable Here");
    rig.request(rig.peer(3), "ACK", { ...peer, cseq: 7, branch: "again" });
    rig.clock.advance(1000);
    expect(rig.peer(3).take()).toEqual(["488 INVITE", "INVITE"]);
  });

  it("is refreshed with the description of the app's re-INVITE once that is accepted, not before", () => {
    const rig = new Rig();
    const app = rig.app();
    const { dialogId } = calling(rig, app, "Session-Expires: 90");
    for (const [status, expected] of [
      [488, "v=0"],
      [200, "s=new"],
    ] as const) {
      app.order("sip", `||${dialogId}`, "INVITE sip:placeholder SIP/2.0", ...SDP, "s=new");
      rig.answer(rig.peer(3), "INVITE", status, null, "Session-Expires: 90");
      if (status === 200) app.order("sip", `||${dialogId}`, "ACK sip:placeholder SIP/2.0");
      rig.clock.advance(45_000);
      const { body } = rig.peer(3).last();
      expect([body.includes("v=0"), body.includes("s=new")]).toEqual([true, expected === "s=new"]);
      rig.answer(rig.peer(3), "INVITE", 200, null, "Session-Expires: 90");
    }
  });

  it("a peer that is busy with the session, 500 and Retry-After, is asked again (RFC 3261 14.2)", () => {
    const rig = new Rig();
    const app = rig.app();
    calling(rig, app, "Session-Expires: 90");
    rig.clock.advance(45_000);
    rig.answer(rig.peer(3), "INVITE", 500, null, "Retry-After: 5");
    rig.clock.advance(3000);
    rig.answer(rig.peer(3), "INVITE", 500, null);
    expect(rig.peer(3).take()).toEqual(["INVITE", "ACK", "INVITE", "ACK", "BYE"]);
    expect(app.take()).toEqual(["BYE"]);
  });

  it("a peer that refuses with 491 for ever loses the call when the session is over", () => {
    const rig = new Rig();
    const app = rig.app();
    calling(rig, app, "Session-Expires: 90");
    for (let i = 0; i < 30; i++) {
      rig.clock.advance(3000);
      if (rig.peer(3).sent.some((one) => one.kind === "request" && one.method === "INVITE")) {
        rig.answer(rig.peer(3), "INVITE", 491, null);
        rig.peer(3).take();
      }
    }
    expect(app.take()).toEqual(["BYE"]);
  });

  it.each([200, 408])("a %i to a refresh that comes after the call makes no second BYE", (status) => {
    const rig = new Rig();
    const app = rig.app("cdr:stop");
    const { dialogId } = calling(rig, app, "Session-Expires: 90");
    rig.clock.advance(45_000);
    app.order("sip", `||${dialogId}`, "BYE sip:placeholder SIP/2.0");
    rig.answer(rig.peer(3), "BYE", 200, null);
    app.frames.length = 0;
    if (status === 200) rig.answer(rig.peer(3), "INVITE", 200, null, "Session-Expires: 90");
    rig.clock.advance(200_000);
    const sent = rig.peer(3).take();
    expect(sent.filter((what) => what !== "INVITE")).toEqual(status === 200 ? ["BYE", "ACK"] : ["BYE"]);
    expect(app.frames).toEqual([]);
    expect(rig.leftovers()).toEqual({});
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
