import { headerValue } from "../sip/message.js";
import { tagOf } from "./engine.test-support.js";
import type { FakeApp, FakeFlow, Frame, Rig } from "./engine.test-support.js";

export const SDP = "Content-Type: application/sdp";
const CONTACT = "Contact: <sip:app@localhost>";

/** A call from a peer that the app has seen and not answered. */
export function incoming(rig: Rig, headers?: readonly string[]): { app: FakeApp; peer: FakeFlow; id: string } {
  const app = rig.app("invite");
  const peer = rig.peer(2);
  rig.request(peer, "INVITE", headers === undefined ? {} : { headers });
  const id = app.lastSip().tokens[8]!;
  forget(app, peer);
  return { app, peer, id };
}

/** A call from a peer that rings. */
export function ringing(rig: Rig, ...headers: string[]): ReturnType<typeof incoming> & { toTag: string } {
  const call = incoming(rig, ["Contact: <sip:peer@10.0.0.2:5060>", "Supported: 100rel"]);
  const echo = call.app.respond(call.id, "180 Ringing", ...headers);
  forget(call.app, call.peer);
  return { ...call, toTag: tagOf(echo.message!, "to") };
}

/** A call from a peer, answered and acknowledged. */
export function answered(rig: Rig): ReturnType<typeof incoming> & { toTag: string; dialogId: string } {
  const call = incoming(rig);
  const echo = call.app.respond(call.id, "200 OK", CONTACT, SDP);
  const toTag = tagOf(echo.message!, "to");
  rig.request(call.peer, "ACK", { toTag, branch: "ack1" });
  forget(call.app, call.peer);
  return { ...call, toTag, dialogId: echo.tokens[11]! };
}

/** A call of the app's that is under way. */
export function calling(
  rig: Rig,
  ...headers: string[]
): { app: FakeApp; peer: FakeFlow; id: string; dialogId: string } {
  const app = rig.app();
  const peer = rig.peer(3);
  const echo = app.order("sip", "||", "INVITE sip:bob@10.0.0.3 SIP/2.0", ...headers);
  const dialogId = `${headerValue(echo.message!, "call-id")};from-tag=${tagOf(echo.message!, "from")}`;
  app.frames.length = 0;
  return { app, peer, id: echo.tokens[10]!, dialogId };
}

/** A call of the app's, answered and acknowledged. */
export function connected(rig: Rig, ...headers: string[]): ReturnType<typeof calling> & { cseq: number } {
  const call = calling(rig, ...headers);
  rig.answer(call.peer, "INVITE", 200, "bt", "Contact: <sip:bob@10.0.0.3:5060>");
  inDialog(call.app, call.dialogId, "ACK");
  const cseq = Number.parseInt(headerValue(call.peer.last(), "cseq")!, 10);
  forget(call.app, call.peer);
  return { ...call, cseq };
}

/** An order of the app's in a dialog. */
export function inDialog(app: FakeApp, dialogId: string, method: string, ...headers: string[]): Frame {
  return app.order("sip", `||${dialogId}`, `${method} sip:placeholder SIP/2.0`, ...headers);
}

export function forget(app: FakeApp, peer: FakeFlow): void {
  app.frames.length = 0;
  peer.sent.length = 0;
}

/** The app's connection breaks. */
export function leave(rig: Rig, app: FakeApp): void {
  app.connected = false;
  rig.engine.appGone(app);
}
