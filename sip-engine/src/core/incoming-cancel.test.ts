import { describe, expect, it } from "@jest/globals";
import { headerValue } from "../sip/message.js";
import { SDP } from "./calls.test-support.js";
import { Rig, tagOf } from "./engine.test-support.js";

const OK = ["Contact: <sip:app@localhost>;isfocus", SDP];

describe("CANCEL from the network", () => {
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
});
