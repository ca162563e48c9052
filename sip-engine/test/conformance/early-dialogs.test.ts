import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { until } from "../support/engine.js";
import { verdict, WITH_SDP } from "../support/frame-client.js";
import type { FrameClient } from "../support/frame-client.js";
import "../support/gaps.js";
import type { Peer } from "../support/peer.js";
import type { Sip } from "../support/sip.js";
import { nextOf, World } from "../support/world.js";

const T1 = 25;
const WILLING = { headers: ["Supported: 100rel", ...WITH_SDP.headers!], body: WITH_SDP.body! };
const RELIABLY = { headers: ["Require: 100rel", ...WITH_SDP.headers!], body: WITH_SDP.body! };
let world: World;

beforeAll(async () => {
  world = await World.start("--t1", String(T1), "--t2", "200");
});
afterEach(() => world.clear());
afterAll(() => world.stop());

/** The identity a request in the dialog of this INVITE and this answer has. */
const within = (invite: Sip, answer: Sip): { callId: string; fromTag: string; toTag: string } => ({
  callId: invite.header("Call-ID"),
  fromTag: invite.tag("From"),
  toTag: answer.tag("To"),
});

async function hangUp(app: FrameClient, phone: Peer, invite: Sip, answer: Sip): Promise<void> {
  phone.request("BYE", { ...within(invite, answer), cseq: 900 });
  await app.respond((await app.next("BYE")).tokens[8]!, "200 OK");
  await phone.next("200 BYE");
}

/** The peer's PRACK, which the app answers. */
async function prack(app: FrameClient, phone: Peer, invite: Sip, answer: Sip, cseq: number): Promise<void> {
  const headers = [`RAck: ${answer.header("RSeq")} ${invite.cseq} INVITE`];
  const request = phone.request("PRACK", { ...within(invite, answer), cseq, headers });
  const { tokens } = await nextOf(app, request);
  expect(tokens[9]).toBe(invite.dialogId);
  await app.respond(tokens[8]!, "200 OK");
  await phone.next("200 PRACK");
}

