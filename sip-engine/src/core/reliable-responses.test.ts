import { describe, expect, it } from "@jest/globals";
import { headerValue } from "../sip/message.js";
import { answered, SDP } from "./calls.test-support.js";
import { Rig, tagOf } from "./engine.test-support.js";

const OK = ["Contact: <sip:app@localhost>;isfocus", SDP];

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
    const { peer, toTag } = answered(rig);
    rig.request(peer, "PRACK", { toTag, cseq: 2, headers: ["RAck: 1 1 INVITE"] });
    expect(peer.take()).toEqual(["481 PRACK"]);
  });
});
