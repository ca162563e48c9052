import { describe, expect, it } from "@jest/globals";
import { headerValue, listValues } from "../sip/message.js";
import { Rig, startLine, tagOf } from "./engine.test-support.js";
import type { FakeApp, Frame } from "./engine.test-support.js";

const TO_PEER = "INVITE sip:bob@10.0.0.3 SIP/2.0";
const ANSWER = ["Contact: <sip:bob@10.0.0.3:5060>"];

function invite(app: FakeApp, ...headers: string[]): { id: string; echo: Frame } {
  const echo = app.order("sip", "||", TO_PEER, "from: sip:app@localhost", ...headers);
  return { id: echo.tokens[10]!, echo };
}

/** A call to peer 3 that is answered and acknowledged. */
function established(rig: Rig, app: FakeApp): { dialogId: string; cseq: number } {
  invite(app);
  const peer = rig.peer(3);
  rig.answer(peer, "INVITE", 200, "bt", ...ANSWER);
  const dialogId = app.lastSip().tokens[9]!;
  app.order("sip", `||${dialogId}`, "ACK sip:placeholder SIP/2.0");
  const cseq = Number.parseInt(headerValue(peer.last(), "cseq") ?? "", 10);
  app.frames.length = 0;
  peer.sent.length = 0;
  return { dialogId, cseq };
}

