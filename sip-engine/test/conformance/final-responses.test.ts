import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { until } from "../support/engine.js";
import { verdict, WITH_SDP } from "../support/frame-client.js";
import "../support/gaps.js";
import type { Peer } from "../support/peer.js";
import { calledBy, fromPeer, hangUp, nextOf, World } from "../support/world.js";

const [T1, T2] = [25, 200];
const BACK_OFF = [T1, 2 * T1, 4 * T1, T2, T2];
const UNKNOWN = "NOK|Response not sent due to unknown transaction";
let world: World;

beforeAll(async () => {
  world = await World.start("--t1", String(T1), "--t2", String(T2));
});
afterEach(() => world.clear());
afterAll(() => world.stop());

describe("a 200 to INVITE", () => {
  it("C6 E10 repeats a 200 at T1, 2·T1, 4·T1 … T2 until its ACK, which the app gets once, with the INVITE's transaction", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const invite = phone.request("INVITE");
    const { tokens } = await nextOf(app, invite);
    await app.respond(tokens[8]!, "200 OK", WITH_SDP);
    const answer = await phone.next("200 INVITE");
    await until(() => phone.times("200 INVITE").length >= 6, "the 200 is not repeated");
    expect(phone.times("200 INVITE")).toComeAfter(BACK_OFF);
    const call = {
      app,
      peer: phone,
      callId: invite.header("Call-ID"),
      peerTag: invite.tag("From"),
      engineTag: answer.tag("To"),
      dialogId: invite.dialogId,
      invite,
      answer,
      transactionId: tokens[8]!,
    };
    const ack = fromPeer(call, "ACK", 1, WITH_SDP);
    const frame = await app.next("ACK");
    const frames = app.inbox.all.map(({ item }) => item);
    expect(frames.findIndex(({ sip }) => sip.what === "200 INVITE")).toBeLessThan(frames.indexOf(frame));
    const [host, port] = phone.address.split(":");
    expect(frame.tokens.slice(1, 3)).toEqual(["sip", "network"]);
    expect(frame.tokens.slice(4, 7)).toEqual(["udp", host, port]);
    expect(frame.tokens.slice(8)).toEqual([tokens[8], invite.dialogId, ""]);
    expect(frame.sip.body).toBe(ack.body);
    const sent = phone.times("200 INVITE").length;
    for (let i = 0; i < 3; i++) fromPeer(call, "ACK", 1);
    await hangUp(call);
    expect(phone.times("200 INVITE").length).toBeLessThanOrEqual(sent + 1);
    expect(app.inbox.log.filter((what) => what === "ACK").length).toBeLessThanOrEqual(4);
  });

  it("C6 E10 keeps an INVITE that is repeated after the ACK from the app", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const call = await calledBy(phone, app);
    phone.transmit(call.invite.text);
    await phone.fence();
    await app.fence();
    expect(app.inbox.log.filter((what) => what === "INVITE")).toHaveLength(1);
    await hangUp(call);
  });

  it("C6 E10 ends the call with BYE after 64·T1 without ACK, on every transport, and tells the app by an unsolicited BYE", async () => {
    const app = await world.app("invite");
    const forgetful = async (phone: Peer): Promise<void> => {
      const invite = phone.request("INVITE");
      const { tokens } = await nextOf(app, invite);
      await app.respond(tokens[8]!, "200 OK", WITH_SDP);
      const bye = await phone.next("BYE");
      const sent = phone.times("200 INVITE");
      // RFC 3261 13.3.1.4: at 0, 1, 3, 7, 15, 23, 31, 39, 47, 55, 63 · T1. A busy machine loses some.
      expect(sent.length).toBeGreaterThanOrEqual(8);
      expect(sent.length).toBeLessThanOrEqual(11);
      expect(phone.times("BYE")[0]! - sent[0]!).toBeGreaterThan(60 * T1);
      expect(bye.header("Reason")).toMatch(/^SIP ?; ?cause=200 ?; ?text="ACK timeout"$/);
      expect([bye.tag("To"), bye.header("Call-ID")]).toEqual([invite.tag("From"), invite.header("Call-ID")]);
      const frame = await nextOf(app, bye);
      expect(frame.tokens.slice(1, 3)).toEqual(["sip", "application"]);
      const transport = phone.transport === "TCP" ? "tcp" : "udp";
      expect(frame.tokens.slice(4, 7)).toEqual([transport, "127.0.0.1", String(world.port(transport))]);
      expect(frame.tokens[7]).toMatch(/^\d\d:\d\d:\d\d\.\d{6}$/);
      expect(frame.tokens.slice(8)).toEqual(["unsolicited", invite.dialogId, ""]);
      expect(frame.sip.text).toBe(bye.text);
      phone.respond(bye, "481 Call Does Not Exist");
      expect(verdict(await app.inDialog(invite.dialogId, "INFO"))).toBe(
        "NOK|Server error: unable to find dialog for dialog id provided",
      );
    };
    await Promise.all([forgetful(await world.peer()), forgetful(await world.tcpPeer())]);
  });
});

