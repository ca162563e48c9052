import { describe, expect, it } from "@jest/globals";
import { answered, inDialog, SDP } from "./calls.test-support.js";
import { Rig, tagOf } from "./engine.test-support.js";

const OK = ["Contact: <sip:app@localhost>;isfocus", SDP];

describe("requests from the network inside a dialog", () => {
  it("a re-INVITE comes with a new transaction id and the dialog id, its 200 is repeated and its ACK delivered", () => {
    const rig = new Rig();
    const { app, peer, toTag, id, dialogId } = answered(rig);
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
    const { app, peer, toTag } = answered(rig);
    rig.request(peer, "INVITE", { toTag, cseq: 2 });
    app.respond(app.lastSip().tokens[8]!, "491 Request Pending");
    expect(peer.take()).toEqual(["100 INVITE", "491 INVITE"]);
    expect(rig.counts()).toMatchObject({ dialogs: 1 });
  });

  it("BYE ends the dialog at once, goes to the app, and leaves nothing", () => {
    const rig = new Rig();
    const { app, peer, toTag, dialogId } = answered(rig);
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
    const { peer, toTag } = answered(rig);
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

  it("a request that is open when the dialog ends gets 500, and the app's answer comes too late", () => {
    const rig = new Rig();
    const { app, peer, toTag, dialogId } = answered(rig);
    rig.request(peer, "INFO", { toTag, cseq: 2 });
    const id = app.lastSip().tokens[8]!;
    inDialog(app, dialogId, "BYE");
    rig.answer(peer, "BYE", 200, null);
    expect(peer.take()).toEqual(["BYE", "500 INFO"]);
    expect(app.respond(id, "200 OK").tokens[3]).toBe("NOK");
    rig.clock.advance(40_000);
    expect(rig.leftovers()).toEqual({});
  });

  it("a provisional answer keeps no request but an INVITE open: its caller has given up after 64·T1", () => {
    const rig = new Rig();
    const { app, peer, toTag } = answered(rig);
    rig.request(peer, "INFO", { toTag, cseq: 2 });
    app.respond(app.lastSip().tokens[8]!, "183 Session Progress");
    rig.clock.advance(32_000);
    expect(peer.take()).toEqual(["183 INFO", "500 INFO"]);
    expect(rig.counts()).toMatchObject({ serverRequests: 0 });
  });

  it("an older CSeq in the dialog is refused with 500", () => {
    const rig = new Rig();
    const { peer, toTag } = answered(rig);
    rig.request(peer, "INFO", { toTag, cseq: 9 });
    rig.request(peer, "INFO", { toTag, cseq: 8 });
    expect(peer.take()).toEqual(["500 INFO"]);
  });
});
