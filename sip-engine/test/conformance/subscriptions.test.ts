import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { verdict, WITH_SDP } from "../support/frame-client.js";
import type { FrameClient } from "../support/frame-client.js";
import type { Peer } from "../support/peer.js";
import type { Sip } from "../support/sip.js";
import { calledBy, calling, fromPeer, hangUp, nextOf, World } from "../support/world.js";

const GONE = /^NOK\|.*unable to find dialog/;
let world: World;

beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.clear());
afterAll(() => world.stop());

/** A NOTIFY of the peer's to our SUBSCRIBE. */
const notify = (phone: Peer, subscribe: Sip, cseq: number, state: string): Sip =>
  phone.request("NOTIFY", {
    callId: subscribe.header("Call-ID"),
    fromTag: `${phone.name}tag`,
    toTag: subscribe.tag("From"),
    cseq,
    headers: ["Event: presence", `Subscription-State: ${state}`],
  });

async function subscribed(app: FrameClient, phone: Peer): Promise<Sip> {
  await app.request(`SUBSCRIBE sip:bob@${phone.address}`, { headers: ["Event: presence", "Expires: 60"] });
  const subscribe = await phone.next("SUBSCRIBE");
  phone.respond(subscribe, "202 Accepted", { headers: ["Expires: 60"] });
  expect((await app.next("202 SUBSCRIBE")).tokens[9]).toBe(subscribe.dialogId);
  return subscribe;
}

describe("subscriptions of the app", () => {
  it("C15 E15 NOTIFYs arrive in the dialog; one that says terminated ends it, once the app has answered it", async () => {
    const [app, phone] = [await world.app(), await world.peer()];
    const subscribe = await subscribed(app, phone);
    for (const [cseq, state] of ["active", "terminated;reason=timeout"].entries()) {
      const { tokens } = await nextOf(app, notify(phone, subscribe, cseq + 1, state));
      expect(tokens[9]).toBe(subscribe.dialogId);
      const echo = await app.respond(tokens[8]!, "200 OK");
      expect(verdict(echo)).toBe("OK");
      expect((await phone.next("200 NOTIFY")).cseq).toBe(cseq + 1);
    }
    expect(verdict(await app.inDialog(subscribe.dialogId, "SUBSCRIBE"))).toMatch(GONE);
  });

  it("C15 E15 a NOTIFY that overtakes the 202 makes the dialog", async () => {
    const [app, phone] = [await world.app(), await world.peer()];
    await app.request(`SUBSCRIBE sip:bob@${phone.address}`, { headers: ["Event: presence"] });
    const subscribe = await phone.next("SUBSCRIBE");
    const { tokens } = await nextOf(app, notify(phone, subscribe, 1, "active"));
    expect(tokens[9]).toBe(subscribe.dialogId);
    await app.respond(tokens[8]!, "200 OK");
    await phone.next("200 NOTIFY");
    phone.respond(subscribe, "202 Accepted");
    expect((await app.next("202 SUBSCRIBE")).tokens[9]).toBe(subscribe.dialogId);
    await app.inDialog(subscribe.dialogId, "SUBSCRIBE", { headers: ["Event: presence", "Expires: 0"] });
    const again = await phone.next("SUBSCRIBE");
    expect([again.tag("To"), again.cseq]).toEqual([`${phone.name}tag`, subscribe.cseq + 1]);
    expect(again.uriOf("Contact")).toBe(`sip:${world.udp}`);
    phone.respond(again, "200 OK");
    await app.next("200 SUBSCRIBE");
    const last = await nextOf(app, notify(phone, subscribe, 2, "terminated"));
    await app.respond(last.tokens[8]!, "200 OK");
    await phone.next("200 NOTIFY");
  });

  it("C15 a refused subscription makes no dialog", async () => {
    const [app, phone] = [await world.app(), await world.peer()];
    await app.request(`SUBSCRIBE sip:bob@${phone.address}`, { headers: ["Event: presence"] });
    const subscribe = await phone.next("SUBSCRIBE");
    phone.respond(subscribe, "489 Bad Event");
    expect((await app.next("489 SUBSCRIBE")).tokens[9]).toBe(subscribe.dialogId);
    expect(verdict(await app.inDialog(subscribe.dialogId, "SUBSCRIBE"))).toMatch(GONE);
  });
});