describe("reliable provisional responses to a caller", () => {
  it("C14 has RSeq and Contact, is repeated at T1, 2·T1 … until its PRACK, which the app gets with a fresh id", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const invite = phone.request("INVITE", WILLING);
    const { tokens } = await nextOf(app, invite);
    const echo = await app.respond(tokens[8]!, "183 Session Progress", RELIABLY);
    const progress = await phone.next("183 INVITE");
    expect(echo.sip.text).toBe(progress.text);
    expect(Number(progress.header("RSeq"))).toBeGreaterThanOrEqual(1);
    expect(progress.header("Require")).toBe("100rel");
    expect(progress.uriOf("Contact")).toBe(`sip:${world.udp}`);
    await until(() => phone.times("183 INVITE").length >= 5, "the 183 is not repeated");
    expect(phone.times("183 INVITE")).toComeAfter([T1, 2 * T1, 4 * T1, 8 * T1]);
    const headers = [`RAck: ${progress.header("RSeq")} 1 INVITE`];
    const request = phone.request("PRACK", { ...within(invite, progress), cseq: 2, headers });
    const frame = await nextOf(app, request);
    expect(frame.tokens[9]).toBe(invite.dialogId);
    expect(frame.tokens[8]).not.toBe(tokens[8]);
    await app.respond(frame.tokens[8]!, "200 OK");
    await phone.next("200 PRACK");
    const sent = phone.times("183 INVITE").length;
    await app.respond(tokens[8]!, "200 OK", WITH_SDP);
    const answer = await phone.next("200 INVITE");
    phone.request("ACK", within(invite, answer));
    await hangUp(app, phone, invite, answer);
    await world.engine.idle();
    expect(phone.times("183 INVITE").length).toBeLessThanOrEqual(sent + 1);
  });

  it("C14 counts RSeq up and sends the second after the first is acknowledged; a PRACK for nothing gets 481", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const invite = phone.request("INVITE", WILLING);
    const { tokens } = await nextOf(app, invite);
    await app.respond(tokens[8]!, "183 Session Progress", RELIABLY);
    await app.respond(tokens[8]!, "180 Ringing", { headers: ["Require: 100rel"] });
    const first = await phone.next("183 INVITE");
    phone.request("PRACK", { ...within(invite, first), cseq: 2, headers: ["RAck: 1234567890 1 INVITE"] });
    await phone.next("481 PRACK");
    expect(phone.inbox.log).not.toContain("180 INVITE");
    await prack(app, phone, invite, first, 3);
    const second = await phone.next("180 INVITE");
    expect(Number(second.header("RSeq"))).toBe(Number(first.header("RSeq")) + 1);
    expect(second.startLine).toBe("SIP/2.0 180 Ringing");
    await prack(app, phone, invite, second, 4);
    await app.respond(tokens[8]!, "486 Busy Here");
    phone.ackRefusal(invite, await phone.next("486 INVITE"));
  });

  it("C14 E16 holds a 200 back behind an unacknowledged 183 with a body", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const invite = phone.request("INVITE", WILLING);
    const { tokens } = await nextOf(app, invite);
    await app.respond(tokens[8]!, "183 Session Progress", RELIABLY);
    const echo = await app.respond(tokens[8]!, "200 OK", WITH_SDP);
    expect(verdict(echo)).toBe("OK");
    const progress = await phone.next("183 INVITE");
    await until(() => phone.times("183 INVITE").length >= 3, "the 183 is not repeated");
    expect(phone.inbox.log).not.toContain("200 INVITE");
    await prack(app, phone, invite, progress, 2);
    const answer = await phone.next("200 INVITE");
    phone.request("ACK", within(invite, answer));
    await app.next("ACK");
    await hangUp(app, phone, invite, answer);
  });

  it("C14 says NOK when the caller does not know 100rel, and sends nothing; sends all reliably when it requires it", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const plain = phone.request("INVITE");
    const first = await nextOf(app, plain);
    expect(verdict(await app.respond(first.tokens[8]!, "183 Session Progress", RELIABLY))).toBe(
      "NOK|Remote endpoint does not support 100rel",
    );
    await app.respond(first.tokens[8]!, "486 Busy Here");
    phone.ackRefusal(plain, await phone.next("486 INVITE"));
    expect(phone.inbox.log).not.toContain("183 INVITE");
    const demanding = phone.request("INVITE", { headers: ["Require: 100rel"] });
    const second = await nextOf(app, demanding);
    await app.respond(second.tokens[8]!, "180 Ringing");
    const ringing = await phone.next("180 INVITE");
    expect([ringing.header("Require"), ringing.header("RSeq")]).toEqual(["100rel", expect.stringMatching(/^\d+$/)]);
    await prack(app, phone, demanding, ringing, 2);
    await app.respond(second.tokens[8]!, "603 Decline");
    phone.ackRefusal(demanding, await phone.next("603 INVITE"));
  });

  it("C14 refuses the call with 503 when no PRACK comes in 64·T1", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const invite = phone.request("INVITE", WILLING);
    const { tokens } = await nextOf(app, invite);
    await app.respond(tokens[8]!, "180 Ringing", { headers: ["Require: 100rel"] });
    const refusal = await phone.inbox.next(({ status }) => status >= 500, "5xx");
    expect(refusal.what).toBe("503 INVITE");
    phone.ackRefusal(invite, refusal);
    expect(verdict(await app.respond(tokens[8]!, "200 OK", WITH_SDP))).toMatch(/^NOK\|/);
  });
});

describe("reliable provisional responses of a callee", () => {
  it("C14 the app gets each once and in order, and sends PRACK through the dialog at once", async () => {
    const [app, phone] = [await world.app(), await world.peer()];
    const echo = await app.request(`INVITE sip:bob@${phone.address}`, WILLING);
    const invite = await phone.next("INVITE");
    const reliable = (line: string, rseq: number): Sip =>
      phone.respond(invite, line, { headers: ["Require: 100rel", `RSeq: ${rseq}`] });
    const [first] = [reliable("183 Session Progress", 7), reliable("182 Queued", 9)];
    phone.transmit(first.text);
    reliable("180 Ringing", 8);
    await phone.fence();
    await app.fence();
    const frames = app.inbox.all.map(({ item }) => item).filter(({ tokens }) => tokens[1] === "sip");
    expect(frames.map(({ sip }) => sip.what)).toEqual(["183 INVITE", "180 INVITE"]);
    for (const { tokens } of frames) expect(tokens.slice(8, 10)).toEqual([echo.tokens[10], invite.dialogId]);
    const headers = [`RAck: 7 ${invite.cseq} INVITE`];
    const sent = await app.inDialog(invite.dialogId, "PRACK", { headers });
    const request = await phone.next("PRACK");
    expect([request.uri, request.header("RAck")]).toEqual([first.uriOf("Contact"), `7 ${invite.cseq} INVITE`]);
    expect([request.tag("To"), request.cseq]).toEqual([first.tag("To"), invite.cseq + 1]);
    phone.respond(request, "200 OK");
    expect((await app.next("200 PRACK")).tokens.slice(8, 10)).toEqual([sent.tokens[10], invite.dialogId]);
    phone.respond(invite, "486 Busy Here");
    await app.next("486 INVITE");
  });
});

