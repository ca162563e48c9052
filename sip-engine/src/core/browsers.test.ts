import { describe, expect, it } from "@jest/globals";
import { headerValue } from "../sip/message.js";
import { FakeFlow, Rig, tagOf } from "./engine.test-support.js";
import type { FakeApp } from "./engine.test-support.js";

describe("browsers (RFC 7118)", () => {
  const REGISTRATION = { headers: ["Contact: <sip:abc@xyz.invalid;transport=ws>;expires=600"] };

  function registered(rig: Rig, app: FakeApp, n = 50): FakeFlow {
    const flow = new FakeFlow("ws", { host: "127.0.0.1", port: 40_000 + n });
    rig.request(flow, "REGISTER", { ...REGISTRATION, callId: `reg${n}` });
    app.respond(app.lastSip().tokens[8]!, "200 OK", "Contact: <sip:abc@xyz.invalid;transport=ws>;expires=600");
    app.frames.length = 0;
    flow.sent.length = 0;
    return flow;
  }

  it("are told as tcp and reached through the connection they registered on", () => {
    const rig = new Rig();
    const app = rig.app("register");
    const flow = new FakeFlow("ws", { host: "127.0.0.1", port: 40_001 });
    rig.request(flow, "REGISTER", REGISTRATION);
    expect(app.lastSip().tokens[4]).toBe("tcp");
    app.respond(app.lastSip().tokens[8]!, "200 OK", "Expires: 600");
    for (const method of ["INVITE", "NOTIFY", "MESSAGE", "OPTIONS"]) {
      app.order("sip", "||", `${method} sip:abc@XYZ.invalid;transport=ws SIP/2.0`);
    }
    expect(flow.take()).toEqual(["200 REGISTER", "INVITE", "NOTIFY", "MESSAGE", "OPTIONS"]);
  });

  it("get Via and Contact of the listening address", () => {
    const rig = new Rig();
    const app = rig.app("register");
    const flow = registered(rig, app);
    app.order("sip", "||", "INVITE sip:abc@xyz.invalid SIP/2.0");
    expect(headerValue(flow.last(), "via")).toMatch(/^SIP\/2\.0\/WS 10\.0\.0\.1:8061;branch=/);
    expect(headerValue(flow.last(), "contact")).toBe("<sip:10.0.0.1:8061;transport=ws>");
  });

  it("that are gone: 410 at once for new requests, for waiting ones, and in their dialogs", () => {
    const rig = new Rig();
    const app = rig.app("register", "invite");
    const flow = registered(rig, app);
    rig.request(flow, "INVITE", REGISTRATION);
    app.respond(app.lastSip().tokens[8]!, "200 OK");
    const dialogId = "call1;from-tag=peertag";
    app.order("sip", "||", "INVITE sip:abc@xyz.invalid SIP/2.0");
    app.take();
    flow.closed = true;
    rig.engine.flowClosed(flow);
    expect(app.take()).toEqual(["410 INVITE"]);
    app.order("sip", "||", "INVITE sip:abc@xyz.invalid SIP/2.0");
    expect(app.take()).toEqual(["410 INVITE"]);
    app.order("sip", `||${dialogId}`, "BYE sip:placeholder SIP/2.0");
    expect(app.take()).toEqual(["410 BYE"]);
    expect(rig.counts()).toMatchObject({ dialogs: 0 });
  });

  it("that vanish while calling: the app's answer is declined, nothing is left", () => {
    const rig = new Rig();
    const app = rig.app("invite");
    const flow = new FakeFlow("ws", { host: "127.0.0.1", port: 40_002 });
    rig.request(flow, "INVITE", REGISTRATION);
    flow.closed = true;
    rig.engine.flowClosed(flow);
    const answer = app.respond(app.lastSip().tokens[8]!, "200 OK");
    expect(answer.tokens.slice(3)).toEqual(["NOK", "transport for response has been shutdown or closed"]);
    expect(rig.leftovers()).toEqual({});
  });

  it("that come back on a new connection take their dialogs with them", () => {
    const rig = new Rig();
    const app = rig.app("register", "invite");
    const flow = registered(rig, app);
    rig.request(flow, "INVITE", REGISTRATION);
    app.respond(app.lastSip().tokens[8]!, "200 OK");
    flow.closed = true;
    rig.engine.flowClosed(flow);
    const back = registered(rig, app, 51);
    app.order("sip", "||call1;from-tag=peertag", "INFO sip:placeholder SIP/2.0");
    expect(back.take()).toEqual(["INFO"]);
  });

  it("get their ACK again where they are now, when they repeat a 200 from a new connection (RFC 3261 13.2.2.4)", () => {
    const rig = new Rig();
    const app = rig.app("register");
    const flow = registered(rig, app);
    app.order("sip", "||", "INVITE sip:abc@xyz.invalid;transport=ws SIP/2.0");
    const invite = flow.last();
    rig.answer(flow, "INVITE", 200, "bt", "Contact: <sip:abc@xyz.invalid;transport=ws>");
    app.order("sip", `||${app.lastSip().tokens[9]}`, "ACK sip:placeholder SIP/2.0");
    expect(flow.take()).toEqual(["INVITE", "ACK"]);
    flow.closed = true;
    rig.engine.flowClosed(flow);
    const back = registered(rig, app, 51);
    rig.answerTo(back, invite, 200, "bt", "Contact: <sip:abc@xyz.invalid;transport=ws>");
    expect(back.take()).toEqual(["ACK"]);
  });

  it("that unregister or expire are forgotten", () => {
    const rig = new Rig();
    const app = rig.app("register");
    const flow = registered(rig, app);
    rig.clock.advance(600_000);
    app.order("sip", "||", "OPTIONS sip:abc@xyz.invalid;transport=ws SIP/2.0");
    expect(flow.take()).toEqual([]);
    expect(app.take()).toEqual(["410 OPTIONS"]);
  });
});

