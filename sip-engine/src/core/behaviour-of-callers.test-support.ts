import { headerValue } from "../sip/message.js";
import { FakeFlow, tagOf } from "./engine.test-support.js";
import type { Rig } from "./engine.test-support.js";
import { answered, calling, incoming, inDialog, ringing, SDP } from "./calls.test-support.js";
import type { Case, CoreChoice } from "./behaviour.test-support.js";

/** A subscription of the app's; `notify` is what the notifier sends. */
function subscribed(rig: Rig): {
  app: ReturnType<typeof calling>["app"];
  peer: FakeFlow;
  notify: (cseq: number, state: string) => void;
} {
  const app = rig.app();
  const peer = rig.peer(3);
  app.order("sip", "||", "SUBSCRIBE sip:bob@10.0.0.3 SIP/2.0", "Event: presence");
  const [callId, toTag] = [headerValue(peer.last(), "call-id")!, tagOf(peer.last(), "from")];
  const notify = (cseq: number, state: string): void => {
    const headers = ["Contact: <sip:bob@10.0.0.3>", `Subscription-State: ${state}`];
    rig.request(peer, "NOTIFY", { callId, toTag, fromTag: "bt", cseq, headers });
  };
  return { app, peer, notify };
}

export const casesOfCallers = {
  strayRequest: {
    what: "REFER outside dialogs, unknown methods and stray PRACKs are answered or routed, or met with silence",
    play: (rig) => {
      const app = rig.app("refer", "dance");
      const peer = rig.peer(2);
      for (const method of ["REFER", "DANCE", "WALTZ"]) rig.request(peer, method, { callId: method });
      rig.request(peer, "PRACK", { toTag: "x" });
      return [app.take(), peer.take()];
    },
    rfc: [
      ["REFER", "DANCE"],
      ["501 WALTZ", "481 PRACK"],
    ],
    drachtioServer: [[], []],
  },
  repeatedInvite: {
    what: "an INVITE repeated while the app thinks gets its 100 again, or nothing",
    play: (rig) => {
      const { app, peer, id } = incoming(rig);
      rig.request(peer, "INVITE");
      app.respond(id, "180 Ringing");
      rig.request(peer, "INVITE");
      return peer.take();
    },
    rfc: ["100 INVITE", "180 INVITE", "180 INVITE"],
    drachtioServer: ["180 INVITE", "180 INVITE"],
  },
  lateCancel: {
    what: "CANCEL after the 200 is accepted without effect, or refused",
    play: (rig) => {
      const { app, peer, id } = incoming(rig);
      app.respond(id, "200 OK", SDP);
      rig.request(peer, "CANCEL", { branch: "INVITE1" });
      return [peer.take(), rig.counts()["dialogs"]];
    },
    rfc: [["200 INVITE", "200 CANCEL"], 1],
    drachtioServer: [["200 INVITE", "481 CANCEL"], 1],
  },
  quickCancel: {
    what: "the 487 to an INVITE cancelled at once is repeated, or sent once with another tag",
    play: (rig) => {
      const { app, peer, id } = incoming(rig);
      rig.request(peer, "CANCEL", { branch: "INVITE1" });
      const [cancelled, refused] = peer.sent;
      const sameTag = tagOf(cancelled!, "to") === tagOf(refused!, "to");
      rig.clock.advance(1500);
      return [sameTag, peer.take(), app.take(), app.respond(id, "200 OK").tokens[3]];
    },
    rfc: [true, ["200 CANCEL", "487 INVITE", "487 INVITE", "487 INVITE"], ["CANCEL"], "NOK"],
    drachtioServer: [false, ["200 CANCEL", "487 INVITE"], ["CANCEL"], "NOK"],
  },
  earlyDialogs: {
    what: "a tagged 1xx makes an early dialog, or only a reliable one does",
    play: (rig) => {
      const { app, peer, toTag } = ringing(rig);
      const dialogId = "call1;from-tag=peertag";
      const own = inDialog(app, dialogId, "INFO").tokens[3];
      rig.request(peer, "INFO", { toTag, cseq: 2 });
      rig.request(peer, "BYE", { toTag, cseq: 3 });
      return [own, peer.take(), app.take()];
    },
    rfc: ["OK", ["INFO", "200 BYE", "487 INFO", "487 INVITE"], ["INFO", "CANCEL"]],
    drachtioServer: ["NOK", ["503 INFO", "481 BYE"], []],
  },
  earlyUpdate: {
    what: "UPDATE before the answer has a transaction id of its own, or its INVITE's",
    play: (rig) => {
      const { app, peer, id, toTag } = ringing(rig);
      rig.request(peer, "UPDATE", { toTag, cseq: 2 });
      const shown = app.lastSip().tokens.slice(8, 10);
      rig.request(peer, "UPDATE", { toTag, cseq: 3 });
      const echo = app.respond(shown[0]!, "200 OK", "CSeq: 2 UPDATE");
      const first = peer.take();
      rig.request(peer, "UPDATE", { toTag, cseq: 4 });
      app.respond(id, "486 Busy Here", "CSeq: 1 INVITE");
      return [shown[0] === id, shown[1], echo.tokens[11], first, peer.take()];
    },
    rfc: [
      false,
      "call1;from-tag=peertag",
      "call1;from-tag=peertag",
      ["200 UPDATE"],
      ["486 INVITE", "500 UPDATE", "500 UPDATE"],
    ],
    drachtioServer: [true, "call1;from-tag=peertag", "", ["500 UPDATE", "200 UPDATE"], ["486 INVITE", "500 UPDATE"]],
  },
  openAtBye: {
    what: "a re-INVITE that a BYE leaves open gets 487, or 500",
    play: (rig) => {
      const { peer, toTag } = answered(rig);
      rig.request(peer, "INVITE", { toTag, cseq: 2 });
      rig.request(peer, "BYE", { toTag, cseq: 3 });
      return peer.take();
    },
    rfc: ["100 INVITE", "487 INVITE"],
    drachtioServer: ["100 INVITE", "500 INVITE"],
  },
  cseqOrder: {
    what: "an older CSeq is refused, or taken",
    play: (rig) => {
      const { app, peer, toTag } = answered(rig);
      rig.request(peer, "INFO", { toTag, cseq: 9 });
      rig.request(peer, "INFO", { toTag, cseq: 8 });
      return [peer.take(), app.take()];
    },
    rfc: [["500 INFO"], ["INFO"]],
    drachtioServer: [[], ["INFO", "INFO"]],
  },
  reinviteAnswer: {
    what: "the 200 to a re-INVITE is repeated and ends the call without ACK, or goes once; its ACK has a fresh id",
    play: (rig) => {
      const { app, peer, toTag } = answered(rig);
      rig.request(peer, "INVITE", { toTag, cseq: 2 });
      const id = app.lastSip().tokens[8]!;
      app.respond(id, "200 OK", SDP);
      rig.clock.advance(500);
      const sent = peer.take();
      rig.request(peer, "ACK", { toTag, cseq: 2, branch: "ack2" });
      const fresh = app.lastSip().tokens[8] !== id;
      rig.request(peer, "INVITE", { toTag, cseq: 3 });
      app.respond(app.lastSip().tokens[8]!, "200 OK", SDP);
      rig.clock.advance(33_000);
      return [sent, fresh, peer.take().includes("BYE")];
    },
    rfc: [["100 INVITE", "200 INVITE", "200 INVITE"], true, true],
    drachtioServer: [["100 INVITE", "200 INVITE"], true, false],
  },
  streamAnswer: {
    what: "the 200 over TCP is repeated, or only waited for",
    play: (rig) => {
      const app = rig.app("invite");
      const peer = new FakeFlow("tcp", { host: "10.0.0.2", port: 40_000 });
      rig.request(peer, "INVITE");
      app.respond(app.lastSip().tokens[8]!, "200 OK", SDP);
      rig.clock.advance(1500);
      const sent = peer.take();
      rig.clock.advance(31_000);
      return [sent.length, peer.take().at(-1)];
    },
    rfc: [4, "BYE"],
    drachtioServer: [2, "BYE"],
  },
  targetRefresh: {
    what: "a new Contact in the dialog is the new target, or means nothing",
    play: (rig) => {
      const { app, peer, toTag, dialogId } = answered(rig);
      rig.request(peer, "INVITE", { toTag, cseq: 2, headers: ["Contact: <sip:peer@10.0.0.2:5060;line=2>"] });
      app.respond(app.lastSip().tokens[8]!, "200 OK", SDP);
      const echo = inDialog(app, dialogId, "INVITE");
      rig.answer(peer, "INVITE", 200, null, "Contact: <sip:peer@10.0.0.2:5060;line=3>");
      inDialog(app, dialogId, "ACK");
      return [echo.message, peer.last()].map((one) => one?.kind === "request" && one.uri.split(";")[1]);
    },
    rfc: ["line=2", "line=3"],
    drachtioServer: [undefined, undefined],
  },
  lastNotify: {
    what: "the app answers the NOTIFY that ends a subscription, or finds it answered",
    play: (rig) => {
      const { app, peer, notify } = subscribed(rig);
      rig.answer(peer, "SUBSCRIBE", 202, "bt", "Contact: <sip:bob@10.0.0.3>");
      notify(1, "terminated");
      const dialogs = rig.counts()["dialogs"];
      const answer = app.respond(app.lastSip().tokens[8]!, "200 OK").tokens[3];
      return [dialogs, answer, peer.take(), rig.counts()["dialogs"]];
    },
    rfc: [1, "OK", ["SUBSCRIBE", "200 NOTIFY"], 0],
    drachtioServer: [0, "NOK", ["SUBSCRIBE", "500 NOTIFY"], 0],
  },
  earlyNotify: {
    what: "a NOTIFY ahead of the 202 makes the dialog, or is refused",
    play: (rig) => {
      const { app, peer, notify } = subscribed(rig);
      notify(1, "active");
      const { tokens } = app.lastSip();
      const answer = app.respond(tokens[8]!, "200 OK").tokens[3];
      return [tokens[9] !== "", answer, peer.take()];
    },
    rfc: [true, "OK", ["SUBSCRIBE", "200 NOTIFY"]],
    drachtioServer: [false, "NOK", ["SUBSCRIBE", "500 NOTIFY"]],
  },
  dialogAnswers: {
    what: "any 2xx to INVITE makes a dialog, or 200 alone",
    play: (rig) => {
      const { app, id } = incoming(rig);
      app.respond(id, "202 Accepted", SDP);
      const ours = rig.counts()["dialogs"];
      const call = calling(rig);
      rig.answer(call.peer, "INVITE", 202, "bt", "Contact: <sip:bob@10.0.0.3>");
      return [ours, inDialog(call.app, call.dialogId, "ACK").tokens[3]];
    },
    rfc: [1, "OK"],
    drachtioServer: [0, "NOK"],
  },
} satisfies Partial<Record<CoreChoice, Case>>;
