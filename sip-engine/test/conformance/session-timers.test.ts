import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { until } from "../support/engine.js";
import { verdict, WITH_SDP } from "../support/frame-client.js";
import type { AppMessage, FrameClient } from "../support/frame-client.js";
import type { Peer } from "../support/peer.js";
import type { Call } from "../support/world.js";
import { calledBy, calling, fromPeer, hangUp, nextOf, World } from "../support/world.js";

let world: World;
/** An engine that agrees to sessions of two seconds. */
let hasty: World;

beforeAll(async () => {
  [world, hasty] = [await World.start(), await World.start("--min-se", "2")];
});
afterEach(() => Promise.all([world.clear(), hasty.clear()]));
afterAll(() => Promise.all([world.stop(), hasty.stop()]));

const offer = (...headers: string[]): AppMessage => ({
  headers: [...headers, ...WITH_SDP.headers!],
  body: WITH_SDP.body!,
});

/** Waits until the timers of all transactions have run out and no session timer is among what is left. */
const noTimerLeft = (where: World): Promise<void> => until(() => where.engine.counts()["timers"] === 0, "a timer runs");

/** A call in which the app's own 200 sets the timer: shorter than any caller may ask for. */
const timed = (phone: Peer, app: FrameClient, sessionExpires: string): Promise<Call> =>
  calledBy(phone, app, { headers: ["Supported: timer"] }, offer(`Session-Expires: ${sessionExpires}`));

describe("session timers (RFC 4028)", () => {
  it("C19 we refresh at half the interval with the last SDP; the app sees nothing of it", async () => {
    const [app, phone] = [await hasty.app("invite"), await hasty.peer()];
    const call = await timed(phone, app, "2;refresher=uas");
    for (let i = 0; i < 2; i++) {
      const refresh = await phone.next("INVITE");
      expect(refresh.body).toBe(call.answer.body);
      expect(refresh.header("Session-Expires")).toBe("2;refresher=uac");
      expect(refresh.header("Min-SE")).toBe("2");
      expect(refresh.header("Contact")).toBe(call.answer.header("Contact"));
      expect([refresh.tag("From"), refresh.tag("To")]).toEqual([call.engineTag, call.peerTag]);
      phone.respond(refresh, "200 OK", offer("Session-Expires: 2;refresher=uac"));
      expect((await phone.next("ACK")).cseq).toBe(refresh.cseq);
    }
    await app.fence();
    expect(app.inbox.open).toEqual([]);
    await hangUp(call);
  });

  it("C19 of our own call: the 200 says when, and a refresher it does not name is us", async () => {
    const [app, phone] = [await hasty.app(), await hasty.peer()];
    const call = await calling(app, phone, WITH_SDP, { headers: ["Session-Expires: 2"] });
    const refresh = await phone.next("INVITE");
    expect([refresh.cseq, refresh.body]).toEqual([call.invite.cseq + 1, call.invite.body]);
    // RFC 4028 7.2: an answer without Session-Expires ends the timer.
    phone.respond(refresh, "200 OK", WITH_SDP);
    await phone.next("ACK");
    await noTimerLeft(hasty);
    expect(phone.inbox.open).toEqual([]);
    await hangUp(call);
  });

  it("C19 a peer that is to refresh and does not: BYE, an unsolicited BYE to the app, the dialog gone", async () => {
    const [app, phone] = [await hasty.app("invite"), await hasty.peer()];
    const call = await timed(phone, app, "2;refresher=uac");
    const bye = await phone.next("BYE");
    expect(bye.header("Reason")).toBe('SIP;cause=200;text="Session timer expired"');
    phone.respond(bye, "200 OK");
    const { tokens } = await app.next("BYE");
    expect(tokens.slice(1, 3)).toEqual(["sip", "application"]);
    expect(tokens.slice(8)).toEqual(["unsolicited", call.dialogId, ""]);
    expect(verdict(await app.inDialog(call.dialogId, "INFO"))).toMatch(/unable to find dialog/);
  });

  it("C19 a refresh of the peer's that asks for less than 90 s gets 422 with Min-SE, and the app hears nothing", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const call = await calledBy(phone, app);
    for (const [n, method] of ["UPDATE", "INVITE"].entries()) {
      const request = fromPeer(call, method, 2 + n, { headers: ["Session-Expires: 89"] });
      const refusal = await phone.next(`422 ${method}`);
      expect(refusal.header("Min-SE")).toBe("90");
      if (method === "INVITE") phone.ackRefusal(request, refusal);
    }
    await app.fence();
    expect(app.inbox.open).toEqual([]);
    await hangUp(call);
  });

  it("C19 the 200 says what the caller asked for, no less than 90 s; nothing when it names no refresher", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    for (const [asked, answered] of [
      ["Session-Expires: 1800;refresher=uac", ["1800;refresher=uac"]],
      ["x: 30;refresher=uas", ["90;refresher=uas"]],
      ["Session-Expires: 1800", []],
      ["Subject: none", []],
    ] as const) {
      const call = await calledBy(phone, app, { headers: [asked] });
      expect(call.answer.all("Session-Expires")).toEqual(answered);
      await hangUp(call);
    }
  });

  it("C19 a refresh of the peer's that says nothing of a timer ends it", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const call = await timed(phone, app, "90;refresher=uac");
    const request = fromPeer(call, "UPDATE", 2);
    await app.respond((await nextOf(app, request)).tokens[8]!, "200 OK");
    await phone.next("200 UPDATE");
    await noTimerLeft(world);
    await hangUp(call);
  });

  it("C19 E7 a refresh that crosses the peer's re-INVITE gets 491 and is sent again; refused or unanswered it ends the call", async () => {
    const [app, phone] = [await hasty.app("invite"), await hasty.peer()];
    const call = await timed(phone, app, "8;refresher=uas");
    phone.respond(await phone.next("INVITE"), "491 Request Pending");
    await phone.next("ACK");
    const again = await phone.next("INVITE");
    phone.respond(again, "500 Server Internal Error");
    await phone.next("ACK");
    phone.respond(await phone.next("BYE"), "200 OK");
    expect((await app.next("BYE")).tokens.slice(8, 10)).toEqual(["unsolicited", call.dialogId]);
  });
});