describe("UPDATE before the call is answered", () => {
  it("C14 E8 of the caller: a transaction id of its own and the dialog id; two may be under way", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const invite = phone.request("INVITE", WILLING);
    const { tokens } = await nextOf(app, invite);
    await app.respond(tokens[8]!, "183 Session Progress", RELIABLY);
    const progress = await phone.next("183 INVITE");
    await prack(app, phone, invite, progress, 2);
    const updates = [3, 4].map((cseq) => phone.request("UPDATE", { ...within(invite, progress), cseq, ...WITH_SDP }));
    for (const update of updates) {
      const frame = await nextOf(app, update);
      expect(frame.tokens[9]).toBe(invite.dialogId);
      await app.respond(frame.tokens[8]!, "200 OK", WITH_SDP);
      const answer = await phone.inbox.next(({ branch, status }) => branch === update.branch && status === 200, "200");
      expect(answer.cseq).toBe(update.cseq);
    }
    await app.respond(tokens[8]!, "200 OK", WITH_SDP);
    const answer = await phone.next("200 INVITE");
    phone.request("ACK", within(invite, answer));
    await hangUp(app, phone, invite, answer);
  });

  it("C14 E8 of the caller: when the call ends first, the UPDATE is answered, and the app's answer to it is NOK", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const invite = phone.request("INVITE", WILLING);
    const { tokens } = await nextOf(app, invite);
    await app.respond(tokens[8]!, "183 Session Progress", RELIABLY);
    const progress = await phone.next("183 INVITE");
    await prack(app, phone, invite, progress, 2);
    const update = phone.request("UPDATE", { ...within(invite, progress), cseq: 3, ...WITH_SDP });
    const frame = await nextOf(app, update);
    await app.respond(tokens[8]!, "486 Busy Here");
    phone.ackRefusal(invite, await phone.next("486 INVITE"));
    await phone.fence();
    // Not when the app has been silent for 64·T1, but now.
    expect(phone.inbox.log).toContain("500 UPDATE");
    expect(update.cseq).toBe(3);
    expect(verdict(await app.respond(frame.tokens[8]!, "200 OK", WITH_SDP))).toMatch(/^NOK\|/);
  });

  it("C14 E8 of the app: in the early dialog its 180 made, and in the one a callee's 183 made", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const invite = phone.request("INVITE", WILLING);
    const { tokens } = await nextOf(app, invite);
    await app.respond(tokens[8]!, "183 Session Progress", RELIABLY);
    await prack(app, phone, invite, await phone.next("183 INVITE"), 2);
    expect(verdict(await app.inDialog(invite.dialogId, "UPDATE", WITH_SDP))).toBe("OK");
    const inward = await phone.next("UPDATE");
    phone.respond(inward, "200 OK", WITH_SDP);
    await app.next("200 UPDATE");
    await app.respond(tokens[8]!, "486 Busy Here");
    phone.ackRefusal(invite, await phone.next("486 INVITE"));
    await app.request(`INVITE sip:bob@${phone.address}`, WILLING);
    const outward = await phone.next("INVITE");
    phone.respond(outward, "183 Session Progress", { headers: ["Require: 100rel", "RSeq: 1"] });
    await app.next("183 INVITE");
    expect(verdict(await app.inDialog(outward.dialogId, "UPDATE", WITH_SDP))).toBe("OK");
    phone.respond(
      await phone.inbox.next(({ what, dialogId }) => what === "UPDATE" && dialogId === outward.dialogId, "UPDATE"),
      "200 OK",
    );
    await app.next("200 UPDATE");
    phone.respond(outward, "486 Busy Here");
    await app.next("486 INVITE");
  });
});

describe("an offer that comes late", () => {
  it("C14 E21 from the app's 200: the answer is in the caller's ACK, which the app gets with its body", async () => {
    const [app, phone] = [await world.app("invite"), await world.peer()];
    const invite = phone.request("INVITE");
    const { tokens, sip } = await nextOf(app, invite);
    expect([sip.body, sip.all("Content-Type")]).toEqual(["", []]);
    await app.respond(tokens[8]!, "200 OK", WITH_SDP);
    const answer = await phone.next("200 INVITE");
    phone.request("ACK", { ...within(invite, answer), ...WITH_SDP });
    const ack = await app.next("ACK");
    expect([ack.sip.body, ack.sip.header("Content-Type")]).toEqual([WITH_SDP.body, "application/sdp"]);
    await hangUp(app, phone, invite, answer);
  });
});