describe("subscriptions of a phone", () => {
  it("C15 the echo of 202 has To tag, Contact and dialog id; the app's NOTIFYs follow, terminated ends the dialog", async () => {
    const [app, phone] = [await world.app("subscribe"), await world.peer()];
    const subscribe = phone.request("SUBSCRIBE", { headers: ["Event: presence", "Expires: 60"] });
    const { tokens } = await nextOf(app, subscribe);
    expect(tokens.slice(9, 11)).toEqual(["", "127.0.0.1"]);
    const echo = await app.respond(tokens[8]!, "202 Accepted", { headers: ["Expires: 60"] });
    expect(echo.tokens[11]).toBe(subscribe.dialogId);
    const accepted = await phone.next("202 SUBSCRIBE");
    expect([accepted.tag("To") !== "", accepted.uriOf("Contact")]).toEqual([true, `sip:${world.udp}`]);
    for (const state of ["active", "terminated"]) {
      const sent = await app.inDialog(subscribe.dialogId, "NOTIFY", {
        headers: ["Event: presence", `Subscription-State: ${state}`],
      });
      const request = await phone.next("NOTIFY");
      expect([request.tag("From"), request.tag("To")]).toEqual([accepted.tag("To"), subscribe.tag("From")]);
      expect(request.uri).toBe(subscribe.uriOf("Contact"));
      phone.respond(request, "200 OK");
      expect((await app.next("200 NOTIFY")).tokens.slice(8, 10)).toEqual([sent.tokens[10], subscribe.dialogId]);
    }
    expect(verdict(await app.inDialog(subscribe.dialogId, "NOTIFY"))).toMatch(GONE);
  });

  it("C15 a refresh comes with the dialog id, and its answer gets a Contact", async () => {
    const [app, phone] = [await world.app("subscribe"), await world.peer()];
    const subscribe = phone.request("SUBSCRIBE", { headers: ["Event: presence"] });
    await app.respond((await nextOf(app, subscribe)).tokens[8]!, "200 OK");
    const accepted = await phone.next("200 SUBSCRIBE");
    const dialog = { callId: subscribe.header("Call-ID"), fromTag: subscribe.tag("From"), toTag: accepted.tag("To") };
    const refresh = phone.request("SUBSCRIBE", { ...dialog, cseq: 2, headers: ["Event: presence", "Expires: 0"] });
    const { tokens } = await nextOf(app, refresh);
    expect(tokens[9]).toBe(subscribe.dialogId);
    await app.respond(tokens[8]!, "200 OK");
    expect((await phone.next("200 SUBSCRIBE")).all("Contact")).toHaveLength(1);
    await app.inDialog(subscribe.dialogId, "NOTIFY", {
      headers: ["Event: presence", "Subscription-State: terminated"],
    });
    phone.respond(await phone.next("NOTIFY"), "200 OK");
    await app.next("200 NOTIFY");
  });
});

describe("REFER", () => {
  it("C16 in a call, both ways: Refer-To with Replaces untouched, Contact added, NOTIFYs do not end the call", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const call = await calledBy(phone, app);
    const referTo = "Refer-To: <sip:c@127.0.0.1?Replaces=a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2>";
    const request = fromPeer(call, "REFER", 2, { headers: [referTo] });
    const { tokens, sip } = await nextOf(app, request);
    expect([tokens[9], `Refer-To: ${sip.header("Refer-To")}`]).toEqual([call.dialogId, referTo]);
    await app.respond(tokens[8]!, "202 Accepted");
    await phone.next("202 REFER");
    for (const state of ["active;expires=60", "terminated;reason=noresource"]) {
      const headers = ["Event: refer", `Subscription-State: ${state}`, "Content-Type: message/sipfrag"];
      await app.inDialog(call.dialogId, "NOTIFY", { headers, body: "SIP/2.0 200 OK\r\n" });
      const report = await phone.next("NOTIFY");
      expect([report.body, report.header("Content-Type")]).toEqual(["SIP/2.0 200 OK\r\n", "message/sipfrag"]);
      phone.respond(report, "200 OK");
      await app.next("200 NOTIFY");
    }
    await app.inDialog(call.dialogId, "REFER", { headers: [referTo] });
    const ours = await phone.next("REFER");
    expect([`Refer-To: ${ours.header("Refer-To")}`, ours.all("Contact").length]).toEqual([referTo, 1]);
    phone.respond(ours, "202 Accepted");
    expect((await app.next("202 REFER")).tokens[9]).toBe(call.dialogId);
    for (const [n, state] of ["active", "terminated"].entries()) {
      const headers = ["Event: refer", `Subscription-State: ${state}`];
      await app.respond((await nextOf(app, fromPeer(call, "NOTIFY", 3 + n, { headers }))).tokens[8]!, "200 OK");
      await phone.next("200 NOTIFY");
    }
    await hangUp(call, 9);
  });

  it("C16 out of dialog goes to an app that asked for it, else 405 with Allow; other unknown methods 501", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const headers = ["Refer-To: <sip:c@127.0.0.1>"];
    phone.request("REFER", { headers });
    expect((await phone.next("405 REFER")).header("Allow")).toContain("INVITE");
    phone.request("DANCE");
    expect((await phone.next("501 DANCE")).header("Allow")).toContain("INVITE");
    await app.route("refer");
    const { tokens } = await nextOf(app, phone.request("REFER", { headers }));
    expect(tokens[9]).toBe("");
    await app.respond(tokens[8]!, "202 Accepted");
    await phone.next("202 REFER");
  });

  it("C16 Replaces in an INVITE passes through to the app and from the app", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const replaces = "Replaces: a@b;to-tag=1;from-tag=2;early-only";
    const inward = await calledBy(phone, app, { headers: [replaces] });
    const frame = app.inbox.all.find(({ item }) => item.sip.method === "INVITE");
    expect(`Replaces: ${frame?.item.sip.header("Replaces")}`).toBe(replaces);
    const outward = await calling(app, await world.peer(), {
      headers: [replaces, ...WITH_SDP.headers!],
      body: WITH_SDP.body!,
    });
    expect(`Replaces: ${outward.invite.header("Replaces")}`).toBe(replaces);
    await hangUp(inward);
    await hangUp(outward);
  });
});
