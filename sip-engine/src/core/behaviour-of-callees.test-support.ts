import { headerValue } from "../sip/message.js";
import { FakeFlow, tagOf } from "./engine.test-support.js";
import { calling, connected, forget, inDialog } from "./calls.test-support.js";
import type { Case, CoreChoice } from "./behaviour.test-support.js";

const CALLEE = "Contact: <sip:bob@10.0.0.3:5060>";

export const casesOfCallees = {
  firstRepeat: {
    what: "a request is repeated at 0.5, 1.5, 3.5 … s, or at 1, 3, 7 … s",
    play: (rig) => {
      const app = rig.app();
      app.order("sip", "||", "INVITE sip:bob@10.0.0.3 SIP/2.0");
      app.order("sip", "||", "OPTIONS sip:bob@10.0.0.4 SIP/2.0");
      return [900, 100, 2000, 4000, 4000, 4000].map((ms) => {
        rig.clock.advance(ms);
        return rig.peer(3).take().length + rig.peer(4).take().length;
      });
    },
    rfc: [4, 0, 2, 2, 2, 1],
    drachtioServer: [2, 2, 2, 2, 1, 2],
  },
  provisionalInDialog: {
    what: "a 1xx in the dialog is followed by the final response, or by nothing",
    play: (rig) => {
      const { app, peer, dialogId } = connected(rig);
      inDialog(app, dialogId, "INFO");
      rig.answer(peer, "INFO", 100, null);
      rig.answer(peer, "INFO", 183, null);
      rig.answer(peer, "INFO", 200, null);
      return app.take();
    },
    rfc: ["183 INFO", "200 INFO"],
    drachtioServer: ["183 INFO"],
  },
  reinviteAck: {
    what: "the ACK of a re-INVITE has its number, or the latest used",
    play: (rig) => {
      const { app, peer, dialogId, cseq } = connected(rig);
      inDialog(app, dialogId, "INVITE");
      inDialog(app, dialogId, "INFO");
      rig.answer(peer, "INVITE", 200, null, CALLEE);
      inDialog(app, dialogId, "ACK");
      return Number.parseInt(headerValue(peer.last(), "cseq")!, 10) - cseq;
    },
    rfc: 1,
    drachtioServer: 2,
  },
  ackCredentials: {
    what: "the ACK repeats the credentials of its INVITE, or has none",
    play: (rig) => {
      const { app, peer, dialogId } = calling(rig, "Authorization: Digest x");
      rig.answer(peer, "INVITE", 200, "bt", CALLEE);
      inDialog(app, dialogId, "ACK");
      return headerValue(peer.last(), "authorization");
    },
    rfc: "Digest x",
    drachtioServer: undefined,
  },
  secondFork: {
    what: "a second callee who answers is hung up on, or gets the first one's ACK",
    play: (rig) => {
      const { app, peer, dialogId } = calling(rig);
      rig.answer(peer, "INVITE", 200, "first", CALLEE);
      inDialog(app, dialogId, "ACK");
      app.take();
      rig.answer(peer, "INVITE", 200, "second", "Contact: <sip:carol@10.0.0.3:5060>");
      const ack = peer.sent.filter((one) => one.kind === "request" && one.method === "ACK").at(-1)!;
      return [tagOf(ack, "to"), peer.take(), app.take()];
    },
    rfc: ["second", ["INVITE", "ACK", "ACK", "BYE"], []],
    drachtioServer: ["first", ["INVITE", "ACK", "ACK"], []],
  },
  unansweredCancel: {
    what: "a CANCEL without a final response ends in 487, or in nothing",
    play: (rig) => {
      const { app, peer, id } = calling(rig);
      rig.answer(peer, "INVITE", 180, "bt");
      app.order("sip", `|${id}|`, "CANCEL sip:bob@10.0.0.3 SIP/2.0");
      rig.clock.advance(32_000);
      return [app.take(), rig.leftovers()];
    },
    rfc: [["180 INVITE", "487 INVITE"], {}],
    drachtioServer: [["180 INVITE"], {}],
  },
  reinviteCancel: {
    what: "an app may cancel its re-INVITE, or only end the call",
    play: (rig) => {
      const { app, peer, dialogId } = connected(rig);
      const echo = inDialog(app, dialogId, "INVITE");
      rig.answer(peer, "INVITE", 100, null);
      const answer = app.order("sip", `|${echo.tokens[10]}|`, "CANCEL sip:bob@10.0.0.3 SIP/2.0").tokens[3];
      inDialog(app, dialogId, "BYE");
      return [answer, peer.take()];
    },
    rfc: ["OK", ["INVITE", "CANCEL", "BYE"]],
    drachtioServer: ["NOK", ["INVITE", "CANCEL", "BYE"]],
  },
  appCallId: {
    what: "an app's Call-ID is ignored in dialogs, or written",
    play: (rig) => {
      const { app, peer, dialogId } = connected(rig);
      inDialog(app, dialogId, "INFO", "Call-ID: other");
      return headerValue(peer.last(), "call-id") === "other";
    },
    rfc: false,
    drachtioServer: true,
  },
  closedInDialog: {
    what: "the closed WebSocket of a dialog is 410, or 503",
    play: (rig) => {
      const app = rig.app("invite");
      const browser = new FakeFlow("ws", { host: "127.0.0.1", port: 40_001 });
      rig.request(browser, "INVITE", { headers: ["Contact: <sip:abc@xyz.invalid;transport=ws>"] });
      app.respond(app.lastSip().tokens[8]!, "200 OK");
      forget(app, browser);
      browser.closed = true;
      rig.engine.flowClosed(browser);
      inDialog(app, "call1;from-tag=peertag", "BYE");
      return app.take();
    },
    rfc: ["410 BYE"],
    drachtioServer: ["503 BYE"],
  },
  ringingLimitMs: {
    what: "a callee rings as long as the app lets it, or 185 s",
    play: (rig) => {
      const { app, peer } = calling(rig);
      rig.answer(peer, "INVITE", 180, "bt");
      app.take();
      rig.clock.advance(185_000);
      return [
        app.take(),
        peer
          .take()
          .filter((line) => line !== "INVITE")
          .slice(0, 1),
      ];
    },
    rfc: [[], []],
    drachtioServer: [["408 INVITE"], ["CANCEL"]],
  },
  updateContact: {
    what: "UPDATE has a Contact, or only when the app gives one",
    play: (rig) => {
      const { app, peer, dialogId } = connected(rig);
      inDialog(app, dialogId, "UPDATE");
      const update = headerValue(peer.last(), "contact");
      inDialog(app, dialogId, "INVITE");
      return [update, headerValue(peer.last(), "contact")];
    },
    rfc: ["<sip:10.0.0.1:5060>", "<sip:10.0.0.1:5060>"],
    drachtioServer: [undefined, "<sip:10.0.0.1:5060>"],
  },
} satisfies Partial<Record<CoreChoice, Case>>;