describe("requests of apps", () => {
  it("are echoed as sent before anything comes back", () => {
    const rig = new Rig();
    const app = rig.app();
    const { id, echo } = invite(app, "X-Call: 1", "contact: <sip:focus@localhost>;isfocus", "Route: <sip:evil>");
    expect(echo.tokens.slice(3, 5)).toEqual(["OK", "application"]);
    expect(echo.tokens.slice(10)).toEqual([id, "Msg sent:", ""]);
    const sent = rig.peer(3).last();
    expect(echo.message).toEqual({ ...sent });
    expect(headerValue(sent, "via")).toMatch(/^SIP\/2\.0\/UDP 10\.0\.0\.1;rport;branch=z9hG4bK/);
    expect(headerValue(sent, "from")).toMatch(/^<sip:app@10\.0\.0\.1:5060>;tag=/);
    expect(headerValue(sent, "to")).toBe("<sip:bob@10.0.0.3>");
    expect(headerValue(sent, "contact")).toBe("<sip:focus@10.0.0.1:5060>;isfocus");
    expect(headerValue(sent, "route")).toBeUndefined();
    expect(headerValue(sent, "x-call")).toBe("1");
    expect(headerValue(sent, "max-forwards")).toBe("70");
  });

  it("take URI headers along, Replaces among them", () => {
    const rig = new Rig();
    rig.app().order("sip", "||", "INVITE sip:bob@10.0.0.3?Replaces=a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2 SIP/2.0");
    const sent = rig.peer(3).last();
    expect(sent).toMatchObject({ uri: "sip:bob@10.0.0.3" });
    expect(headerValue(sent, "replaces")).toBe("a@b;to-tag=1;from-tag=2");
  });

  it("keep Call-ID, From tag and CSeq of a digest retry, and its dialog id", () => {
    const rig = new Rig();
    const app = rig.app();
    const { echo } = invite(app);
    rig.answer(rig.peer(3), "INVITE", 401, "x", 'WWW-Authenticate: Digest realm="r", nonce="n"');
    const challenge = app.lastSip();
    expect(challenge.tokens.slice(4, 7)).toEqual(["udp", "10.0.0.3", "5060"]);
    const first = echo.message!;
    const again = app.order(
      "sip",
      "|||sip:10.0.0.3:5060",
      TO_PEER,
      `CSeq: ${Number.parseInt(headerValue(first, "cseq")!, 10) + 1} INVITE`,
      `call-id: ${headerValue(first, "call-id")}`,
      `From: ${headerValue(first, "from")}`,
      "Authorization: Digest x",
    );
    expect(headerValue(again.message!, "from")).toBe(headerValue(first, "from"));
    rig.answer(rig.peer(3), "INVITE", 200, "bt", ...ANSWER);
    expect(app.lastSip().tokens[9]).toBe(challenge.tokens[9]);
    app.order("sip", `||${challenge.tokens[9]}`, "ACK sip:placeholder SIP/2.0");
    expect(headerValue(rig.peer(3).last(), "authorization")).toBe("Digest x");
  });

  it("100 stays with the engine; other responses arrive with transaction and dialog id", () => {
    const rig = new Rig();
    const app = rig.app();
    const { id } = invite(app);
    const peer = rig.peer(3);
    rig.answer(peer, "INVITE", 100, null);
    rig.answer(peer, "INVITE", 183, "bt", "Content-Type: application/sdp");
    rig.answer(peer, "INVITE", 200, "bt", ...ANSWER);
    rig.answer(peer, "INVITE", 200, "bt", ...ANSWER);
    const frames = app.frames.filter(({ tokens }) => tokens[1] === "sip");
    const dialogId = `${headerValue(peer.last(), "call-id")};from-tag=${tagOf(peer.last(), "from")}`;
    expect(frames.map(({ tokens }) => tokens.slice(8, 10))).toEqual([
      [id, dialogId],
      [id, dialogId],
    ]);
    expect(app.take()).toEqual(["183 INVITE", "200 INVITE"]);
  });

  it("a refusal is acknowledged by the engine, again when repeated, and the app's own ACK is declined", () => {
    const rig = new Rig();
    const app = rig.app();
    invite(app);
    const peer = rig.peer(3);
    rig.answer(peer, "INVITE", 486, "bt");
    const ack = peer.last();
    expect(ack).toMatchObject({ method: "ACK", uri: "sip:bob@10.0.0.3" });
    expect(tagOf(ack, "to")).toBe("bt");
    expect(headerValue(ack, "via")).toBe(headerValue(peer.sent[0]!, "via"));
    rig.answer(peer, "INVITE", 486, "bt");
    expect(peer.take()).toEqual(["INVITE", "ACK", "ACK"]);
    const answer = app.order("sip", `||${app.lastSip().tokens[9]}`, "ACK sip:placeholder SIP/2.0");
    expect(answer.tokens[4]).toContain("ACK for non-success final response");
    rig.clock.advance(40_000);
    expect(rig.leftovers()).toEqual({});
  });

  it("the app's ACK goes to the remote target and is repeated for a repeated 200", () => {
    const rig = new Rig();
    const app = rig.app();
    invite(app);
    const peer = rig.peer(3);
    rig.answer(peer, "INVITE", 200, "bt", "Contact: <sip:bob@10.0.0.3:5060;line=1>");
    peer.take();
    const dialogId = app.lastSip().tokens[9]!;
    const echo = app.order(
      "sip",
      `||${dialogId}`,
      "ACK sip:placeholder SIP/2.0",
      "Content-Type: application/sdp",
      "",
      "v=0",
    );
    expect(echo.tokens[3]).toBe("OK");
    expect(peer.last()).toMatchObject({ method: "ACK", uri: "sip:bob@10.0.0.3:5060;line=1" });
    expect(peer.last().body).toContain("v=0");
    app.frames.length = 0;
    rig.answer(peer, "INVITE", 200, "bt", ...ANSWER);
    expect(peer.take()).toEqual(["ACK", "ACK"]);
    expect(app.take()).toEqual([]);
  });

  it("a second fork that answers is acknowledged and hung up on", () => {
    const rig = new Rig();
    const app = rig.app();
    invite(app);
    const peer = rig.peer(3);
    rig.answer(peer, "INVITE", 200, "first", ...ANSWER);
    rig.answer(peer, "INVITE", 200, "second", "Contact: <sip:carol@10.0.0.3:5060>");
    expect(peer.take()).toEqual(["INVITE", "ACK", "BYE"]);
    expect(app.take()).toEqual(["200 INVITE"]);
    expect(rig.counts()).toMatchObject({ dialogs: 1 });
  });

  it("without an answer: repeated at 0.5, 1.5, 3.5 … s, then 408 after 32 s", () => {
    const rig = new Rig();
    const app = rig.app();
    const { id } = invite(app);
    const peer = rig.peer(3);
    rig.clock.advance(31_999);
    expect(peer.take()).toHaveLength(7);
    rig.clock.advance(1);
    const { tokens, message } = app.lastSip();
    expect(tokens.slice(2, 7)).toEqual(["network", "0", "udp", "", "0"]);
    expect(tokens[8]).toBe(id);
    expect(message).toMatchObject({ status: 408 });
    expect(tagOf(message!, "to")).not.toBe("");
    expect(rig.leftovers()).toEqual({});
  });

  it("to a name nobody knows: echo without address, then 503 DNS Error", () => {
    const rig = new Rig();
    const app = rig.app();
    const echo = app.order("sip", "||", "OPTIONS sip:nowhere.example SIP/2.0");
    expect(echo.tokens[6]).toBe("unknown");
    expect(app.lastSip().message).toMatchObject({ status: 503, reason: "DNS Error" });
    expect(rig.leftovers()).toEqual({});
  });

  it("that cannot be sent are declined with a reason", () => {
    const app = new Rig().app();
    const cases: [string, string[], string][] = [
      ["INVITE sip:10.0.0.1:5060 SIP/2.0", [], "can not send request to myself"],
      ["INVITE sip:a@b:port SIP/2.0", [], "invalid request-uri: <sip:a@b:port>"],
      ["INVITE sip:bob@10.0.0.3;transport=sctp SIP/2.0", [], "requested protocol/transport not available"],
      ["INVITE tel:+4712345678 SIP/2.0", [], "requested protocol/transport not available"],
      ["INVITE sip:bob@10.0.0.3 SIP/2.0", ["From: <sip:broken"], "Error creating leg"],
      ["MESSAGE sip:bob@10.0.0.3 SIP/2.0", ["", "hello"], "missing content-type"],
    ];
    for (const [line, more, reason] of cases) {
      expect(app.order("sip", "||", line, ...more).tokens.slice(3)).toEqual(["NOK", reason]);
    }
    expect(app.order("sip", "||no;from-tag=x", "INFO sip:placeholder SIP/2.0").tokens[4]).toContain(
      "unable to find dialog",
    );
    expect(app.order("sip", "|no|", "CANCEL sip:x SIP/2.0").tokens[4]).toBe(
      "unable to cancel unknown transaction id: no",
    );
  });
});

