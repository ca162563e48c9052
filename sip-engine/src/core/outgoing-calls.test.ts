import { describe, expect, it } from "@jest/globals";
import { headerValue } from "../sip/message.js";
import { Rig, tagOf } from "./engine.test-support.js";
import type { FakeApp, Frame } from "./engine.test-support.js";

const TO_PEER = "INVITE sip:bob@10.0.0.3 SIP/2.0";
const ANSWER = ["Contact: <sip:bob@10.0.0.3:5060>"];

function invite(app: FakeApp, ...headers: string[]): { id: string; echo: Frame } {
  const echo = app.order("sip", "||", TO_PEER, "from: sip:app@localhost", ...headers);
  return { id: echo.tokens[10]!, echo };
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
