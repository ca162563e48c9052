import { describe, expect, it } from "@jest/globals";
import { connected, calling, leave } from "./calls.test-support.js";
import { Rig, startLine } from "./engine.test-support.js";

const ANSWER = ["Contact: <sip:bob@10.0.0.3:5060>"];

describe("an app that goes away", () => {
  it("leaves its calls as they are", () => {
    const rig = new Rig();
    const { app } = connected(rig);
    app.order("sip", "||", "INVITE sip:bob@10.0.0.3 SIP/2.0");
    leave(rig, app);
    rig.answer(rig.peer(3), "INVITE", 180, "late");
    expect(rig.peer(3).take()).toEqual(["INVITE"]);
    expect(rig.counts()).toMatchObject({ dialogs: 2 });
  });

  it("answered afterwards: ACK and BYE", () => {
    const rig = new Rig();
    const { app } = calling(rig);
    leave(rig, app);
    rig.answer(rig.peer(3), "INVITE", 200, "late", ...ANSWER);
    expect(rig.peer(3).sent.map(startLine)).toEqual(["INVITE", "ACK", "BYE"]);
    rig.answer(rig.peer(3), "BYE", 200, null);
    rig.clock.advance(40_000);
    expect(rig.leftovers()).toEqual({});
  });

  it("takes its calls along when so configured: BYE to the answered, CANCEL to the ringing", () => {
    const rig = new Rig({ orphanedCalls: "end" });
    const { app } = connected(rig);
    app.order("sip", "||", "INVITE sip:carol@10.0.0.4 SIP/2.0");
    rig.answer(rig.peer(4), "INVITE", 180, "ringing");
    leave(rig, app);
    expect(rig.peer(3).take()).toEqual(["BYE"]);
    expect(rig.peer(4).take()).toEqual(["INVITE", "CANCEL"]);
  });
});
