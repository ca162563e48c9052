import { describe, expect, it } from "@jest/globals";
import { headerValue } from "../sip/message.js";
import { calling, connected } from "./calls.test-support.js";
import { Rig } from "./engine.test-support.js";

const ANSWER = ["Contact: <sip:bob@10.0.0.3:5060>"];

describe("CANCEL by the app", () => {
  it("waits for the first provisional response (RFC 3261 9.1)", () => {
    const rig = new Rig();
    const { app, peer, id } = calling(rig);
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
    const { app, peer, id, dialogId } = calling(rig);
    rig.answer(peer, "INVITE", 180, "bt");
    app.order("sip", `|${id}|`, "CANCEL sip:bob@10.0.0.3 SIP/2.0");
    rig.answer(peer, "INVITE", 200, "bt", ...ANSWER);
    expect(app.take()).toEqual(["180 INVITE", "200 INVITE"]);
    app.order("sip", `||${dialogId}`, "ACK sip:placeholder SIP/2.0");
    expect(peer.take()).toEqual(["INVITE", "CANCEL", "ACK", "BYE"]);
    expect(app.lastSip().tokens.slice(8, 10)).toEqual(["unsolicited", dialogId]);
    expect(rig.counts()).toMatchObject({ dialogs: 0 });
  });

  it("of a re-INVITE that crosses its 200 leaves the call as it is", () => {
    const rig = new Rig();
    const { app, peer, dialogId } = connected(rig);
    const id = app.order("sip", `||${dialogId}`, "INVITE sip:placeholder SIP/2.0").tokens[10]!;
    rig.answer(peer, "INVITE", 100, null);
    expect(app.order("sip", `|${id}|`, "CANCEL sip:placeholder SIP/2.0").tokens[3]).toBe("OK");
    rig.answer(peer, "INVITE", 200, null, ...ANSWER);
    app.take();
    app.order("sip", `||${dialogId}`, "ACK sip:placeholder SIP/2.0");
    expect(peer.take().slice(-3)).toEqual(["INVITE", "CANCEL", "ACK"]);
    expect(app.take()).toEqual([]);
    expect(rig.counts()).toMatchObject({ dialogs: 1 });
  });

  it("that nobody answers ends in 487 after 64·T1", () => {
    const rig = new Rig();
    const { app, peer, id } = calling(rig);
    rig.answer(peer, "INVITE", 180, "bt");
    app.order("sip", `|${id}|`, "CANCEL sip:bob@10.0.0.3 SIP/2.0");
    rig.clock.advance(32_000);
    expect(app.take()).toEqual(["180 INVITE", "487 INVITE"]);
    expect(rig.leftovers()).toEqual({});
  });
});
