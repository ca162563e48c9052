import { describe, expect, it } from "@jest/globals";
import { headerValue } from "../sip/message.js";
import { Rig, tagOf } from "./engine.test-support.js";

const ANSWER = ["Contact: <sip:bob@10.0.0.3:5060>"];

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
