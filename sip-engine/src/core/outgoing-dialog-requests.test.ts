import { describe, expect, it } from "@jest/globals";
import { headerValue, listValues } from "../sip/message.js";
import { calling, connected } from "./calls.test-support.js";
import { Rig, tagOf } from "./engine.test-support.js";

const ANSWER = ["Contact: <sip:bob@10.0.0.3:5060>"];

describe("requests in a dialog", () => {
  it("carry the dialog's identity whatever the app writes, and count up", () => {
    const rig = new Rig();
    const { app, peer, dialogId, cseq } = connected(rig);
    app.order(
      "sip",
      `||${dialogId}`,
      "NOTIFY sip:placeholder SIP/2.0",
      "Call-ID: evil",
      "CSeq: 1 X",
      "Event: refer",
      "To: <sip:evil>",
    );
    const notify = peer.last();
    expect(notify).toMatchObject({ method: "NOTIFY", uri: "sip:bob@10.0.0.3:5060" });
    expect(headerValue(notify, "cseq")).toBe(`${cseq + 1} NOTIFY`);
    expect(headerValue(notify, "to")).toBe("<sip:bob@10.0.0.3>;tag=bt");
    expect(headerValue(notify, "call-id")).not.toBe("evil");
    app.order("sip", `||${dialogId}`, "REFER sip:placeholder SIP/2.0", "Refer-To: <sip:c@d?Replaces=x%3Bto-tag%3Dy>");
    expect(headerValue(peer.last(), "cseq")).toBe(`${cseq + 2} REFER`);
    expect(headerValue(peer.last(), "refer-to")).toBe("<sip:c@d?Replaces=x%3Bto-tag%3Dy>");
    expect(headerValue(peer.last(), "contact")).toBe("<sip:10.0.0.1:5060>");
    rig.answer(peer, "REFER", 100, null);
    rig.answer(peer, "REFER", 202, null);
    expect(app.lastSip().tokens[9]).toBe(dialogId);
  });

  it("a provisional response does not swallow the final one", () => {
    const rig = new Rig();
    const { app, dialogId } = connected(rig);
    app.order("sip", `||${dialogId}`, "INVITE sip:placeholder SIP/2.0");
    app.take();
    rig.answer(rig.peer(3), "INVITE", 180, null);
    rig.answer(rig.peer(3), "INVITE", 200, null, ...ANSWER);
    expect(app.take()).toEqual(["180 INVITE", "200 INVITE"]);
  });

  it("the ACK of a re-INVITE has the re-INVITE's number, whatever was sent in between", () => {
    const rig = new Rig();
    const { app, peer, dialogId, cseq } = connected(rig);
    app.order("sip", `||${dialogId}`, "INVITE sip:placeholder SIP/2.0");
    app.order("sip", `||${dialogId}`, "INFO sip:placeholder SIP/2.0");
    rig.answer(peer, "INVITE", 200, null, ...ANSWER);
    app.order("sip", `||${dialogId}`, "ACK sip:placeholder SIP/2.0");
    expect(headerValue(peer.last(), "cseq")).toBe(`${cseq + 1} ACK`);
  });

  it("491 to our re-INVITE comes back and the dialog lives on; a new target is followed", () => {
    const rig = new Rig();
    const { app, dialogId } = connected(rig);
    app.order("sip", `||${dialogId}`, "INVITE sip:placeholder SIP/2.0");
    rig.answer(rig.peer(3), "INVITE", 491, null);
    expect(app.take()).toEqual(["491 INVITE"]);
    app.order("sip", `||${dialogId}`, "INVITE sip:placeholder SIP/2.0");
    rig.answer(rig.peer(3), "INVITE", 200, null, "Contact: <sip:bob@10.0.0.4>");
    app.order("sip", `||${dialogId}`, "ACK sip:placeholder SIP/2.0");
    expect(rig.peer(4).last()).toMatchObject({ method: "ACK", uri: "sip:bob@10.0.0.4" });
  });

  it("BYE while our re-INVITE is unanswered cancels it first", () => {
    const rig = new Rig();
    const { app, dialogId } = connected(rig);
    app.order("sip", `||${dialogId}`, "INVITE sip:placeholder SIP/2.0");
    rig.answer(rig.peer(3), "INVITE", 100, null);
    app.order("sip", `||${dialogId}`, "BYE sip:placeholder SIP/2.0");
    expect(rig.peer(3).take()).toEqual(["INVITE", "CANCEL", "BYE"]);
  });

  it("a challenged BYE keeps the dialog, an answered one ends it; BYEs that cross are both answered", () => {
    const rig = new Rig();
    const { app, peer, dialogId } = connected(rig);
    app.order("sip", `||${dialogId}`, "BYE sip:placeholder SIP/2.0");
    rig.answer(peer, "BYE", 407, null, 'Proxy-Authenticate: Digest realm="r", nonce="n"');
    expect(rig.counts()).toMatchObject({ dialogs: 1 });
    app.order("sip", `||${dialogId}`, "BYE sip:placeholder SIP/2.0", "Proxy-Authorization: Digest x");
    const bye = peer.last();
    rig.request(peer, "BYE", {
      callId: headerValue(bye, "call-id")!,
      fromTag: "bt",
      toTag: tagOf(bye, "from"),
      cseq: 1,
    });
    app.respond(app.lastSip().tokens[8]!, "200 OK");
    rig.answer(peer, "BYE", 481, null);
    expect(app.take()).toEqual(["407 BYE", "BYE", "481 BYE"]);
    rig.clock.advance(40_000);
    expect(rig.leftovers()).toEqual({});
  });

  it("follow loose and strict routes", () => {
    const rig = new Rig({ natDetection: false });
    const { app } = calling(rig);
    const routes = ["Record-Route: <sip:10.0.0.9;lr>, <sip:10.0.0.8;lr>"];
    rig.answer(rig.peer(3), "INVITE", 200, "bt", ...ANSWER, ...routes);
    app.order("sip", `||${app.lastSip().tokens[9]}`, "ACK sip:placeholder SIP/2.0");
    const ack = rig.peer(8).last();
    expect(ack).toMatchObject({ method: "ACK", uri: "sip:bob@10.0.0.3:5060" });
    expect(listValues(ack, "route")).toEqual(["<sip:10.0.0.8;lr>", "<sip:10.0.0.9;lr>"]);
  });

  it("reach a NATed UDP peer where its answers come from, unless told not to", () => {
    for (const [natDetection, expected] of [
      [true, 3],
      [false, 77],
    ] as const) {
      const rig = new Rig({ natDetection });
      const { app } = calling(rig);
      rig.answer(rig.peer(3), "INVITE", 200, "bt", "Contact: <sip:bob@10.0.0.77:5060>");
      app.order("sip", `||${app.lastSip().tokens[9]}`, "ACK sip:placeholder SIP/2.0");
      expect(rig.peer(expected).last()).toMatchObject({ method: "ACK", uri: "sip:bob@10.0.0.77:5060" });
    }
  });

  it("UPDATE and PRACK work in the early dialog; repeated reliable responses are filtered", () => {
    const rig = new Rig();
    const { app, peer } = calling(rig, "Supported: 100rel");
    const reliable = (rseq: number): void => {
      rig.answer(peer, "INVITE", 180, "bt", ...ANSWER, "Require: 100rel", `RSeq: ${rseq}`);
    };
    reliable(1);
    reliable(1);
    reliable(3);
    reliable(2);
    expect(app.take()).toEqual(["180 INVITE", "180 INVITE"]);
    const dialogId = `${headerValue(peer.last(), "call-id")};from-tag=${tagOf(peer.last(), "from")}`;
    expect(app.order("sip", `||${dialogId}`, "PRACK sip:placeholder SIP/2.0", "RAck: 1 1 INVITE").tokens[3]).toBe("OK");
    expect(peer.last()).toMatchObject({ method: "PRACK", uri: "sip:bob@10.0.0.3:5060" });
  });
});