describe("CANCEL by the app", () => {
  it("waits for the first provisional response (RFC 3261 9.1)", () => {
    const rig = new Rig();
    const app = rig.app();
    const { id } = invite(app);
    const peer = rig.peer(3);
    expect(app.order("sip", `|${id}|`, "CANCEL sip:bob@10.0.0.3 SIP/2.0", "Reason: Q.850").tokens[3]).toBe("OK");
    expect(app.order("sip", `|${id}|`, "CANCEL sip:bob@10.0.0.3 SIP/2.0").tokens[3]).toBe("NOK");
    expect(peer.take()).toEqual(["INVITE"]);
    rig.clock.advance(500);
    rig.answer(peer, "INVITE", 100, null);
    const cancel = peer.last();
    expect(cancel).toMatchObject({ method: "CANCEL", uri: "sip:bob@10.0.0.3" });
    expect(headerValue(cancel, "reason")).toBe("Q.850");
    expect(headerValue(cancel, "via")).toBe(headerValue(peer.sent[0]!, "via"));
    rig.answer(peer, "CANCEL", 200, "x");
    rig.answer(peer, "INVITE", 487, "x");
    expect(app.take()).toEqual(["487 INVITE"]);
    expect(peer.take().slice(-2)).toEqual(["CANCEL", "ACK"]);
    rig.clock.advance(40_000);
    expect(rig.leftovers()).toEqual({});
  });

  it("that crosses a 200: the app gets the 200, its ACK is followed by BYE and an unsolicited frame", () => {
    const rig = new Rig();
    const app = rig.app();
    const { id } = invite(app);
    const peer = rig.peer(3);
    rig.answer(peer, "INVITE", 180, "bt");
    app.order("sip", `|${id}|`, "CANCEL sip:bob@10.0.0.3 SIP/2.0");
    rig.answer(peer, "INVITE", 200, "bt", ...ANSWER);
    expect(app.take()).toEqual(["180 INVITE", "200 INVITE"]);
    const dialogId = `${headerValue(peer.last(), "call-id")};from-tag=${tagOf(peer.last(), "from")}`;
    app.order("sip", `||${dialogId}`, "ACK sip:placeholder SIP/2.0");
    expect(peer.take()).toEqual(["INVITE", "CANCEL", "ACK", "BYE"]);
    expect(app.lastSip().tokens.slice(8, 10)).toEqual(["unsolicited", dialogId]);
    expect(rig.counts()).toMatchObject({ dialogs: 0 });
  });

  it("that nobody answers ends in 487 after 64·T1", () => {
    const rig = new Rig();
    const app = rig.app();
    const { id } = invite(app);
    rig.answer(rig.peer(3), "INVITE", 180, "bt");
    app.order("sip", `|${id}|`, "CANCEL sip:bob@10.0.0.3 SIP/2.0");
    rig.clock.advance(32_000);
    expect(app.take()).toEqual(["180 INVITE", "487 INVITE"]);
    expect(rig.leftovers()).toEqual({});
  });
});

