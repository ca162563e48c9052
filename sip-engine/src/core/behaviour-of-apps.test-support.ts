import { headerValue } from "../sip/message.js";
import { FakeFlow, tagOf } from "./engine.test-support.js";
import type { FakeApp, Rig } from "./engine.test-support.js";
import { answered, calling, incoming, leave, SDP } from "./calls.test-support.js";
import type { Case, CoreChoice } from "./behaviour.test-support.js";

const PHONE = "sip:200@10.0.0.7:5060;transport=tcp";

/** A phone that has registered over TCP. */
function registered(rig: Rig, ...granted: string[]): { app: FakeApp; phone: FakeFlow } {
  const app = rig.app("register");
  const phone = new FakeFlow("tcp", { host: "10.0.0.7", port: 40_000 });
  rig.request(phone, "REGISTER", { headers: [`Contact: <${PHONE}>;expires=600`] });
  app.respond(app.lastSip().tokens[8]!, "200 OK", ...granted);
  phone.take();
  return { app, phone };
}

/** What the app does to routes, and how many of four calls it gets while another app listens. */
function turns(rig: Rig, ...orders: [string, string][]): number {
  const app = rig.app("invite", "options");
  rig.app("invite");
  for (const [type, verb] of orders) app.order(type, `|${verb}`);
  app.take();
  for (let i = 0; i < 6; i++) rig.request(rig.peer(2), "INVITE", { callId: `c${i}`, branch: `b${i}` });
  return app.take().length;
}