describe("a refusal of INVITE", () => {
  it("C7 repeats a refusal at T1, 2·T1, 4·T1 … T2 until its ACK, of which the app sees nothing", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const invite = phone.request("INVITE");
    await app.respond((await nextOf(app, invite)).tokens[8]!, "403 Forbidden");
    const refusal = await phone.next("403 INVITE");
    await until(() => phone.times("403 INVITE").length >= 6, "the 403 is not repeated");
    expect(phone.times("403 INVITE")).toComeAfter(BACK_OFF);
    phone.ackRefusal(invite, refusal);
    await phone.fence();
    const sent = phone.times("403 INVITE").length;
    await app.fence();
    expect(app.inbox.open).toEqual([]);
    await world.engine.idle();
    expect(phone.times("403 INVITE")).toHaveLength(sent);
  });

  it("C7 gives up repeating after 64·T1", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    await app.respond((await nextOf(app, phone.request("INVITE"))).tokens[8]!, "603 Decline");
    await world.engine.idle();
    const sent = phone.times("603 INVITE");
    expect(sent.length).toBeGreaterThanOrEqual(8);
    expect(sent.length).toBeLessThanOrEqual(11);
    await app.fence();
    expect(app.inbox.open).toEqual([]);
  });

  it("C7 sends a refusal over TCP once", async () => {
    const [app, phone] = [await world.app("invite"), await world.tcpPeer()];
    const invite = phone.request("INVITE");
    await app.respond((await nextOf(app, invite)).tokens[8]!, "603 Decline");
    await phone.next("603 INVITE");
    await world.engine.idle();
    expect(phone.times("603 INVITE")).toHaveLength(1);
  });
});

describe("CANCEL from the network", () => {
  it("C8 E5 before any response: 200 and 487 with one To tag, a frame without dialog id, NOK to the app's answer", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const invite = phone.request("INVITE");
    const { tokens } = await nextOf(app, invite);
    phone.cancel(invite, 'Reason: SIP;cause=200;text="elsewhere"');
    const [ok, terminated] = [await phone.next("200 CANCEL"), await phone.next("487 INVITE")];
    expect(ok.tag("To")).toBe(terminated.tag("To"));
    const cancel = await app.next("CANCEL");
    expect(cancel.tokens.slice(1, 3)).toEqual(["sip", "network"]);
    expect(cancel.tokens.slice(8)).toEqual([tokens[8], "", ""]);
    expect(cancel.sip.header("Reason")).toBe('SIP;cause=200;text="elsewhere"');
    expect(verdict(await app.respond(tokens[8]!, "487 Request Terminated"))).toBe(UNKNOWN);
    expect(verdict(await app.respond(tokens[8]!, "200 OK", WITH_SDP))).toBe(UNKNOWN);
    await until(() => phone.times("487 INVITE").length >= 3, "the 487 is not repeated");
    phone.ackRefusal(invite, terminated);
  });

  it("C8 E4 E5 after 180: 200 and 487 with the tag of the 180, a frame with dialog id, NOK to the app's answer", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const invite = phone.request("INVITE");
    const { tokens } = await nextOf(app, invite);
    await app.respond(tokens[8]!, "180 Ringing");
    const ringing = await phone.next("180 INVITE");
    phone.cancel(invite);
    const [ok, terminated] = [await phone.next("200 CANCEL"), await phone.next("487 INVITE")];
    expect([ok.tag("To"), terminated.tag("To")]).toEqual([ringing.tag("To"), ringing.tag("To")]);
    expect((await app.next("CANCEL")).tokens.slice(8)).toEqual([tokens[8], invite.dialogId, ""]);
    expect(verdict(await app.respond(tokens[8]!, "200 OK", WITH_SDP))).toBe(UNKNOWN);
    await until(() => phone.times("487 INVITE").length >= 3, "the 487 is not repeated");
    phone.ackRefusal(invite, terminated);
    phone.cancel(invite);
    await phone.fence();
    expect(phone.inbox.log).not.toContain("200 INVITE");
  });

  it("C8 E5 after 200: the CANCEL gets 200 and changes nothing; the 200 goes on until its ACK", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const invite = phone.request("INVITE");
    const { tokens } = await nextOf(app, invite);
    await app.respond(tokens[8]!, "200 OK", WITH_SDP);
    const answer = await phone.next("200 INVITE");
    phone.cancel(invite);
    await phone.next("200 CANCEL");
    const before = phone.times("200 INVITE").length;
    await until(() => phone.times("200 INVITE").length > before, "the 200 is not repeated");
    await app.fence();
    expect(app.inbox.open).toEqual([]);
    const dialog = { callId: invite.header("Call-ID"), fromTag: invite.tag("From"), toTag: answer.tag("To") };
    phone.request("ACK", dialog);
    await app.next("ACK");
    expect(verdict(await app.inDialog(invite.dialogId, "BYE"))).toBe("OK");
    phone.respond(await phone.next("BYE"), "200 OK");
    await app.next("200 BYE");
  });

  it("C8 after a refusal: 200 to the CANCEL and nothing else", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const invite = phone.request("INVITE");
    await app.respond((await nextOf(app, invite)).tokens[8]!, "486 Busy Here");
    const refusal = await phone.next("486 INVITE");
    phone.cancel(invite);
    await phone.next("200 CANCEL");
    phone.ackRefusal(invite, refusal);
    await app.fence();
    expect(app.inbox.open).toEqual([]);
  });

  it("C8 gives 481 to a CANCEL that matches no INVITE", async () => {
    const phone = await world.peer();
    phone.cancel(phone.write("INVITE"));
    await phone.next("481 CANCEL");
  });
});