describe("an app that goes away", () => {
  const leave = (rig: Rig, app: FakeApp): void => {
    app.connected = false;
    rig.engine.appGone(app);
  };

  it("leaves its calls as they are", () => {
    const rig = new Rig();
    const app = rig.app();
    established(rig, app);
    invite(app);
    leave(rig, app);
    rig.answer(rig.peer(3), "INVITE", 180, "late");
    expect(rig.peer(3).take()).toEqual(["INVITE"]);
    expect(rig.counts()).toMatchObject({ dialogs: 2 });
  });

  it("answered afterwards: ACK and BYE", () => {
    const rig = new Rig();
    const app = rig.app();
    invite(app);
    leave(rig, app);
    rig.answer(rig.peer(3), "INVITE", 200, "late", ...ANSWER);
    expect(rig.peer(3).sent.map(startLine)).toEqual(["INVITE", "ACK", "BYE"]);
    rig.answer(rig.peer(3), "BYE", 200, null);
    rig.clock.advance(40_000);
    expect(rig.leftovers()).toEqual({});
  });

  it("takes its calls along when so configured: BYE to the answered, CANCEL to the ringing", () => {
    const rig = new Rig({ orphanedCalls: "end" });
    const app = rig.app();
    established(rig, app);
    app.order("sip", "||", "INVITE sip:carol@10.0.0.4 SIP/2.0");
    rig.answer(rig.peer(4), "INVITE", 180, "ringing");
    leave(rig, app);
    expect(rig.peer(3).take()).toEqual(["BYE"]);
    expect(rig.peer(4).take()).toEqual(["INVITE", "CANCEL"]);
  });
});