export const casesOfApps = {
  routeRemoval: {
    what: "remove_route of one verb leaves the others, or none",
    play: (rig) => turns(rig, ["remove_route", "options"]),
    rfc: 3,
    drachtioServer: 0,
  },
  repeatedRoute: {
    what: "a verb asked for twice is one turn in the round, or two",
    play: (rig) => turns(rig, ["route", "invite"]),
    rfc: 3,
    drachtioServer: 4,
  },
  textLimits: {
    what: "long headers and start lines go whole, or cut off",
    play: (rig) => {
      const app = rig.app();
      app.order("sip", "||", `OPTIONS sip:bob@10.0.0.3 SIP/2.0`, `X-Long: ${"x".repeat(9000)}`, "X-Last: 1");
      const sent = rig.peer(3).last();
      return [headerValue(sent, "x-long")!.length > 8400, headerValue(sent, "x-last")];
    },
    rfc: [true, "1"],
    drachtioServer: [false, undefined],
  },
  lostApp: {
    what: "the app's connection is gone: its open requests are ended, or left as they are",
    options: { orphanedCalls: "end" },
    play: (rig) => {
      const { app, peer } = incoming(rig);
      app.order("sip", "||", "INVITE sip:bob@10.0.0.3 SIP/2.0");
      leave(rig, app);
      rig.answer(rig.peer(3), "INVITE", 200, "bt", "Contact: <sip:bob@10.0.0.3>");
      return [peer.take(), rig.peer(3).take()];
    },
    rfc: [["503 INVITE"], ["INVITE", "ACK", "BYE"]],
    drachtioServer: [[], ["INVITE"]],
  },
  unanswered: {
    what: "what the app never answers is refused, or forgotten after 64 s",
    play: (rig) => {
      rig.app("invite", "options");
      const peer = rig.peer(2);
      rig.request(peer, "INVITE");
      rig.request(peer, "OPTIONS", { callId: "c2" });
      rig.clock.advance(32_000);
      const early = peer.take();
      rig.clock.advance(32_000);
      return [early, peer.take(), rig.counts()["serverRequests"]];
    },
    rfc: [["100 INVITE", "500 OPTIONS"], ["480 INVITE"], 0],
    drachtioServer: [["100 INVITE"], [], 0],
  },
  secondFinal: {
    what: "a second final response is declined, or answered OK with the first",
    play: (rig) => {
      const { app, peer, id } = incoming(rig);
      app.respond(id, "200 OK", SDP);
      const { tokens, message } = app.respond(id, "486 Busy Here");
      return [tokens[3], tokens[11], message?.kind === "response" && message.status, peer.take()];
    },
    rfc: ["NOK", undefined, false, ["200 INVITE"]],
    drachtioServer: ["OK", "", 200, ["200 INVITE"]],
  },
  heldEcho: {
    what: "the echo of a 200 that waits for a PRACK shows it, or the response it waits behind",
    play: (rig) => {
      const { app, id } = incoming(rig, ["Contact: <sip:peer@10.0.0.2:5060>", "Supported: 100rel"]);
      app.order("sip", `|${id}|`, "SIP/2.0 183 Session Progress", "Require: 100rel", "", "v=0");
      const { message } = app.respond(id, "200 OK", SDP);
      return message?.kind === "response" && message.status;
    },
    rfc: 200,
    drachtioServer: 183,
  },
  answerTo: {
    what: "the To of a response is the request's, or what the app wrote",
    play: (rig) => {
      const { app, peer, id } = incoming(rig);
      app.respond(id, "180 Ringing", "To: <sip:else@x.example>");
      return headerValue(peer.last(), "to")!.replace(tagOf(peer.last(), "to"), "T");
    },
    rfc: "<sip:service@10.0.0.1>;tag=T",
    drachtioServer: "<sip:else@x.example>;tag=T",
  },
  telTarget: {
    what: "a tel URI without route is declined, or costs the app its connection",
    play: (rig) => {
      const app = rig.app();
      try {
        return app.order("sip", "||", "INVITE tel:+4712345678 SIP/2.0").tokens[3];
      } catch {
        return app.connected;
      }
    },
    rfc: "NOK",
    drachtioServer: false,
  },
  flowKey: {
    what: "a registered connection is found by the whole Contact, or by user and host",
    play: (rig) => {
      const { app, phone } = registered(rig, "Expires: 600");
      app.order("sip", "||", "INVITE sip:200@10.0.0.7:5070;transport=tcp SIP/2.0");
      return phone.take();
    },
    rfc: [],
    drachtioServer: ["INVITE"],
  },
  flowMethods: {
    what: "all requests take the registered connection, or some methods only",
    play: (rig) => {
      const { app, phone } = registered(rig, "Expires: 600");
      for (const method of ["INFO", "SUBSCRIBE", "MESSAGE"]) app.order("sip", "||", `${method} ${PHONE} SIP/2.0`);
      return phone.take();
    },
    rfc: ["INFO", "SUBSCRIBE", "MESSAGE"],
    drachtioServer: ["MESSAGE"],
  },
  closedFlow: {
    what: "a registered connection that has closed is opened anew, or means 410",
    play: (rig) => {
      const { app, phone } = registered(rig, "Expires: 600");
      phone.closed = true;
      rig.engine.flowClosed(phone);
      app.take();
      app.order("sip", "||", `INVITE ${PHONE} SIP/2.0`);
      return [rig.peer(7, "tcp").take(), app.take()];
    },
    rfc: [["INVITE"], []],
    drachtioServer: [[], ["410 INVITE"]],
  },
  grantedExpiry: {
    what: "a registration lasts as long as its own Contact in the 200 says, or the first",
    play: (rig) => {
      const { app, phone } = registered(
        rig,
        "Contact: <sip:200@10.0.0.9>;expires=3000",
        `Contact: <${PHONE}>;expires=60`,
      );
      rig.clock.advance(61_000);
      app.order("sip", "||", `OPTIONS ${PHONE} SIP/2.0`);
      return phone.take();
    },
    rfc: [],
    drachtioServer: ["OPTIONS"],
  },
  untoldExpiry: {
    what: "a 200 to REGISTER without expiry grants what was asked, or nothing",
    play: (rig) => {
      const { app, phone } = registered(rig);
      app.order("sip", "||", `INVITE ${PHONE} SIP/2.0`);
      return phone.take();
    },
    rfc: ["INVITE"],
    drachtioServer: [],
  },
  timerRequired: {
    what: "who is to refresh the session is told so by Require, or not",
    play: (rig) => {
      const headers = ["Contact: <sip:p@10.0.0.2>", "Supported: timer", "Session-Expires: 90;refresher=uac"];
      const { app, peer, id } = incoming(rig, headers);
      app.respond(id, "200 OK", SDP);
      return headerValue(peer.last(), "require");
    },
    rfc: "timer",
    drachtioServer: undefined,
  },
  sessionExpiry: {
    what: "a silent peer loses the call ahead of time, or on time",
    play: (rig) => {
      const { app, peer, id } = incoming(rig, ["Contact: <sip:p@10.0.0.2>", "Session-Expires: 90;refresher=uac"]);
      app.respond(id, "200 OK", SDP);
      rig.request(peer, "ACK", { toTag: tagOf(peer.last(), "to"), branch: "a" });
      peer.take();
      rig.clock.advance(61_000);
      const early = peer.take().slice(0, 1);
      rig.clock.advance(29_500);
      return [early, peer.take().slice(0, 1)];
    },
    rfc: [["BYE"], ["BYE"]],
    drachtioServer: [[], ["BYE"]],
  },
  finalTimeout: {
    what: "a proxied target is given up after finalTimeout, or never",
    play: (rig) => proxied(rig, "|2s", (peer) => rig.answer(peer, "INVITE", 180, "x"), 2000),
    rfc: ["100 INVITE", "180 INVITE", "408 INVITE"],
    drachtioServer: ["100 INVITE", "180 INVITE"],
  },
  proxyRepeats: {
    what: "a proxied request is repeated over UDP only, or over TCP as well",
    play: (rig) => {
      const app = rig.app("message");
      rig.request(rig.peer(2), "MESSAGE");
      app.order("proxy", `|${app.lastSip().tokens[8]}|||||||sip:10.0.0.3;transport=tcp`, "MESSAGE sip:x SIP/2.0");
      rig.clock.advance(3200);
      return new Set([rig.peer(3, "tcp").take().length > 1]);
    },
    rfc: new Set([false]),
    drachtioServer: new Set([true]),
  },
  targetUnavailable: {
    what: "a target's 503 goes upstream as 500, or as it is",
    play: (rig) => proxied(rig, "|", (peer) => rig.answer(peer, "INVITE", 503, "x"), 0),
    rfc: ["100 INVITE", "500 INVITE"],
    drachtioServer: ["100 INVITE", "503 INVITE"],
  },
  noContact: {
    what: "a callee that gives no Contact is hung up on after the ACK, or kept",
    play: (rig) => {
      const { app, peer, dialogId } = calling(rig);
      rig.answer(peer, "INVITE", 200, "bt");
      app.order("sip", `||${dialogId}`, "ACK sip:placeholder SIP/2.0");
      return peer.take();
    },
    rfc: ["INVITE", "ACK", "BYE"],
    drachtioServer: ["INVITE", "ACK"],
  },
  viaTransport: {
    what: "a Via that names another transport does not matter, or has the request dropped",
    play: (rig) => {
      rig.receive(
        rig.peer(2),
        "OPTIONS sip:x@10.0.0.1 SIP/2.0",
        "Via: SIP/2.0/TCP 10.0.0.2:5060;branch=z9hG4bKv",
        "From: <sip:p@x>;tag=1",
        "To: <sip:x@10.0.0.1>",
        "Call-ID: via",
        "CSeq: 1 OPTIONS",
      );
      return rig.peer(2).take();
    },
    rfc: ["503 OPTIONS"],
    drachtioServer: [],
  },
  dialogPath: {
    what: "a peer that writes from elsewhere is answered there, or where it was",
    play: (rig) => {
      const { app, peer, toTag, dialogId } = answered(rig);
      const elsewhere = rig.transports.flow("udp", "10.0.0.2", 6000);
      const parts = { toTag, cseq: 2, headers: ["Contact: <sip:peer@10.0.0.2:5060>"] };
      rig.request(elsewhere, "INVITE", parts);
      app.respond(app.lastSip().tokens[8]!, "491 Request Pending");
      elsewhere.take();
      app.order("sip", `||${dialogId}`, "INFO sip:placeholder SIP/2.0");
      return [peer.take(), elsewhere.take()];
    },
    rfc: [[], ["INFO"]],
    drachtioServer: [["INFO"], []],
  },
} satisfies Partial<Record<CoreChoice, Case>>;

/** A call proxied to peer 3; what peer 2, who calls, has got in the end. */
function proxied(rig: Rig, timeouts: string, answer: (peer: FakeFlow) => void, wait: number): string[] {
  const app = rig.app("invite");
  rig.request(rig.peer(2), "INVITE");
  const order = `|${app.lastSip().tokens[8]}||||serial|${timeouts}|sip:10.0.0.3`;
  app.order("proxy", order, "INVITE sip:x SIP/2.0");
  answer(rig.peer(3));
  rig.clock.advance(wait);
  return rig.peer(2).take();
}