describe("phones over TCP", () => {
  const REGISTRATION = { headers: ["Contact: <sip:200@10.0.0.7:5060;transport=tcp>;expires=600"] };

  function registered(rig: Rig, app: FakeApp): FakeFlow {
    const flow = new FakeFlow("tcp", { host: "10.0.0.7", port: 40_000 });
    rig.request(flow, "REGISTER", REGISTRATION);
    app.respond(app.lastSip().tokens[8]!, "200 OK", "Expires: 600");
    flow.take();
    return flow;
  }

  it("are reached through the connection they registered on, and a new one when that has closed", () => {
    const rig = new Rig();
    const app = rig.app("register");
    const flow = registered(rig, app);
    app.order("sip", "||", "OPTIONS sip:200@10.0.0.7:5060;transport=tcp SIP/2.0");
    expect(flow.take()).toEqual(["OPTIONS"]);
    flow.closed = true;
    rig.engine.flowClosed(flow);
    app.order("sip", "||", "INVITE sip:200@10.0.0.7:5060;transport=tcp SIP/2.0");
    expect(rig.peer(7, "tcp").take()).toEqual(["INVITE"]);
  });

  const TCP = "sip:200@10.0.0.7:5060;transport=tcp";
  const OTHER = "Contact: <sip:200@10.0.0.8:5060;transport=tcp>;expires=3000";

  it.each([
    ["one the 200 does not list is not", TCP, [`Contact: <${TCP}>;expires=600`], [OTHER], []],
    ["Expires: 0 forgets it though others remain", TCP, [`Contact: <${TCP}>`, "Expires: 0"], [OTHER], []],
    ["by its own entry it is", TCP, [`Contact: <${TCP}>`], [OTHER, `Contact: <${TCP}>;expires=60`], ["OPTIONS"]],
    [
      "one with a password in its URI is another's",
      TCP,
      [`Contact: <${TCP.replace("@", ":x@")}>`],
      [`Contact: <${TCP.replace("@", ":x@")}>;expires=600`],
      [],
    ],
  ])("are reached by the connection registered: %s", (_what, target, asked, granted, reached) => {
    const rig = new Rig();
    const app = rig.app("register");
    const flow = new FakeFlow("tcp", { host: "10.0.0.9", port: 40_009 });
    rig.request(flow, "REGISTER", { headers: asked });
    app.respond(app.lastSip().tokens[8]!, "200 OK", ...granted);
    flow.take();
    app.order("sip", "||", `OPTIONS ${target} SIP/2.0`);
    expect(flow.take()).toEqual(reached);
  });

  it.each(["0", "600"])(
    "are not cut off, or taken over, by another's SUBSCRIBE in a dialog (Expires: %s)",
    (expires) => {
      const rig = new Rig();
      const app = rig.app("register", "subscribe");
      const flow = registered(rig, app);
      const other = new FakeFlow("tcp", { host: "10.0.0.9", port: 40_009 });
      const contact = "Contact: <sip:other@10.0.0.9;transport=tcp>";
      rig.request(other, "SUBSCRIBE", { callId: "sub", headers: [contact, "Event: dialog", "Expires: 600"] });
      const granted = app.respond(app.lastSip().tokens[8]!, "202 Accepted", "Expires: 600");
      const toTag = tagOf(granted.message!, "to");
      const victim = "Contact: <sip:200@10.0.0.7:5060;transport=tcp>";
      const headers = [victim, "Event: dialog", `Expires: ${expires}`];
      rig.request(other, "SUBSCRIBE", { callId: "sub", toTag, cseq: 2, headers });
      app.respond(app.lastSip().tokens[8]!, "202 Accepted", `Expires: ${expires}`);
      other.take();
      app.order("sip", "||", "OPTIONS sip:200@10.0.0.7:5060;transport=tcp SIP/2.0");
      expect([flow.take(), other.take()]).toEqual([["OPTIONS"], []]);
    },
  );

  it("two of one user on one host do not get each other's calls", () => {
    const rig = new Rig();
    const app = rig.app("register");
    const flow = registered(rig, app);
    app.order("sip", "||", "INVITE sip:200@10.0.0.7:5070;transport=tcp SIP/2.0");
    expect(flow.take()).toEqual([]);
    expect(rig.transports.flow("tcp", "10.0.0.7", 5070).take()).toEqual(["INVITE"]);
  });
});