describe("requests in a dialog", () => {
  it("carry the dialog's identity whatever the app writes, and count up", () => {
    const rig = new Rig();
    const app = rig.app();
    const { dialogId, cseq } = established(rig, app);
    const peer = rig.peer(3);
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
    const app = rig.app();
    const { dialogId } = established(rig, app);
    app.order("sip", `||${dialogId}`, "INVITE sip:placeholder SIP/2.0");
    app.take();
    rig.answer(rig.peer(3), "INVITE", 180, null);
    rig.answer(rig.peer(3), "INVITE", 200, null, ...ANSWER);
    expect(app.take()).toEqual(["180 INVITE", "200 INVITE"]);
  });

  it("the ACK of a re-INVITE has the re-INVITE's number, whatever was sent in between", () => {
    const rig = new Rig();
    const app = rig.app();
    const { dialogId, cseq } = established(rig, app);
    const peer = rig.peer(3);
    app.order("sip", `||${dialogId}`, "INVITE sip:placeholder SIP/2.0");
    app.order("sip", `||${dialogId}`, "INFO sip:placeholder SIP/2.0");
    rig.answer(peer, "INVITE", 200, null, ...ANSWER);
    app.order("sip", `||${dialogId}`, "ACK sip:placeholder SIP/2.0");
    expect(headerValue(peer.last(), "cseq")).toBe(`${cseq + 1} ACK`);
  });

  it("491 to our re-INVITE comes back and the dialog lives on; a new target is followed", () => {
    const rig = new Rig();
    const app = rig.app();
    const { dialogId } = established(rig, app);
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
    const app = rig.app();
    const { dialogId } = established(rig, app);
    app.order("sip", `||${dialogId}`, "INVITE sip:placeholder SIP/2.0");
    rig.answer(rig.peer(3), "INVITE", 100, null);
    app.order("sip", `||${dialogId}`, "BYE sip:placeholder SIP/2.0");
    expect(rig.peer(3).take()).toEqual(["INVITE", "CANCEL", "BYE"]);
  });

  it("a challenged BYE keeps the dialog, an answered one ends it; BYEs that cross are both answered", () => {
    const rig = new Rig();
    const app = rig.app();
    const { dialogId } = established(rig, app);
    const peer = rig.peer(3);
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
    const app = rig.app();
    invite(app);
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
      const app = rig.app();
      invite(app);
      rig.answer(rig.peer(3), "INVITE", 200, "bt", "Contact: <sip:bob@10.0.0.77:5060>");
      app.order("sip", `||${app.lastSip().tokens[9]}`, "ACK sip:placeholder SIP/2.0");
      expect(rig.peer(expected).last()).toMatchObject({ method: "ACK", uri: "sip:bob@10.0.0.77:5060" });
    }
  });

  it("UPDATE and PRACK work in the early dialog; repeated reliable responses are filtered", () => {
    const rig = new Rig();
    const app = rig.app();
    invite(app, "Supported: 100rel");
    const peer = rig.peer(3);
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

describe("subscriptions", () => {
  it("of ours: NOTIFY may overtake the 202, and a terminated one ends the dialog once answered", () => {
    const rig = new Rig();
    const app = rig.app();
    app.order("sip", "||", "SUBSCRIBE sip:bob@10.0.0.3 SIP/2.0", "Event: presence");
    const peer = rig.peer(3);
    const subscribe = peer.last();
    const notify = (cseq: number, state: string): void => {
      rig.request(peer, "NOTIFY", {
        callId: headerValue(subscribe, "call-id")!,
        toTag: tagOf(subscribe, "from"),
        fromTag: "bt",
        cseq,
        headers: ["Contact: <sip:bob@10.0.0.3>", `Subscription-State: ${state}`],
      });
    };
    notify(1, "active");
    const dialogId = app.lastSip().tokens[9]!;
    app.respond(app.lastSip().tokens[8]!, "200 OK");
    rig.answer(peer, "SUBSCRIBE", 202, "bt", ...ANSWER);
    expect(app.lastSip().tokens[9]).toBe(dialogId);
    notify(2, "terminated");
    expect(rig.counts()).toMatchObject({ dialogs: 1 });
    app.respond(app.lastSip().tokens[8]!, "200 OK");
    expect(peer.take()).toEqual(["SUBSCRIBE", "200 NOTIFY", "200 NOTIFY"]);
    expect(rig.counts()).toMatchObject({ dialogs: 0 });
  });

  it("of ours: one that is granted when its app has gone is forgotten, and its NOTIFYs refused", () => {
    const rig = new Rig();
    const app = rig.app();
    app.order("sip", "||", "SUBSCRIBE sip:bob@10.0.0.3 SIP/2.0", "Event: presence");
    const peer = rig.peer(3);
    const [callId, toTag] = [headerValue(peer.last(), "call-id")!, tagOf(peer.last(), "from")];
    const notify = { callId, toTag, fromTag: "bt", headers: ["Contact: <sip:bob@10.0.0.3>"] };
    app.connected = false;
    rig.engine.appGone(app);
    rig.request(peer, "NOTIFY", { ...notify, cseq: 1 });
    rig.answer(peer, "SUBSCRIBE", 202, "bt", ...ANSWER);
    rig.request(peer, "NOTIFY", { ...notify, cseq: 2 });
    expect(peer.take()).toEqual(["SUBSCRIBE", "503 NOTIFY", "503 NOTIFY"]);
    rig.clock.advance(200_000);
    expect(rig.leftovers()).toEqual({});
  });
});
